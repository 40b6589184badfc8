"""How to read the curve: the method in plain words, linked from every graph."""
