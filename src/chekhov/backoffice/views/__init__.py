"""Pages of the staff, a module for each noun."""
