from django.db import migrations

from chekhov.db.appendonly import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_customers")]

    operations = [AppendOnly("accounts_consenttext"), AppendOnly("accounts_consent")]
