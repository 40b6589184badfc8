"""Who has worked with the case, and who is asked: how often, on which basis, told since when."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.domain.access_request import Row
from fitsvc.web.access_request.around import Around, plain, said
from fitsvc.web.access_request.copy import Facts, Table
from fitsvc.web.staff_words import TEAM_PARTS
from fitsvc.web.templates import points
from fitsvc.web.words import RHYTHMS


def tell_people(around: Around) -> Iterator[Facts]:
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


def tell_team(around: Around) -> Table:
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
