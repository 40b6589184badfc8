"""The instruments that come with the service: what they are, whom they suit, and how plainly they speak."""

import re
from importlib.resources import files

import brotli
import pytest

from fitsvc.domain.instrument import Direction, Instrument, Kind, ScaleKind, ScoringMethod
from fitsvc.domain.rater import RaterRole
from fitsvc.instruments import load_catalogue

OWN = load_catalogue()
ALL = OWN.current()
AREAS = ["body-and-mood", "home", "school-or-job", "friends-and-free-time", "adult-to-turn-to"]
TEN = tuple(float(n) for n in range(11))
FIVE_FACES, THREE_FACES = (0, 2.5, 5, 7.5, 10), (0, 5, 10)
ADULTS = {RaterRole.PARENT, RaterRole.FOSTER_PARENT}
PROFESSIONALS = {RaterRole.TEACHER, RaterRole.PEDAGOGUE, RaterRole.HEALTH_VISITOR, RaterRole.PRACTITIONER}
CHILD = {RaterRole.CHILD}


def ids(role: RaterRole, age: int, *kinds: Kind) -> list[str]:
    return [one.id for one in OWN.for_rater(role, age) if one.kind in kinds]


@pytest.mark.parametrize(
    ("instrument_id", "kind", "roles", "ages", "scale", "items", "min_answered"),
    [
        ("wellbeing-youth", Kind.WELLBEING, CHILD, (13, None), TEN, 5, 4),
        ("wellbeing-child", Kind.WELLBEING, CHILD, (8, 12), FIVE_FACES, 5, 4),
        ("wellbeing-young-child", Kind.TALK, CHILD, (6, 7), THREE_FACES, 3, None),
        ("wellbeing-adult", Kind.WELLBEING, ADULTS, (6, None), TEN, 5, 4),
        ("wellbeing-adult-small", Kind.WELLBEING, ADULTS, (0, 5), TEN, 5, 4),
        ("wellbeing-professional", Kind.WELLBEING, PROFESSIONALS, (6, None), TEN, 5, 4),
        ("wellbeing-professional-small", Kind.WELLBEING, PROFESSIONALS, (0, 5), TEN, 5, 4),
        ("session-youth", Kind.SESSION, CHILD, (13, None), TEN, 3, 2),
        ("session-child", Kind.SESSION, CHILD, (8, 12), FIVE_FACES, 3, 2),
        ("session-adult", Kind.SESSION, ADULTS, (None, None), TEN, 3, 2),
        ("goal", Kind.GOAL, set(RaterRole), (None, None), TEN, 3, None),
        ("safety", Kind.SAFETY, set(RaterRole) - CHILD, (None, None), TEN, 1, None),
        ("scale-1-5", Kind.RULER, {RaterRole.CASEWORKER}, (None, None), (1, 2, 3, 4, 5), 1, None),
    ],
)
def test_each_own_instrument_is_what_it_is_for(
    instrument_id: str,
    kind: Kind,
    roles: set[RaterRole],
    ages: tuple[int | None, int | None],
    scale: tuple[float, ...],
    items: int,
    min_answered: int | None,
) -> None:
    one = OWN.get(instrument_id)
    assert one.kind is kind
    assert set(one.rater_roles) == roles
    assert (one.age_from, one.age_to) == ages
    assert one.scale.values == scale
    assert one.scale.kind is (ScaleKind.FACES if scale in (FIVE_FACES, THREE_FACES) else ScaleKind.POINTS)
    assert len(one.items) == items
    assert (one.scoring.min_answered if one.is_scored else None) == min_answered
    assert one.scoring.method is (ScoringMethod.MEAN if min_answered else ScoringMethod.NONE)


def test_there_are_no_others() -> None:
    assert len(ALL) == 13


@pytest.mark.parametrize(
    ("role", "age", "forms"),
    [
        (RaterRole.CHILD, 5, []),
        (RaterRole.CHILD, 6, ["wellbeing-young-child"]),
        (RaterRole.CHILD, 7, ["wellbeing-young-child"]),
        (RaterRole.CHILD, 8, ["wellbeing-child", "session-child"]),
        (RaterRole.CHILD, 12, ["wellbeing-child", "session-child"]),
        (RaterRole.CHILD, 13, ["wellbeing-youth", "session-youth"]),
        (RaterRole.CHILD, 22, ["wellbeing-youth", "session-youth"]),
        (RaterRole.PARENT, 0, ["wellbeing-adult-small", "session-adult"]),
        (RaterRole.PARENT, 5, ["wellbeing-adult-small", "session-adult"]),
        (RaterRole.FOSTER_PARENT, 6, ["wellbeing-adult", "session-adult"]),
        (RaterRole.TEACHER, 9, ["wellbeing-professional"]),
        (RaterRole.PEDAGOGUE, 5, ["wellbeing-professional-small"]),
        (RaterRole.HEALTH_VISITOR, 1, ["wellbeing-professional-small"]),
        (RaterRole.PRACTITIONER, 6, ["wellbeing-professional"]),
        (RaterRole.CASEWORKER, 9, []),
    ],
)
def test_the_form_follows_rater_and_age(role: RaterRole, age: int, forms: list[str]) -> None:
    assert ids(role, age, Kind.WELLBEING, Kind.TALK, Kind.SESSION) == forms


@pytest.mark.parametrize("age", range(26))
def test_each_rater_of_any_age_has_exactly_one_form_about_how_it_is_going(age: int) -> None:
    for role in (*ADULTS, *PROFESSIONALS, *(CHILD if age >= 6 else ())):
        assert len(ids(role, age, Kind.WELLBEING, Kind.TALK)) == 1, (role, age)


@pytest.mark.parametrize("one", [one for one in ALL if one.kind is Kind.WELLBEING], ids=lambda one: one.id)
def test_every_wellbeing_form_has_the_five_areas_and_the_stated_assumptions(one: Instrument) -> None:
    assert [item.area for item in one.items] == AREAS
    a = one.assumptions
    assert a is not None
    assert (a.mean, a.sd, a.target, a.reliability) == (5, 2, 7, 0.80)
    assert (a.growth, a.rate, a.spread, a.z) == (0.7, 0.125, 0.5, 1.96)
    assert {item.cannot_see for item in one.items} == {"professional" in one.id}


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_own_instruments_borrow_nothing_and_promise_nothing(one: Instrument) -> None:
    assert one.licence == "CC BY 4.0"
    assert one.norms is None
    assert one.languages == ("da", "en")
    assert not any(one.validated.values())
    assert one.is_unvalidated_translation("en")
    assert (one.direction is Direction.LOWER_IS_BETTER) == (one.id == "scale-1-5")
    assert (one.alliance is not None) == (one.kind is Kind.SESSION)
    assert (one.assumptions is not None) == (one.kind is Kind.WELLBEING)
    assert (one.notice_at is not None) == (one.kind is Kind.SAFETY)


def test_face_forms_need_two_steps_of_one_face_for_a_talk() -> None:
    prompt = OWN.get("session-child").alliance
    assert prompt is not None
    assert prompt.item_fall == 2 * 2.5


def test_a_goal_is_written_in_the_familys_words() -> None:
    goal = OWN.get("goal")
    assert [item.id for item in goal.items] == ["goal-1", "goal-2", "goal-3"]
    assert all("{goal}" in text.prompt for item in goal.items for text in item.texts.values())


@pytest.mark.parametrize("one", [one for one in ALL if one.kind is not Kind.GOAL], ids=lambda one: one.id)
def test_no_other_form_has_a_placeholder(one: Instrument) -> None:
    assert not re.search(r"[{}<>]", " ".join(words(one, "da") + words(one, "en")))


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_the_languages_say_the_same_number_of_things(one: Instrument) -> None:
    danish, english = one.text("da"), one.text("en")
    assert (danish.comment is None) == (english.comment is None)
    assert len(danish.steps) == len(english.steps)
    assert danish.title != english.title
    for item in one.items:
        assert (item.texts["da"].prompt == item.texts["en"].prompt) == (one.kind is Kind.GOAL)


def words(one: Instrument, language: str) -> list[str]:
    """Every sentence a respondent reads on the form."""
    text = one.text(language)
    prompts = [item.texts[language].prompt for item in one.items]
    return [text.title, text.intro, *prompts, *([text.comment] if text.comment else [])]


def lix(sentences: list[str]) -> float:
    """Björnsson (1968): words per sentence plus the percentage of words of more than six letters."""
    text = " ".join(sentences)
    found = re.findall(r"[^\W\d_]+", text)
    return len(found) / len(re.findall(r"[.!?:]+", text)) + 100 * sum(len(word) > 6 for word in found) / len(
        found
    )


def test_lix_is_counted_as_bjornsson_did() -> None:
    assert lix(["Bo ser en ko.", "Elefanten sover."]) == 6 / 2 + 100 * 1 / 6


@pytest.mark.parametrize("instrument_id", ["wellbeing-child", "wellbeing-young-child", "session-child"])
def test_child_forms_read_easily(instrument_id: str) -> None:
    one = OWN.get(instrument_id)
    assert lix(words(one, "da")) < 25
    assert all(len(item.texts["da"].prompt.split()) <= 13 for item in one.items)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_no_form_is_hard_to_read(one: Instrument) -> None:
    assert lix(words(one, "da")) < 35


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_the_words_of_a_form_leave_room_for_the_page(one: Instrument) -> None:
    source = files("fitsvc.instruments").joinpath(f"{one.id}.toml").read_bytes()
    assert len(brotli.compress(source)) < 2_000


def test_the_licence_lies_beside_the_instruments() -> None:
    licence = files("fitsvc.instruments").joinpath("LICENSE").read_text(encoding="utf-8")
    assert "Creative Commons Attribution 4.0" in licence
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in licence
