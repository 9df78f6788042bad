"""«Баланс»: what is paid for and what is served."""
