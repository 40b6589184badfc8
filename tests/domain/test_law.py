"""Types of measure, paragraphs and the ladder of measures."""

from fitsvc.domain.law import LEGAL_BASES, OLD_TO_NEW, PLACEMENTS, USUAL_STEP, LadderStep, MeasureType


def test_every_type_of_measure_stands_on_a_step() -> None:
    assert set(USUAL_STEP) == set(MeasureType)


def test_a_room_of_ones_own_is_nearer_to_everyday_life_than_other_placements() -> None:
    own_room = USUAL_STEP[MeasureType.PLACEMENT_OWN_ROOM]
    assert own_room is LadderStep.HOME_BASED
    assert all(USUAL_STEP[kind] > own_room for kind in PLACEMENTS - {MeasureType.PLACEMENT_OWN_ROOM})


def test_early_help_rests_on_section_30_and_prevention_on_32() -> None:
    assert LEGAL_BASES[MeasureType.EARLY_HELP_S30] == ("barnets lov § 30",)
    assert LEGAL_BASES[MeasureType.PREVENTIVE] == ("barnets lov § 32",)


def test_what_was_section_11_3_and_52_is_30_and_32_now() -> None:
    """Where the old law stands in the new."""
    assert OLD_TO_NEW["serviceloven § 11, stk. 3"] == LEGAL_BASES[MeasureType.EARLY_HELP_S30][0]
    assert OLD_TO_NEW["serviceloven § 52"] == LEGAL_BASES[MeasureType.PREVENTIVE][0]
