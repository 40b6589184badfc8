"""The next-step aid: what a practitioner may think about when a signal asks for a next step. Our own four heads."""

from enum import StrEnum


class Thought(StrEnum):
    """Where the next step may lie, in the order the aid asks."""

    GOALS = "goals"
    METHOD = "method"
    RELATION = "relation"
    LIFE = "life"  # life outside the measure
