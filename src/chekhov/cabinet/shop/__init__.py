"""«Прайс-лист»: what the operator sells."""
