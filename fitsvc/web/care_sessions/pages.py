"""What the session's templates place: forms with the words for who and what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for
from flask_babel import get_locale

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Kind
from fitsvc.services.care_sessions import OfferedForm, SessionFacts, SessionForm
from fitsvc.web.words import rater_name


@dataclass(frozen=True, slots=True)
class FormRow:
    administration_id: UUID
    who: str
    title: str
    is_open: bool
    hand_over_url: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """The forms before the session and those after it. `is_done`: nothing is left to fill in."""

    held_on: date
    is_ended: bool
    before: tuple[FormRow, ...]
    after: tuple[FormRow, ...]
    end_url: str

    @property
    def is_done(self) -> bool:
        return not any(row.is_open for row in self.before + self.after)


def offered_choices(offered: Sequence[OfferedForm], catalogue: Catalogue) -> list[tuple[str, str]]:
    """Choices of the start page: "Mor (Person) · How is it going?"."""
    return [(one.choice, f"{_who(one)} · {_title(one.instrument_id, None, catalogue)}") for one in offered]


def session_page(facts: SessionFacts, catalogue: Catalogue) -> SessionPage:
    rows = [(one.kind, _row(facts, one, catalogue)) for one in facts.forms]
    return SessionPage(
        held_on=facts.held_on,
        is_ended=facts.is_ended,
        before=tuple(row for kind, row in rows if kind is not Kind.SESSION),
        after=tuple(row for kind, row in rows if kind is Kind.SESSION),
        end_url=url_for("care_sessions.end", case_id=facts.case_id, session_id=facts.id),
    )


def _row(facts: SessionFacts, form: SessionForm, catalogue: Catalogue) -> FormRow:
    return FormRow(
        administration_id=form.administration_id,
        who=_who(form),
        title=_title(form.instrument_id, form.instrument_version, catalogue),
        is_open=form.is_open and not facts.is_ended,
        hand_over_url=url_for(
            "care_sessions.hand_over",
            case_id=facts.case_id,
            session_id=facts.id,
            administration_id=form.administration_id,
        ),
    )


def _who(one: OfferedForm | SessionForm) -> str:
    return f"{rater_name(one.rater_role, one.setting)} ({one.name})"


def _title(instrument_id: str, version: str | None, catalogue: Catalogue) -> str:
    return catalogue.get(instrument_id, version).text(str(get_locale())).title
