"""The readable copy: who the case is about, who takes part, what happened in order, what it was measured with, and who
has read it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from flask_babel import gettext as _

from fitsvc.domain.access_request import Recipient, Row
from fitsvc.domain.instrument import Instrument, ScoringMethod
from fitsvc.domain.meeting_report import RULES_VERSION
from fitsvc.services.access_request import WholeCase
from fitsvc.web.access_request.around import Around, Entry, said
from fitsvc.web.access_request.copy import Copy, Facts, Month, UsedForm
from fitsvc.web.access_request.people import tell_people, tell_team
from fitsvc.web.access_request.story import tell
from fitsvc.web.access_request.tables import asked, changes, readings
from fitsvc.web.templates import day, moment, points


def present(whole: WholeCase, kommune: str) -> Copy:
    around = Around(whole)
    return Copy(
        kommune=kommune,
        made=moment(whole.made_at),
        recipient=_("the child or the young person")
        if whole.choice.recipient is Recipient.CHILD
        else _("a parent, or somebody who acts for the child"),
        case=_case(whole.rows["cases"][0], around),
        team=tell_team(around),
        people=tuple(tell_people(around)),
        months=tuple(_months(tell(around))),
        forms=tuple(_form(key, found) for key, found in whole.instruments.items()),
        asked=asked(around),
        readings=readings(around),
        changes=changes(around),
        files=tuple(one.name for one in whole.papers),
    )


def _case(row: Row, around: Around) -> Facts:
    return Facts(
        _("The case"),
        said(
            (_("Name in the service"), row["display_name"]),
            (_("Reference"), row["reference"]),
            (_("Born"), day(row["birth_month"], "MMMM yyyy")),
            (_("Opened"), row["opened_on"]),
            (_("Closed"), row["closed_on"]),
            (_("Protected since"), row["protected_at"]),
            (_("In the journal since"), row["journal_confirmed_at"]),
            (
                _("Confirmed by"),
                around.who(row["journal_confirmed_by_id"]) if row["journal_confirmed_by_id"] else None,
            ),
        ),
    )


def _months(entries: Sequence[Entry]) -> Iterator[Month]:
    for first, group in groupby(entries, key=lambda one: one.on.replace(day=1)):
        yield Month(day(first, "MMMM yyyy").capitalize(), tuple(group))


def _form(key: tuple[str, str], found: Instrument | None) -> UsedForm:
    if found is None:
        name = f"{key[0]} {key[1]}"
        return UsedForm(
            name,
            _("This form is no longer in the service. The answers are shown as they were stored."),
            (),
            (),
        )
    text = found.text("da")
    counted = (
        _("no score")
        if found.scoring.method is ScoringMethod.NONE
        else _(
            "%(method)s of the answers, from %(low)s to %(high)s, when at least %(number)s are answered",
            method=_("The mean") if found.scoring.method is ScoringMethod.MEAN else _("The sum"),
            low=points(found.scoring.minimum),
            high=points(found.scoring.maximum),
            number=found.scoring.min_answered,
        )
    )
    assumed = found.assumptions
    rules = said(
        (_("Id and version"), f"{found.id} {found.version}"),
        (_("Source"), found.source),
        (_("Licence"), found.licence),
        (_("Score"), counted),
        (_("Rules of curve and signal"), RULES_VERSION if found.is_on_curve else None),
        (_("Assumed spread"), assumed.sd if assumed else None),
        (_("Assumed reliability"), f"{assumed.reliability:.2f}".replace(".", ",") if assumed else None),
        (_("Checksum of the form"), found.checksum),
    )
    questions = tuple(item.texts[found.language_for("da")].prompt for item in found.items)
    return UsedForm(text.title, text.intro, questions, rules)


SECTIONS = frozenset(
    {
        "cases",
        "team_members",
        "persons",
        "respondents",
        "rating_plans",
        "sharing_bases",
        "planned_ratings",
        "external_series",
        "administrations",
        "links",
        "access_log",
        "audit_log",
        "notices",
        "frozen_voices",
    }
)
"""The tables that stand in a section of their own; `story.TOLD` has the others. A frozen report's voices say whose
answers are on it, and are in the JSON file."""
