import datetime as dt

from chekhov.backoffice.charts import HEIGHT, WIDTH, bars

AT = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)


def test_heights_are_in_proportion_and_inside_the_box() -> None:
    chart = bars([(AT + dt.timedelta(minutes=n), n) for n in range(30)])
    assert chart.most == 29
    assert len(chart.columns) == 30
    for bar in chart.columns:
        assert 0 <= float(bar.x) < WIDTH
        assert float(bar.x) + float(bar.width) <= WIDTH
        assert abs(float(bar.y) + float(bar.height) - HEIGHT) < 0.02
    assert float(chart.columns[29].height) > 1.9 * float(chart.columns[14].height)


def test_nothing_at_all_is_a_flat_line() -> None:
    assert [bar.height for bar in bars([(AT, 0), (AT, 0)]).columns] == ["1.00", "1.00"]
    assert bars([]).columns == []
