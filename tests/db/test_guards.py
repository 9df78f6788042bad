import subprocess
import sys

import pytest
from django.db import transaction

from chekhov.db.errors import InsideTransaction
from chekhov.db.guards import outside_transaction


@pytest.mark.django_db
def test_counts_from_the_tests_own_transaction():
    outside_transaction()
    with transaction.atomic(), pytest.raises(InsideTransaction):
        outside_transaction()
    outside_transaction()


@pytest.mark.django_db(transaction=True)
def test_counts_from_nothing_where_the_test_commits():
    outside_transaction()
    with transaction.atomic(), pytest.raises(InsideTransaction):
        outside_transaction()


def test_does_not_load_django():
    program = (
        "import sys; from chekhov.db.guards import outside_transaction; outside_transaction();"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_unconfigured_django_is_never_inside():
    program = (
        "import os; os.environ.pop('DJANGO_SETTINGS_MODULE', None); import django.db;"
        "from chekhov.db.guards import outside_transaction; outside_transaction()"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
