"""«Поиск»: one box for registers, receipts, companies and contracts."""
