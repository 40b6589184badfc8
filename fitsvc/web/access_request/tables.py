"""The copy's tables: what was asked of whom, who has looked, what was done."""

from flask_babel import gettext as _

from fitsvc.domain.access_request import Row
from fitsvc.storage.administrations import AdministrationState
from fitsvc.web.access_request.around import Around, plain
from fitsvc.web.access_request.copy import Table
from fitsvc.web.log_words import log_words
from fitsvc.web.templates import moment

STATES = {
    AdministrationState.OPEN: lambda: _("not answered"),
    AdministrationState.ANSWERED: lambda: _("answered"),
    AdministrationState.CANCELLED: lambda: _("cancelled"),
}


def asked(around: Around) -> Table:
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


def readings(around: Around) -> Table:
    return Table(
        _("Who has looked at the case"),
        (_("When"), _("Who"), _("What"), _("Why")),
        tuple(
            (moment(row["at"]), around.who(row["staff_id"]), log_words(row["access"]), row["why"])
            for row in around.whole.rows["access_log"]
        ),
    )


def changes(around: Around) -> Table:
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
