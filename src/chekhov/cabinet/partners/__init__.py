"""Partners: the customer lets them in («Партнеры»), and they have a cabinet of their own."""
