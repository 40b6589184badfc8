"""What an instrument can be asked, and which form is suggested for whom."""

from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from types import MappingProxyType

import pytest

from fitsvc.domain.catalogue import (
    Catalogue,
    UnknownInstrumentError,
    build_catalogue,
    changed_without_version,
    version_key,
)
from fitsvc.domain.instrument import Direction, Instrument, Kind, Scale, ScaleKind, ScoringMethod
from fitsvc.domain.instrument_file import parse_instrument
from fitsvc.domain.rater import RaterRole

PACK = (Path(__file__).parents[1] / "packs" / "moonbeam" / "moonbeam.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def moonbeam() -> Instrument:
    return parse_instrument(PACK, file="moonbeam.toml", local_pack=True)


@pytest.mark.parametrize(
    ("value", "may_be_chosen"),
    [(0, True), (2.5, True), (10, True), (2, False), (10.5, False), (-1, False), (float("nan"), False)],
)
def test_only_the_listed_values_are_on_a_scale(value: float, may_be_chosen: bool) -> None:
    faces = Scale(ScaleKind.FACES, (0, 2.5, 5, 7.5, 10))
    assert faces.contains(value) is may_be_chosen
    assert (faces.minimum, faces.maximum) == (0, 10)


@pytest.mark.parametrize(
    ("kind", "method", "scored", "on_curve"),
    [
        (Kind.WELLBEING, ScoringMethod.MEAN, True, True),
        (Kind.WELLBEING, ScoringMethod.SUM, True, True),
        (Kind.WELLBEING, ScoringMethod.NONE, False, False),
        (Kind.SESSION, ScoringMethod.MEAN, True, False),
        (Kind.TALK, ScoringMethod.NONE, False, False),
        (Kind.SAFETY, ScoringMethod.NONE, False, False),
    ],
)
def test_only_scored_wellbeing_is_on_the_curve(
    moonbeam: Instrument, kind: Kind, method: ScoringMethod, scored: bool, on_curve: bool
) -> None:
    one = replace(moonbeam, kind=kind, scoring=replace(moonbeam.scoring, method=method))
    assert (one.is_scored, one.is_on_curve) == (scored, on_curve)


@pytest.mark.parametrize(
    ("languages", "asked", "shown", "unvalidated_translation"),
    [
        (("da", "en"), "da", "da", False),
        (("da", "en"), "en", "en", True),
        (("da", "en"), "ar", "da", False),
        (("en", "da"), "en", "en", False),
        (("en", "da"), "ar", "da", True),
        (("en",), "da", "en", False),
    ],
)
def test_a_missing_language_falls_back_to_danish_and_else_to_the_original(
    moonbeam: Instrument, languages: tuple[str, ...], asked: str, shown: str, unvalidated_translation: bool
) -> None:
    one = replace(
        moonbeam,
        languages=languages,
        texts=MappingProxyType({language: moonbeam.texts[language] for language in languages}),
        validated=dict.fromkeys(languages, False),
    )
    assert one.language_for(asked) == shown
    assert one.text(asked) is moonbeam.texts[shown]
    assert one.item_text("owls", asked) is moonbeam.item("owls").texts[shown]
    assert one.is_unvalidated_translation(asked) is unvalidated_translation


def test_a_validated_translation_is_not_marked(moonbeam: Instrument) -> None:
    assert not replace(moonbeam, validated={"da": True, "en": True}).is_unvalidated_translation("en")


@pytest.mark.parametrize(
    ("age_from", "age_to", "age", "fits"),
    [(8, 12, 7, False), (8, 12, 8, True), (8, 12, 12, True), (8, 12, 13, False), (13, None, 40, True),
     (None, 5, 0, True), (None, 5, 6, False), (None, None, 3, True)],
)  # fmt: skip
def test_both_ends_of_the_age_range_belong_to_it(
    moonbeam: Instrument, age_from: int | None, age_to: int | None, age: int, fits: bool
) -> None:
    assert replace(moonbeam, age_from=age_from, age_to=age_to).fits_age(age) is fits


@pytest.mark.parametrize(
    ("direction", "notice_at", "value", "noticed"),
    [
        (Direction.HIGHER_IS_BETTER, 4, 4, True),
        (Direction.HIGHER_IS_BETTER, 4, 5, False),
        (Direction.LOWER_IS_BETTER, 4, 4, True),
        (Direction.LOWER_IS_BETTER, 4, 3, False),
        (Direction.HIGHER_IS_BETTER, None, 0, False),
    ],
)
def test_an_answer_is_noticed_at_its_limit_and_on_the_bad_side_of_it(
    moonbeam: Instrument, direction: Direction, notice_at: float | None, value: float, noticed: bool
) -> None:
    assert replace(moonbeam, direction=direction, notice_at=notice_at).is_noticed(value) is noticed


def test_an_item_is_found_by_its_id_or_not_at_all(moonbeam: Instrument) -> None:
    assert moonbeam.item("tides").area == "tides"
    assert moonbeam.find_item("mud") is None
    with pytest.raises(KeyError, match="mud"):
        moonbeam.item("mud")


def test_an_instrument_cannot_be_changed(moonbeam: Instrument) -> None:
    with pytest.raises(FrozenInstanceError):
        moonbeam.version = "9"  # type: ignore[misc]
    with pytest.raises(TypeError):
        moonbeam.texts["da"] = moonbeam.texts["en"]  # type: ignore[index]
    assert hash(moonbeam) == hash(replace(moonbeam))


def test_versions_are_compared_as_numbers() -> None:
    assert sorted(["1.10", "1.9", "2", "1"], key=version_key) == ["1", "1.9", "1.10", "2"]


def _catalogue(moonbeam: Instrument, *changes: dict[str, object]) -> Catalogue:
    return build_catalogue(replace(moonbeam, **change) for change in changes)  # type: ignore[arg-type]


def test_without_a_version_the_latest_is_meant_and_old_ones_stay_readable(moonbeam: Instrument) -> None:
    catalogue = _catalogue(moonbeam, {"version": "1.10"}, {"version": "1.9"})
    assert catalogue.get("moonbeam").version == "1.10"
    assert catalogue.get("moonbeam", "1.9").version == "1.9"
    assert [one.version for one in catalogue.current()] == ["1.10"]
    assert len(catalogue) == 2
    assert ("moonbeam", "1.9") in catalogue


@pytest.mark.parametrize(("instrument_id", "version"), [("moonbeam", "3"), ("mud", None), ("mud", "1")])
def test_an_unknown_instrument_is_an_error_to_get_and_none_to_find(
    moonbeam: Instrument, instrument_id: str, version: str | None
) -> None:
    catalogue = _catalogue(moonbeam, {})
    assert catalogue.find(instrument_id, version) is None
    with pytest.raises(UnknownInstrumentError, match=instrument_id):
        catalogue.get(instrument_id, version)


def test_the_same_id_and_version_twice_is_refused(moonbeam: Instrument) -> None:
    with pytest.raises(ValueError, match=r"moonbeam 2\.1 is there twice"):
        _catalogue(moonbeam, {}, {"checksum": "other"})


def test_own_forms_come_first_and_the_order_does_not_depend_on_the_reading(moonbeam: Instrument) -> None:
    changes: list[dict[str, object]] = [
        {"id": "a-pack", "local_pack": True},
        {"id": "z-wellbeing", "local_pack": False},
        {"id": "a-session", "local_pack": False, "kind": Kind.SESSION},
        {"id": "b-wellbeing", "local_pack": False},
    ]
    expected = ["b-wellbeing", "z-wellbeing", "a-session", "a-pack"]
    for order in (changes, changes[::-1]):
        assert [one.id for one in _catalogue(moonbeam, *order).current()] == expected


def test_a_draft_is_never_suggested(moonbeam: Instrument) -> None:
    given = _catalogue(moonbeam, {}).for_rater(RaterRole.CHILD, 14)
    draft = _catalogue(moonbeam, {"structure_only": True}).for_rater(RaterRole.CHILD, 14)
    assert ([one.id for one in given], draft) == (["moonbeam"], ())


@pytest.mark.parametrize(
    ("scale", "age", "role", "suggested"),
    [
        (ScaleKind.POINTS, 8, RaterRole.CHILD, True),
        (ScaleKind.POINTS, 7, RaterRole.CHILD, False),
        (ScaleKind.FACES, 7, RaterRole.CHILD, True),
        (ScaleKind.FACES, 6, RaterRole.CHILD, True),
        (ScaleKind.FACES, 5, RaterRole.CHILD, False),
        (ScaleKind.POINTS, 5, RaterRole.PARENT, True),
        (ScaleKind.POINTS, 9, RaterRole.TEACHER, False),
    ],
)
def test_small_children_are_not_asked_and_young_ones_get_faces(
    moonbeam: Instrument, scale: ScaleKind, age: int, role: RaterRole, suggested: bool
) -> None:
    change = {"age_from": None, "scale": replace(moonbeam.scale, kind=scale)}
    assert bool(_catalogue(moonbeam, change).for_rater(role, age)) is suggested


def test_changed_content_under_the_same_version_is_told(moonbeam: Instrument) -> None:
    catalogue = _catalogue(moonbeam, {"version": "1"}, {"version": "2", "checksum": "new"}, {"version": "3"})
    stored = {
        ("moonbeam", "1"): moonbeam.checksum,
        ("moonbeam", "2"): moonbeam.checksum,
        ("gone", "1"): "whatever",
    }
    assert [one.version for one in changed_without_version(stored, catalogue)] == ["2"]
    assert changed_without_version({}, catalogue) == ()
