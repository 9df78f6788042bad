from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fiscal", "0002_journal_guard")]

    operations = [
        migrations.AddIndex(
            model_name="fiscaldocument",
            index=models.Index(
                condition=models.Q(("code", 3), _negated=True),
                fields=["code", "xid"],
                name="fiscal_document_kind",
            ),
        ),
    ]
