"""What may be told of an act is declared, and is never anybody's name or words."""

import pytest

from fitsvc.domain.audit import FIELDS, Act, UndeclaredDetails, check_details


def test_every_act_declares_its_details() -> None:
    assert set(Act) == FIELDS.keys()


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({}, "missing ['goal', 'reached']"),
        ({"goal": "g-1"}, "missing ['reached']"),
        ({"goal": "g-1", "reached": True, "text": "x"}, "undeclared ['text']"),
        ({"goal": "Vera", "reached": True}, "['goal'] are no ids"),
        ({"goal": "more time with friends", "reached": True}, "['goal'] are no ids"),
        ({"goal": ["g-1", "Vera R."], "reached": True}, "['goal'] are no ids"),
        ({"goal": {"of": "g-1"}, "reached": True}, "['goal'] are no ids"),
    ],
)
def test_other_details_are_refused_without_repeating_them(details: dict[str, object], told: str) -> None:
    with pytest.raises(UndeclaredDetails) as refused:
        check_details(Act.GOAL_CLOSED, details)
    assert told in str(refused.value)
    assert "Vera" not in str(refused.value)
    assert "friends" not in str(refused.value)


@pytest.mark.parametrize("goal", ["7f0c-1", 3, None, ["a", "b"], "2026-03-16", "wellbeing-youth.1.0"])
def test_ids_codes_counts_and_days_are_taken(goal: object) -> None:
    check_details(Act.GOAL_CLOSED, {"goal": goal, "reached": False})
