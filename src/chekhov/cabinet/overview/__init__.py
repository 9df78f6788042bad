"""«Обзор»: what the registers took in over a period, as figures, charts, tables and files."""
