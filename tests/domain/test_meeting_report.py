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
    Rater,
    Section,
    Shown,
    VoiceLine,
    fit_to_page,
    order_voices,
)
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.reliable_change import ChangeClass

DAY = date(2026, 3, 16)


def voice(role: RaterRole, setting: str = "", number: int = 0) -> VoiceLine:
    return VoiceLine(
        key=f"{role}.{setting}",
        rater=Rater(role, setting, number),
        baseline=4.0,
        baseline_on=DAY,
        latest=5.0,
        latest_on=DAY,
        change=1.0,
        change_class=ChangeClass.UNCHANGED,
        rci=2.48,
        improvement_can_show=True,
        signal=None,
        expected=4.5,
    )


def report(
    voices: int = 1, questions: int = 0, goals: int = 0, agreed: int = 0, missing: int = 0
) -> MeetingReport:
    child, parent, teacher = Rater(RaterRole.CHILD), Rater(RaterRole.PARENT), RaterRole.TEACHER
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
        voices=Shown(tuple(voice(RaterRole.CHILD if n == 0 else teacher, str(n)) for n in range(voices))),
        questions=Shown(tuple(QuestionLine("home", child, 2, parent, 8) for _ in range(questions))),
        goals=Shown(tuple(GoalLine(f"goal {n}", 2, 7, 4, DAY, child) for n in range(goals))),
        agreed=Shown(tuple(AgreedLine(child, True, DAY, 4, 6, DAY, DAY, None) for _ in range(agreed))),
        missing=Shown(tuple(MissingLine(Rater(teacher, str(n)), DAY) for n in range(missing))),
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
    assert fitted.voices.lines[0].rater.role is RaterRole.CHILD
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
        Section.MISSING: 0,
        Section.QUESTIONS: 0,
        Section.VOICES: 2,
    }


def test_a_section_gives_only_where_its_own_column_is_too_long() -> None:
    fitted = fit_to_page(report(voices=3, questions=1, goals=8, missing=2))
    assert fitted.goals.left_out
    assert not fitted.questions.left_out
    assert not fitted.missing.left_out
    crowded = fit_to_page(report(voices=3, goals=1, agreed=1, questions=3, missing=20))
    assert crowded.missing.left_out
    assert not crowded.agreed.left_out


def test_expectations_give_before_goals_and_voices_last() -> None:
    fitted = fit_to_page(report(voices=4, goals=3, agreed=4))
    assert (fitted.agreed.left_out, fitted.goals.left_out, fitted.voices.left_out) == (2, 0, 0)


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
