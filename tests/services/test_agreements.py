from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.services.agreements import (
    AgreementChanged,
    Promise,
    add_agreement,
    change_agreement,
    check_off,
    remove_agreement,
    reopen_agreement,
)
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import Invalid
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import Agreement
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

BY = date(2026, 4, 3)
PROMISE = Promise("Far følger Ravn i skole om mandagen", "Far", BY)
Act = Callable[..., Any]


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    return build.meeting(cast.episode, build.today)


@pytest.fixture
def act(session: Session, cast: Cast, build: Builder, now: datetime) -> Act:
    """`act(service, …)` as the caseworker on the cast's case."""

    def call(service: Callable[..., Any], **given: Any) -> Any:
        by = acting(cast.caseworker, build.today)
        return service(session, **({"by": by, "now": now, "case_id": cast.case.id} | given))

    return call


@pytest.fixture
def agreement(act: Act, meeting: FollowUpMeeting) -> Agreement:
    made: Agreement = act(add_agreement, meeting_id=meeting.id, key=UUID(int=1), promise=PROMISE)
    return made


def test_sent_twice_it_is_one_agreement(
    act: Act, agreement: Agreement, meeting: FollowUpMeeting, session: Session, cast: Cast
) -> None:
    again = act(add_agreement, meeting_id=meeting.id, key=agreement.id, promise=Promise("Andet", "Mor", None))
    assert again is agreement
    assert [one.what for one in read_meeting_book(session, case_id=cast.case.id).agreements] == [PROMISE.what]


def test_a_change_wants_the_version_that_was_seen(act: Act, agreement: Agreement) -> None:
    new = Promise(PROMISE.what, "Mor", BY)
    act(change_agreement, agreement_id=agreement.id, promise=new, seen_version=1)
    assert (agreement.who, agreement.version) == ("Mor", 2)
    act(change_agreement, agreement_id=agreement.id, promise=new, seen_version=1)  # the same again
    with pytest.raises(AgreementChanged):
        act(change_agreement, agreement_id=agreement.id, promise=PROMISE, seen_version=1)
    assert agreement.version == 2


def test_checked_off_with_how_it_went_and_opened_again(
    act: Act, agreement: Agreement, session: Session, cast: Cast, build: Builder
) -> None:
    act(check_off, agreement_id=agreement.id, how_it_went="Godt")
    act(check_off, agreement_id=agreement.id)  # twice is once, and takes no words away
    assert (agreement.done_on, agreement.how_it_went) == (build.today, "Godt")
    assert read_meeting_book(session, case_id=cast.case.id).open_agreements == ()
    act(reopen_agreement, agreement_id=agreement.id)
    assert (agreement.done_on, agreement.done_by_id, agreement.how_it_went) == (None, None, "Godt")
    assert len(read_meeting_book(session, case_id=cast.case.id).open_agreements) == 1


def test_one_of_an_earlier_meeting_can_be_checked_off_and_not_rewritten(
    act: Act, agreement: Agreement, meeting: FollowUpMeeting
) -> None:
    meeting.held_on = meeting.planned_on
    with pytest.raises(Refused, match="meeting_held"):
        act(
            change_agreement, agreement_id=agreement.id, promise=Promise("Andet", "Mor", None), seen_version=1
        )
    with pytest.raises(Refused, match="meeting_held"):
        act(remove_agreement, agreement_id=agreement.id)
    assert act(check_off, agreement_id=agreement.id).done_on is not None


def test_a_removed_one_is_gone_from_the_book(
    act: Act, agreement: Agreement, session: Session, cast: Cast
) -> None:
    for _twice in range(2):
        act(remove_agreement, agreement_id=agreement.id)
    assert read_meeting_book(session, case_id=cast.case.id).agreements == ()
    with pytest.raises(Refused, match="agreement_removed"):
        act(check_off, agreement_id=agreement.id)


@pytest.mark.parametrize(
    ("promise", "field", "code"),
    [
        (Promise(" ", "Far", None), "what", "missing"),
        (Promise("Noget", "", None), "who", "missing"),
        (Promise("x" * 501, "Far", None), "what", "too_long"),
        (Promise("Noget", "Far", date(2026, 3, 15)), "by_on", "too_early"),
        (Promise("Noget", "Far", date(2999, 1, 1)), "by_on", "too_late"),
        (Promise("Ring til 010203-1234", "Far", None), "what", "looks_like_cpr"),
    ],
)
def test_what_cannot_be_agreed_is_named(
    act: Act, meeting: FollowUpMeeting, promise: Promise, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        act(add_agreement, meeting_id=meeting.id, key=UUID(int=2), promise=promise)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_day_agreed_before_may_stay_when_it_has_passed(
    act: Act, agreement: Agreement, cast: Cast, build: Builder
) -> None:
    later = acting(cast.caseworker, BY + timedelta(days=30))
    new = Promise("Far følger Ravn", "Far", BY)
    act(change_agreement, agreement_id=agreement.id, promise=new, seen_version=1, by=later)
    assert agreement.what == "Far følger Ravn"


def test_another_cases_agreement_is_not_there(act: Act, agreement: Agreement, build: Builder) -> None:
    other = build.case()
    with pytest.raises(NotFound):
        act(check_off, agreement_id=agreement.id, case_id=other.id)
