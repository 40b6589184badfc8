"""The readable copy: who the case is about, who takes part, what happened in order, what it was measured with, and who
has read it. Templates get this record and nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.domain.access_request import Recipient, Row
from fitsvc.domain.instrument import Instrument, ScoringMethod
from fitsvc.domain.meeting_report import RULES_VERSION
from fitsvc.services.access_request import WholeCase
from fitsvc.storage.administrations import AdministrationState
from fitsvc.web.access_request.around import Around, Entry, plain, said
from fitsvc.web.access_request.story import tell
from fitsvc.web.log_words import log_words
from fitsvc.web.staff_words import TEAM_PARTS
from fitsvc.web.templates import day, moment, points
from fitsvc.web.words import RHYTHMS

STATES = {
    AdministrationState.OPEN: lambda: _("not answered"),
    AdministrationState.ANSWERED: lambda: _("answered"),
    AdministrationState.CANCELLED: lambda: _("cancelled"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A headed list of facts, with lists under it."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class UsedForm:
    """A form as it was when it was answered: its words and its rules."""

    heading: str
    intro: str
    questions: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """`recipient` says for whom it was made; `kommune` and `contact` whom to ask."""

    kommune: str
    made: str
    recipient: str
    case: Facts
    team: Table
    people: tuple[Facts, ...]
    months: tuple[Month, ...]
    forms: tuple[UsedForm, ...]
    asked: Table
    readings: Table
    changes: Table
    files: tuple[str, ...]


def present(whole: WholeCase, kommune: str) -> Copy:
    around = Around(whole)
    return Copy(
        kommune=kommune,
        made=moment(whole.made_at),
        recipient=_("the child or the young person")
        if whole.choice.recipient is Recipient.CHILD
        else _("a parent, or somebody who acts for the child"),
        case=_case(whole.rows["cases"][0], around),
        team=_team(around),
        people=tuple(_people(around)),
        months=tuple(_months(tell(around))),
        forms=tuple(_form(key, found) for key, found in whole.instruments.items()),
        asked=_asked(around),
        readings=_readings(around),
        changes=_changes(around),
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


def _team(around: Around) -> Table:
    return Table(
        _("Who has worked with the case"),
        (_("Who"), _("Part"), _("From"), _("Until")),
        tuple(
            (
                around.who(row["staff_id"]) + _substitute(row, around),
                str(TEAM_PARTS[row["part"]]),
                plain(row["from_on"]),
                plain(row["until_on"]) if row["until_on"] else "",
            )
            for row in around.whole.rows["team_members"]
        ),
    )


def _substitute(row: Row, around: Around) -> str:
    if row["substitute_for_id"] is None:
        return ""
    return _(", in place of %(name)s", name=around.who(row["substitute_for_id"]))


def _people(around: Around) -> Iterator[Facts]:
    rows = around.whole.rows
    persons = {row["id"]: row for row in rows["persons"]}
    for row in rows["respondents"]:
        person = persons[row["person_id"]]
        yield Facts(
            around.respondent(row["id"]),
            said(
                (_("E-mail"), person["email"]),
                (_("Telephone"), person["phone"]),
                (_("Language"), around.language(person["language"])),
                (_("Was told who asks, why, and who sees the answers"), person["informed_at"]),
                (_("Shown on the form as"), row["label"]),
                (_("Has custody"), row["has_custody"]),
                (_("Sees the own curve"), row["shows_own_curve"]),
                (_("Since"), row["started_on"]),
                (_("Until"), row["ended_on"]),
                (_("Took the answers back"), row["withdrawn_at"]),
            ),
            (*_plans(row, around), *_bases(row, around), *_planned(row, around)),
        )
    for row in rows["external_series"]:
        yield _series(row)


def _plans(respondent: Row, around: Around) -> Iterator[str]:
    for row in around.whole.rows["rating_plans"]:
        if row["respondent_id"] != respondent["id"]:
            continue
        told = [
            f"{around.form(row['instrument_id'], None)}: {RHYTHMS[row['rhythm']]}",
            _("from %(day)s", day=plain(row["starts_on"])),
            _("until %(day)s", day=plain(row["ends_on"])) if row["ends_on"] else "",
            _("purpose: %(purpose)s", purpose=row["purpose"]) if row["purpose"] else "",
            _("target: %(score)s", score=points(row["target_score"]))
            if row["target_score"] is not None
            else "",
            _("another form than the age suggests: %(why)s", why=row["chosen_against_age"])
            if row["chosen_against_age"]
            else "",
        ]
        yield _("Is asked: %(what)s", what="; ".join(part for part in told if part))


def _bases(respondent: Row, around: Around) -> Iterator[str]:
    for row in around.whole.rows["sharing_bases"]:
        if row["respondent_id"] == respondent["id"]:
            yield _(
                "Takes part on this basis: %(basis)s. How far: %(scope)s. Decided %(day)s, recorded by %(name)s. "
                "The family was told: %(told)s.",
                basis=row["basis"],
                scope=row["sharing_scope"],
                day=plain(row["decided_on"]),
                told=plain(row["family_told_on"]) if row["family_told_on"] else "–",
                name=around.who(row["recorded_by_id"]),
            )


def _planned(respondent: Row, around: Around) -> Iterator[str]:
    for row in around.whole.rows["planned_ratings"]:
        if row["respondent_id"] == respondent["id"]:
            yield ngettext(
                "Is asked after the measure, %(num)d month on: %(day)s",
                "Is asked after the measure, %(num)d months on: %(day)s",
                row["months_after"],
                day=plain(row["ask_on"]),
            )


def _series(row: Row) -> Facts:
    return Facts(
        _("Numbers from elsewhere: %(name)s", name=row["name"]),
        said(
            (_("Unit of the number"), row["value_unit"]),
            (_("Scale"), f"{points(row['minimum'])} – {points(row['maximum'])}"),
            (_("Better is"), _("higher") if row["direction"] == "higher_is_better" else _("lower")),
            (_("Purpose"), row["purpose"]),
            (_("Reference spread"), row["sd"]),
            (_("Reliability"), row["reliability"]),
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


def _asked(around: Around) -> Table:
    links: dict[object, list[Row]] = {}
    for row in around.whole.rows["links"]:
        links.setdefault(row["administration_id"], []).append(row)
    return Table(
        _("What was asked, of whom"),
        (_("Due"), _("Whom"), _("Form"), _("State"), _("Links")),
        tuple(
            (
                plain(row["due_on"]),
                around.respondent(row["respondent_id"]),
                around.form(row["instrument_id"], row["instrument_version"]),
                str(STATES[row["state"]]()),
                "; ".join(_link(one) for one in links.get(row["id"], ())),
            )
            for row in around.whole.rows["administrations"]
        ),
    )


def _link(row: Row) -> str:
    told = _("made %(day)s, until %(last)s", day=plain(row["created_at"]), last=plain(row["expires_at"]))
    if row["label"]:
        told = f"{told} ({row['label']})"
    return _("%(link)s, cancelled", link=told) if row["cancelled_at"] else told


def _readings(around: Around) -> Table:
    return Table(
        _("Who has looked at the case"),
        (_("When"), _("Who"), _("What"), _("Why")),
        tuple(
            (moment(row["at"]), around.who(row["staff_id"]), log_words(row["access"]), row["why"])
            for row in around.whole.rows["access_log"]
        ),
    )


def _changes(around: Around) -> Table:
    rows = around.whole.rows
    acts = [
        (row["at"], around.who(row["staff_id"]), log_words(row["act"]), row["why"])
        for row in rows["audit_log"]
    ]
    told = [
        (row["created_at"], around.who(row["by_staff_id"]), _("A message went to the leaders"), "")
        for row in rows["notices"]
    ]
    return Table(
        _("What was done in the case"),
        (_("When"), _("Who"), _("What"), _("Why")),
        tuple(
            (moment(at), who, what, why)
            for at, who, what, why in sorted([*acts, *told], key=lambda one: one[0])
        ),
    )


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
