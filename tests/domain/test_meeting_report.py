from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.agenda import Question, Seen
from fitsvc.domain.expectation import ExpectedAndActual, Outcome
from fitsvc.domain.meeting import Decision
from fitsvc.domain.meeting_report import (
    MOST_QUESTIONS,
    PAGE_LINES,
    TEXT_PAGE_LINES,
    MeetingReport,
    QuestionLine,
    Section,
    fit_to_page,
    order_voices,
)
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.report_lines import (
    LINE_CHARACTERS,
    LONGEST_TEXT,
    AgreedLine,
    AgreementLine,
    AnsweredLine,
    Decided,
    GoalLine,
    HeldLine,
    MissingLine,
    Rater,
    Shown,
    VoiceLine,
    printed_lines,
)

DAY = date(2026, 3, 16)


def voice(role: RaterRole, setting: str = "", number: int = 0) -> VoiceLine:
    return VoiceLine(
        key=f"{role}.{setting}",
        rater=Rater(role, setting, number),
        baseline=4.0,
        latest=5.0,
        latest_on=DAY,
        change=1.0,
        change_class=ChangeClass.UNCHANGED,
        rci=2.48,
        improvement_can_show=True,
        signal=None,
        expected=4.5,
    )


CHILD, PARENT = Rater(RaterRole.CHILD), Rater(RaterRole.PARENT)
LONG = "x" * LONGEST_TEXT


def report(
    *,
    voices: int = 1,
    missing: int = 0,
    answered: int = 0,
    questions: int = 0,
    goals: int = 0,
    agreements: int = 0,
    held: int = 0,
    agreed: int = 0,
    new_agreements: int = 0,
    decided: Decided | None = None,
    text: str = "short",
) -> MeetingReport:
    teacher = RaterRole.TEACHER
    agreement = AgreementLine(text, "the teacher", DAY, DAY, text)
    came = ExpectedAndActual(6, DAY, 5, DAY, -1, Outcome.MAY_BE_CHANCE)
    return MeetingReport(
        reference="SAG-1",
        display_name="Ravn",
        age_years=13,
        made_on=DAY,
        measure_type="preventive",
        episode_started_on=DAY,
        next_meeting_on=DAY,
        instruments=(("wellbeing-youth", "1"),),
        assumptions=(),
        decided=decided,
        voices=Shown(tuple(voice(RaterRole.CHILD if n == 0 else teacher, str(n)) for n in range(voices))),
        missing=Shown(tuple(MissingLine(Rater(teacher, str(n)), DAY) for n in range(missing))),
        answered=Shown(tuple(AnsweredLine(Rater(teacher, str(n)), DAY) for n in range(answered))),
        questions=Shown(
            tuple(
                QuestionLine(Question("home", Seen((CHILD,), 2), Seen((PARENT,), 8)))
                for _ in range(questions)
            )
        ),
        goals=Shown(tuple(GoalLine(f"goal {n}", 2, 7, 4, DAY, CHILD, status=text) for n in range(goals))),
        agreements=Shown((agreement,) * agreements),
        held=Shown((HeldLine(CHILD, True, came),) * held),
        agreed=Shown((AgreedLine(CHILD, True, DAY, 4, 6, DAY),) * agreed),
        new_agreements=Shown((agreement,) * new_agreements if decided else ()),
    )


counts = st.integers(min_value=0, max_value=15)
decisions = st.none() | st.builds(
    Decided,
    held_on=st.just(DAY),
    decision=st.just(Decision.CONTINUE),
    participants=st.text(max_size=600),
    reason=st.text(max_size=600),
    goals_changed=st.text(max_size=600),
    next_reason=st.text(max_size=600),
    helped=st.text(max_size=600),
    if_harder=st.text(max_size=600),
)
reports = st.builds(
    report,
    voices=st.integers(min_value=1, max_value=15),
    missing=counts,
    answered=counts,
    questions=counts,
    goals=counts,
    agreements=counts,
    held=counts,
    agreed=counts,
    new_agreements=counts,
    decided=decisions,
    text=st.text(max_size=600),
)


@given(reports)
def test_nothing_disappears_silently(full: MeetingReport) -> None:
    fitted = fit_to_page(full)
    for section in Section:
        before, after = full.section(section), fitted.section(section)
        assert len(after.lines) + after.left_out == len(before.lines)
        assert after.lines == before.lines[: len(after.lines)]


@given(reports)
def test_every_page_holds_its_lines_and_the_first_keeps_the_child(full: MeetingReport) -> None:
    fitted = fit_to_page(full)
    assert fitted.height <= PAGE_LINES
    assert fitted.looking_back_height <= TEXT_PAGE_LINES
    assert fitted.decided_height <= TEXT_PAGE_LINES
    assert fitted.voices.lines[0].rater.role is RaterRole.CHILD
    assert len(fitted.questions.lines) <= MOST_QUESTIONS
    assert 1 <= fitted.pages <= 3


def test_a_small_report_loses_nothing() -> None:
    small = report(voices=3, missing=1, answered=2, questions=2, goals=2, agreements=2, held=1, agreed=1)
    assert fit_to_page(small) == small
    assert small.pages == 2


def test_page_two_is_there_only_when_it_has_something_to_hold() -> None:
    assert report(voices=8, missing=5).pages == 1
    for section in ("questions", "goals", "agreements", "held", "agreed"):
        assert report(**{section: 1}).pages == 2
    assert report(decided=Decided(held_on=DAY)).pages == 2


def test_what_was_decided_gets_a_page_of_its_own_when_page_two_is_full() -> None:
    decided = Decided(held_on=DAY, decision=Decision.CONTINUE, reason="because", helped=LONG, if_harder=LONG)
    assert report(goals=2, decided=decided).pages == 2
    crowded = fit_to_page(report(goals=5, questions=3, agreements=3, text=LONG, decided=decided))
    assert crowded.decided_has_own_page
    assert crowded.pages == 3


def test_a_crowded_page_two_gives_up_lines_in_the_fixed_order() -> None:
    fitted = fit_to_page(report(questions=5, goals=6, agreements=6, held=5, agreed=5, text="x" * 80))
    left_out = {section: fitted.section(section).left_out for section in Section}
    assert left_out == dict.fromkeys(Section, 0) | {
        Section.AGREED: 3,
        Section.HELD: 3,
        Section.AGREEMENTS: 3,
        Section.GOALS: 3,
        Section.QUESTIONS: 3,
    }


def test_of_the_two_lists_beside_each_other_the_longer_one_gives() -> None:
    fitted = fit_to_page(report(voices=6, missing=2, answered=15))
    assert fitted.answered.left_out
    assert not fitted.missing.left_out
    assert not fitted.voices.left_out


def test_an_overdue_follow_up_takes_room_from_nothing_else_unseen() -> None:
    plain = report(voices=3)
    assert replace(plain, overdue_days=3).height > plain.height


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 0),
        ("x", 1),
        ("x" * LINE_CHARACTERS, 1),
        ("x" * (LINE_CHARACTERS + 1), 2),
        ("x" * 9_000, printed_lines("x" * LONGEST_TEXT)),
    ],
)
def test_a_text_takes_the_lines_of_its_length_and_never_more_than_its_cut(text: str, lines: int) -> None:
    assert printed_lines(text) == lines


def test_voices_stand_child_first_then_family_then_everyday_life_then_professionals() -> None:
    mixed = [
        voice(role)
        for role in (
            RaterRole.PRACTITIONER,
            RaterRole.TEACHER,
            RaterRole.PARENT,
            RaterRole.CHILD,
            RaterRole.PEDAGOGUE,
        )
    ]
    assert [one.rater.role for one in order_voices(mixed)] == [
        RaterRole.CHILD,
        RaterRole.PARENT,
        RaterRole.TEACHER,
        RaterRole.PEDAGOGUE,
        RaterRole.PRACTITIONER,
    ]
