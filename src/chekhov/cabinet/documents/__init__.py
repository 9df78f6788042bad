"""«Документы»: contracts, applications upon them; tabs of invoices and acts."""
