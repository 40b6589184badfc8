"""The rules: pure functions over plain facts, standard library only."""
