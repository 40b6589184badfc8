"""The case page: the curves, and everything that belongs around them."""
