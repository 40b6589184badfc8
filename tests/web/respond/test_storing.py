"""When an answer is stored: before its receipt is made, and without holding up anybody else meanwhile."""

from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from fitsvc.storage.cases import Case
from fitsvc.storage.engine import writing
from fitsvc.web.respond import views
from tests.cast import Cast
from tests.web.respond.conftest import Phone, youth_form


def test_others_may_write_while_the_receipt_is_made(
    phone: Phone, cast: Cast, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, make_receipt = phone.link(cast.child), views.receipt

    def write_meanwhile(*given: Any, **named: Any) -> str:
        with Session(writing(engine)) as other, other.begin():
            other.execute(update(Case).values(closed_on=None))
        return make_receipt(*given, **named)

    monkeypatch.setattr(views, "receipt", write_meanwhile)
    assert phone.send(link, youth_form()).status_code == 200


def test_an_answer_whose_receipt_failed_is_stored_and_gets_its_receipt_when_sent_again(
    phone: Phone, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = phone.link(cast.child)
    with monkeypatch.context() as broken:
        broken.setattr(views, "receipt", lambda *_given, **_named: 1 / 0)
        assert phone.send(link, youth_form()).status_code == 500
    assert len(phone.ratings) == 1
    assert phone.send(link, youth_form()).status_code == 200
    assert len(phone.ratings) == 1
