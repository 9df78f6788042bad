from backoffice.conftest import register  # noqa: F401  # a fixture
