"""«Что остановится и когда»: the list, and the daily letter of it."""
