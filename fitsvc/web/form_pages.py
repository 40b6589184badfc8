"""What the plain forms share: one-time keys, a service's refusal put beside its field, and the way back."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, StopValidation

from fitsvc.domain.audit import Access
from fitsvc.domain.cpr import has_cpr
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import Invalid
from fitsvc.storage.cases import Case
from fitsvc.storage.logs import is_reading_noted
from fitsvc.web import current
from fitsvc.web.current import actor, now, session
from fitsvc.web.database import forget_changes
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.forms import BaseForm

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What the head of a form page says about the case."""

    id: UUID
    name: str
    reference: str
    url: str
    is_closed: bool


def case_head(case: Case) -> CaseHead:
    return CaseHead(case.id, case.display_name, case.reference, case_url(case.id), case.closed_on is not None)


def read_case(case_id: UUID) -> Case:
    """The case when it is in the reader's scope, with the reading noted when its page is opened."""
    case = get_case(session(), by=actor(), case_id=case_id)
    if request.method == "GET" and not is_reading_noted(session(), case.id):
        note_reading(session(), by=actor(), access=Access.CASE_READ, case_ids=[case.id], now=now())
    return case


def case_url(case_id: UUID) -> str:
    return url_for("cases.show", case_id=case_id)


def to_case(case_id: UUID) -> ResponseReturnValue:
    return redirect(case_url(case_id), 303)


class KeyField(HiddenField):
    """A one-time key: the form sent twice is recognised by it. What is no key becomes a new one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=uuid4, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = UUID(valuelist[0])
        except (IndexError, ValueError):
            self.data = uuid4()

    def _value(self) -> str:
        return str(self.data)


class MonthField(StringField):
    """A month as people write it, "05.2012" or "5/2012", or as a picker sends it; `data` is its first day."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%m.%Y}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        sent = (valuelist[0] if valuelist else "").strip()
        if not sent:
            return
        parts = sent.replace("/", ".").replace("-", ".").replace(" ", ".").split(".")
        if len(parts) == 2 and len(parts[0]) == 4:
            parts.reverse()
        try:
            month, year = parts
            if not (sent.isascii() and month.isdigit() and year.isdigit() and len(year) == 4):
                raise ValueError
            self.data = date(int(year), int(month), 1)
        except ValueError as error:
            raise ValueError(_l("Write month and year, such as 05.2012.")) from error


class Required:
    """Something must be there; blanks are nothing, and the number 0 is something."""

    def __init__(self) -> None:
        self.field_flags = {"required": True}

    def __call__(self, _form: BaseForm, field: Field) -> None:
        sent = (field.raw_data or [None])[0]
        if sent is None or (isinstance(sent, str) and not sent.strip()):
            field.errors = []
            raise StopValidation(REFUSALS["missing"])


class NoCpr:
    """Refuses what looks like a CPR number."""

    def __call__(self, _form: BaseForm, field: Field) -> None:
        if has_cpr(field.data or ""):
            raise ValidationError(REFUSALS["looks_like_cpr"])


def one_of(kind: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Coerces a choice; the empty choice ("Choose") stands for None."""

    def coerce(value: Any) -> Any:
        return None if value in (None, "") else kind(str(value))

    return coerce


def options(pairs: Iterable[tuple[Any, Any]], *, empty: Any = None) -> list[SelectChoice]:
    """Choices of code and words; `empty` are the words of a first choice that stands for none."""
    first = [] if empty is None else [SelectChoice(value="", label=empty)]
    return first + [SelectChoice(value=str(code), label=words) for code, words in pairs]


def line(limit: int) -> list[Any]:
    """Validators of a text that must be there."""
    return [Required(), Length(max=limit), NoCpr()]


def optional_line(limit: int) -> list[Any]:
    return [Length(max=limit), NoCpr()]


class KeyedForm(BaseForm):
    """A form that creates something, once."""

    key = KeyField()


@contextmanager
def refusals(form: BaseForm) -> Iterator[None]:
    """Puts a service's refusal beside the field it is about, or above the form, and undoes what was begun."""
    try:
        yield
    except Refused as refused:
        forget_changes()
        words = REFUSALS.get(refused.code, REFUSALS["refused"])
        if isinstance(refused, Invalid) and refused.field in form:
            field = form[refused.field]
            field.errors = [*field.errors, words]
        else:
            form.form_errors.append(words)


def form_page(template: str, form: BaseForm, **page: Any) -> ResponseReturnValue:
    """The page with its form; 422 when the form was sent and something needs another look."""
    case = page.get("case")
    if isinstance(case, CaseHead):
        _note_case(case.id)
    return render_template(template, form=form, **page), UNPROCESSABLE if form.errors else 200


def _note_case(case_id: UUID) -> None:
    """A form about a case shows the case: one row in the access log, unless the page has written its own."""
    session = current.session()
    if not is_reading_noted(session, case_id):
        note_reading(
            session, by=current.actor(), access=Access.CASE_READ, case_ids=[case_id], now=current.now()
        )
