"""Session ratings the family brought: their curve for everybody, and the practitioner's form for bringing them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import FAMILY_ROLES
from fitsvc.services.case_facts import CaseTrajectories, SeriesFacts
from fitsvc.web.curves import curve_of, voices
from fitsvc.web.meeting_room.drawings import Figure, draw
from fitsvc.web.meeting_room.point_cards import PointCard, PointRow, cards_of, rows_of
from fitsvc.web.meeting_room.rated_series import totals_of


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought, drawn. `raters` say whose it is."""

    raters: tuple[str, ...]
    figures: tuple[Figure, ...]
    cards: tuple[PointCard, ...]
    rows: tuple[PointRow, ...]


@dataclass(frozen=True, slots=True)
class Bringing:
    """One of the family in the practitioner's form."""

    respondent_id: UUID
    rater: str
    is_brought: bool


def brought_part(
    seen: CaseTrajectories,
    series: Sequence[SeriesFacts],
    respondents: Collection[UUID],
    *,
    catalogue: Catalogue,
    language: str,
) -> Brought | None:
    """None when nothing was brought to this meeting; without figures when nothing has been rated yet."""
    if not respondents:
        return None
    named = voices(seen.respondents)
    ranges: dict[tuple[float, float], list[SeriesFacts]] = {}
    for one in series:
        measure = one.trajectory.measure
        if one.trajectory.points:
            ranges.setdefault((measure.minimum, measure.maximum), []).append(one)
    drawn = []
    for place, found in enumerate(ranges.values()):
        key = f"brought-{place}"
        rated = totals_of(key, found)
        model = curve_of(seen, found, key=key, title=_("Working together"), with_marks=False)
        drawn.append((draw(model, rated, is_large=False), rated))
    lines = [one for _figure, rated in drawn for one in rated]
    return Brought(
        raters=tuple(named[one.id].name for one in seen.respondents if one.id in respondents),
        figures=tuple(figure for figure, _rated in drawn),
        cards=cards_of(lines, named, catalogue, language),
        rows=rows_of([(one, "") for one in lines], named),
    )


def bringing_rows(seen: CaseTrajectories, respondents: Collection[UUID]) -> tuple[Bringing, ...]:
    """Everybody of the family, whether they have rated a session or not: the form itself gives nothing away."""
    named = voices(seen.respondents)
    return tuple(
        Bringing(one.id, named[one.id].name, one.id in respondents)
        for one in seen.respondents
        if one.rater_role in FAMILY_ROLES and (one.is_active or one.id in respondents)
    )
