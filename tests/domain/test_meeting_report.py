from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.meeting_report import (
    MOST_QUESTIONS,
    PAGE_LINES,
    AgreedLine,
    GoalLine,
    MeetingReport,
    MissingLine,
    QuestionLine,
    Section,
    Shown,
    VoiceLine,
    fit_to_page,
    order_voices,
)
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.reliable_change import ChangeClass

DAY = date(2026, 3, 16)


def voice(role: RaterRole, setting: str = "") -> VoiceLine:
    return VoiceLine(
        role,
        setting,
        4.0,
        DAY,
        5.0,
        DAY,
        1.0,
        ChangeClass.UNCHANGED,
        rci=2.48,
        signal=None,
        expected=4.5,
        n=3,
    )


def report(
    voices: int = 1, questions: int = 0, goals: int = 0, agreed: int = 0, missing: int = 0
) -> MeetingReport:
    child, parent, teacher = RaterRole.CHILD, RaterRole.PARENT, RaterRole.TEACHER
    return MeetingReport(
        reference="SAG-1",
        display_name="Ravn",
        made_on=DAY,
        episode_started_on=DAY,
        next_meeting_on=DAY,
        instruments=(("wellbeing-youth", "1"),),
        voices=Shown(tuple(voice(child if n == 0 else teacher, str(n)) for n in range(voices))),
        questions=Shown(tuple(QuestionLine("home", child, "", 2, parent, "", 8) for _ in range(questions))),
        goals=Shown(tuple(GoalLine(f"goal {n}", 2, 7, 4, DAY) for n in range(goals))),
        agreed=Shown(tuple(AgreedLine(child, "", True, 4, 6, DAY, DAY) for _ in range(agreed))),
        missing=Shown(tuple(MissingLine(teacher, str(n), DAY) for n in range(missing))),
    )


counts = st.integers(min_value=0, max_value=15)


@given(st.integers(min_value=1, max_value=15), counts, counts, counts, counts)
def test_nothing_disappears_silently(
    voices: int, questions: int, goals: int, agreed: int, missing: int
) -> None:
    full = report(voices, questions, goals, agreed, missing)
    fitted = fit_to_page(full)
    for section in Section:
        before, after = full.section(section), fitted.section(section)
        assert len(after.lines) + after.left_out == len(before.lines)
        assert after.lines == before.lines[: len(after.lines)]


@given(st.integers(min_value=1, max_value=15), counts, counts, counts, counts)
def test_every_report_fits_one_page_and_keeps_the_child(
    voices: int, questions: int, goals: int, agreed: int, missing: int
) -> None:
    fitted = fit_to_page(report(voices, questions, goals, agreed, missing))
    assert fitted.height <= PAGE_LINES
    assert fitted.voices.lines[0].rater_role is RaterRole.CHILD
    assert len(fitted.questions.lines) <= MOST_QUESTIONS


def test_a_small_report_loses_nothing() -> None:
    small = report(voices=3, questions=2, goals=2, agreed=1, missing=1)
    assert fit_to_page(small) == small


def test_eight_raters_and_six_goals_give_up_lines_in_the_fixed_order() -> None:
    fitted = fit_to_page(report(voices=8, questions=3, goals=6, agreed=4, missing=2))
    left_out = {section: fitted.section(section).left_out for section in Section}
    assert left_out == {
        Section.AGREED: 3,
        Section.GOALS: 4,
        Section.MISSING: 1,
        Section.QUESTIONS: 1,
        Section.VOICES: 2,
    }


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
    assert [one.rater_role for one in order_voices(mixed)] == [
        RaterRole.CHILD,
        RaterRole.PARENT,
        RaterRole.TEACHER,
        RaterRole.PEDAGOGUE,
        RaterRole.PRACTITIONER,
    ]
