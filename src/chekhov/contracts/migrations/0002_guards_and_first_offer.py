from pathlib import Path

from django.db import migrations

from chekhov import clock
from chekhov.db.appendonly import AppendOnly

TITLE = "Договор-оферта на обработку фискальных данных"
TEXT = Path(__file__).parent.parent / "templates" / "contracts" / "offer_first.txt"


def publish(apps, schema_editor):
    """The first version of the offer, in our own words; the operator publishes his over it."""
    offers = apps.get_model("contracts", "OfferVersion").objects.using(schema_editor.connection.alias)
    if not offers.exists():
        offers.create(
            number=1, title=TITLE, text=TEXT.read_text(encoding="utf-8"), published_at=clock.now()
        )


class Migration(migrations.Migration):

    dependencies = [("contracts", "0001_initial")]

    operations = [
        migrations.RunPython(publish, migrations.RunPython.noop),
        AppendOnly("contracts_offerversion"),
        AppendOnly("contracts_acceptance"),
        AppendOnly("contracts_applicationstep"),
    ]
