"""The types of measure, the paragraphs they usually rest on, and where they stand on the ladder of measures.

Paragraphs are suggestions for a form, never a legal judgement: the caseworker writes the case's own basis.
"""

from enum import IntEnum, StrEnum


class MeasureType(StrEnum):
    """What kind of measure (foranstaltningstype) an episode is; the order is the order of every list."""

    EARLY_HELP_S30 = "early_help_s30"
    PREVENTIVE = "preventive"
    INTENSIVE_PREVENTIVE = "intensive_preventive"
    YOUTH_SUPPORT = "youth_support"
    PLACEMENT_OWN_ROOM = "placement_own_room"
    PLACEMENT_NETWORK = "placement_network"
    PLACEMENT_FOSTER_FAMILY = "placement_foster_family"
    PLACEMENT_INSTITUTION = "placement_institution"


PLACEMENTS = frozenset(kind for kind in MeasureType if kind.value.startswith("placement_"))


class LadderStep(IntEnum):
    """The ladder of measures (indsatstrappen): the higher, the further from ordinary everyday life.

    Source: the evaluation of the partnership of Haderslev, Herning, Hvidovre and Socialstyrelsen, figure 4
    and its key figures, where a room of one's own counts as home-based.
    """

    UNIVERSAL_SERVICES = 1
    EARLY_HELP = 2
    HOME_BASED = 3
    NETWORK_CARE = 4
    FOSTER_CARE = 5
    INSTITUTION = 6


USUAL_STEP: dict[MeasureType, LadderStep] = {
    MeasureType.EARLY_HELP_S30: LadderStep.EARLY_HELP,
    MeasureType.PREVENTIVE: LadderStep.HOME_BASED,
    MeasureType.INTENSIVE_PREVENTIVE: LadderStep.HOME_BASED,
    MeasureType.YOUTH_SUPPORT: LadderStep.HOME_BASED,
    MeasureType.PLACEMENT_OWN_ROOM: LadderStep.HOME_BASED,
    MeasureType.PLACEMENT_NETWORK: LadderStep.NETWORK_CARE,
    MeasureType.PLACEMENT_FOSTER_FAMILY: LadderStep.FOSTER_CARE,
    MeasureType.PLACEMENT_INSTITUTION: LadderStep.INSTITUTION,
}
"""The step to suggest. That youth support is home-based is our own reading; the form lets it be changed."""

LEGAL_BASES: dict[MeasureType, tuple[str, ...]] = {
    MeasureType.EARLY_HELP_S30: ("barnets lov § 30",),
    MeasureType.PREVENTIVE: ("barnets lov § 32",),
    MeasureType.INTENSIVE_PREVENTIVE: ("barnets lov § 32",),
    MeasureType.YOUTH_SUPPORT: (
        "barnets lov § 114",
        "barnets lov § 115",
        "barnets lov § 116",
        "barnets lov § 120",
    ),
}
"""Paragraphs, the same in every language. A placement's own paragraph is written by the caseworker."""

OLD_TO_NEW: dict[str, str] = {
    "serviceloven § 11, stk. 3": "barnets lov § 30",
    "serviceloven § 50": "barnets lov §§ 20–22",
    "serviceloven § 52": "barnets lov § 32",
    "serviceloven § 70": "barnets lov § 95",
    "serviceloven § 140": "barnets lov §§ 91–92 (barnets plan), §§ 108–109 (ungeplan)",
}
"""Where the rules of serviceloven stand since barnets lov came into force in 2024."""
