"""«Отчёты»: what can be taken out of the cabinet."""
