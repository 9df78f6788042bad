from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.ffd.checks import DocumentFact, Gap, fact_of, gaps, shifts_check
from ffd.checks import samples as s

START = s.local(2024, 9, 17, 9, 0)


@pytest.mark.parametrize(
    ("numbers", "first", "expected"),
    [
        ([], 1, []),
        ([1, 2, 3], 1, []),
        ([3, 1], 1, [Gap(2, 2)]),
        ([4, 9], 1, [Gap(1, 3), Gap(5, 8)]),
        ([4, 9, 9, 4], 4, [Gap(5, 8)]),
        ([2], 5, []),
    ],
)
def test_gaps(numbers: list[int], first: int, expected: list[Gap]):
    assert gaps(numbers, first=first) == expected


@given(st.sets(st.integers(1, 60)))
@settings(max_examples=100)
def test_gaps_and_numbers_cover_everything_once(numbers: set[int]):
    missing = [number for gap in gaps(numbers) for number in range(gap.first, gap.last + 1)]
    assert sorted([*numbers, *missing]) == list(range(1, max(numbers, default=0) + 1))
    assert sum(gap.missing for gap in gaps(numbers)) == len(missing)


def life(shifts: list[list[int]]) -> list[DocumentFact]:
    """A drive's life: registration, shifts of receipts with these sums, each closed."""
    facts = [DocumentFact(1, 1, START)]
    moment = START
    for shift, sums in enumerate(shifts, start=1):
        moment += timedelta(hours=1)
        facts.append(DocumentFact(len(facts) + 1, 2, moment, shift))
        for count, total in enumerate(sums, start=1):
            moment += timedelta(minutes=1)
            code, operation = (31, 1) if total % 7 == 0 else (3, 1 + total % 4)
            facts.append(DocumentFact(len(facts) + 1, code, moment, shift, count, operation, total))
        totals: dict[int, int] = {}
        for fact in facts[-len(sums) :] if sums else []:
            if fact.code == 3:
                totals[fact.operation or 0] = totals.get(fact.operation or 0, 0) + fact.total_kopecks
        facts.append(
            DocumentFact(
                len(facts) + 1,
                5,
                moment,
                shift,
                receipts_stated=len(sums),
                documents_stated=len(sums) + 2,
                totals_stated=tuple((operation, totals.get(operation, 0)) for operation in (1, 2, 3, 4)),
            )
        )
    return facts


LIVES = st.lists(st.lists(st.integers(1, 1000), max_size=6), max_size=4).map(life)


@given(LIVES, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_a_right_life_in_any_order_has_no_findings(facts: list[DocumentFact], random):
    shuffled = [*facts, *facts[:3]]
    random.shuffle(shuffled)
    assert shifts_check(shuffled) == []


@given(LIVES, st.data())
@settings(max_examples=100)
def test_missing_documents_make_gaps_and_no_other_blame(facts: list[DocumentFact], draw: st.DataObject):
    """What is on its way may explain everything else, so nothing else is said."""
    kept = [fact for fact in facts if draw.draw(st.booleans())]
    assert {finding.code for finding in shifts_check(kept)} <= {"fd_gap"}


def test_life_seen_from_its_middle_is_not_blamed():
    facts = life([[10, 11], [12]])
    for start in range(len(facts)):
        assert shifts_check(facts[start:]) == []


def test_receipts_that_never_came_are_told_by_the_close_report():
    facts = life([[10, 11]])
    close = facts[-1]._replace(receipts_stated=3, documents_stated=5, totals_stated=((1, 1),))
    assert {finding.code for finding in shifts_check([*facts[:-1], close])} == {
        "shift_receipt_count",
        "shift_document_count",
        "shift_totals",
    }


def test_finding_names_the_document():
    facts = life([[10]])
    late = facts[2]._replace(issued_at=START + timedelta(days=3))
    findings = [one for one in shifts_check([*facts[:2], late]) if one.code == "shift_too_long"]
    assert [(one.path, one.tag) for one in findings] == [("document[3]", 1012)]


def test_facts_of_documents():
    receipt = fact_of(s.document(3, s.receipt()))
    assert receipt == DocumentFact(132, 3, s.local(2024, 9, 17, 18, 1), 4, 72, 1, 49476)
    close = fact_of(s.document(5, s.shift_close()))
    assert (close.receipts_stated, close.documents_stated) == (3, 5)
    assert dict(close.totals_stated) == {1: 49476, 2: 0, 3: 0, 4: 0}


def test_facts_of_a_document_with_nothing_in_it():
    assert fact_of(s.document(5, [])) == DocumentFact(0, 5)
