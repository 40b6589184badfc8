"""What is read from an instrument file, and every way one is refused: which key, what was expected."""

from pathlib import Path

import pytest

from fitsvc.domain.instrument import Direction, Instrument, InstrumentError, Kind, ScaleKind, ScoringMethod
from fitsvc.domain.instrument_file import normalised, parse_instrument
from fitsvc.domain.rater import RaterRole

PACK = (Path(__file__).parents[1] / "packs" / "moonbeam" / "moonbeam.toml").read_text(encoding="utf-8")
SCORED = '[scoring]\nmethod = "sum"\nminimum = 0\nmaximum = 40\nmin_answered = 4\n'
ASSUMPTIONS = PACK[PACK.index("[assumptions]") : PACK.index("[norms]")]
NORMS = PACK[PACK.index("[norms]") : PACK.index("[text.da]")]
ENGLISH = PACK[PACK.index("[text.en]\n") : PACK.index("[[items]]")]


def _parse(text: str, *, local_pack: bool = True) -> Instrument:
    return parse_instrument(text, file="pack.toml", local_pack=local_pack)


def _changed(*changes: tuple[str, str]) -> str:
    text = PACK
    for old, new in changes:
        assert old in text, f"the test changes what is not there: {old}"
        text = text.replace(old, new, 1)
    return text


def test_a_whole_pack_is_read() -> None:
    one = _parse(PACK)
    assert (one.id, one.version, one.kind, one.direction) == (
        "moonbeam",
        "2.1",
        Kind.WELLBEING,
        Direction.HIGHER_IS_BETTER,
    )
    assert one.rater_roles == (RaterRole.CHILD, RaterRole.PARENT)
    assert (one.age_from, one.age_to, one.languages) == (13, None, ("da", "en"))
    assert dict(one.validated) == {"da": True, "en": False}
    assert (one.licence_number, one.local_pack, one.structure_only) == ("MOON-0000", True, False)
    assert (one.scale.kind, one.scale.values) == (ScaleKind.POINTS, tuple(float(n) for n in range(11)))
    assert (one.scoring.method, one.scoring.minimum, one.scoring.maximum) == (ScoringMethod.SUM, 0, 40)
    assert one.assumptions is not None
    assert (one.assumptions.mean, one.assumptions.sd, one.assumptions.z) == (22, 8, 1.96)
    assert one.norms is not None
    assert (one.norms.clinical_mean, one.norms.norm_sd, one.norms.cutoff) == (20, 6, 24.5)
    assert [item.id for item in one.items] == ["tides", "lighthouse", "craters", "owls"]
    assert [item.cannot_see for item in one.items] == [False, False, False, True]
    assert one.text("da").areas["owls"] == "Ugler"
    assert (one.takes_comment, one.alliance, one.notice_at) == (False, None, None)


def test_an_item_has_its_own_end_labels_or_those_of_the_form() -> None:
    one = _parse(PACK)
    assert (one.item_text("tides", "da").low, one.item_text("tides", "da").high) == ("Ebbe", "Flod")
    assert (one.item_text("owls", "da").low, one.item_text("owls", "da").high) == ("Helt mørkt", "Fuldmåne")


def test_the_error_says_file_key_what_was_expected_and_what_stood_there() -> None:
    with pytest.raises(InstrumentError) as raised:
        _parse(_changed(('text.da.prompt = "Hvor klart lyste fyrtårnet?"\n', "")))
    error = raised.value
    assert str(error) == "pack.toml: items[2].text.da.prompt: expected a non-empty text, got nothing"
    assert (error.file, error.key, error.expected) == (
        "pack.toml",
        "items[2].text.da.prompt",
        "a non-empty text",
    )


REFUSALS = [
    # what the law asks for
    ('licence = "Opdigtet licens til Månekommunen, kun til test"\n', "", "licence", "a non-empty text"),
    ('"Opdigtet licens til Månekommunen, kun til test"', '"  "', "licence", "a non-empty text"),
    ('"MOON-0000"', '""', "licence_number", "a non-empty text"),
    ('version = "2.1"\n', "", "version", "a non-empty text"),
    ('"2.1"', "2.1", "version", "a non-empty text"),
    ('"2.1"', '"2.1 beta"', "version", "numbers and full stops"),
    ("source = \"Måneskinsskemaet, opdigtet til fitsvc' egne test\"\n", "", "source", "a non-empty text"),
    ('direction = "higher_is_better"\n', "", "direction", "one of higher_is_better, lower_is_better"),
    ('"higher_is_better"', '"up"', "direction", "one of higher_is_better, lower_is_better"),
    # what it is
    ('id = "moonbeam"\n', "", "id", "lower-case letters, digits and hyphens"),
    ('"moonbeam"', '"Moon Beam"', "id", "lower-case letters, digits and hyphens"),
    ('"moonbeam"', '"måneskin"', "id", "lower-case letters, digits and hyphens"),
    ('kind = "wellbeing"', 'kind = "moon"', "kind", "one of wellbeing, talk"),
    ('["child", "parent"]', "[]", "rater_roles", "a list of rater roles (child, parent"),
    ('["child", "parent"]', '["wolf"]', "rater_roles", "a list of rater roles (child, parent"),
    ('["child", "parent"]', '"child"', "rater_roles", "a list of rater roles (child, parent"),
    ('["child", "parent"]', '["child", "child"]', "rater_roles", "each only once"),
    ("age_from = 13", "age_from = -1", "age_from", "a whole number from 0 to 25"),
    ("age_from = 13", "age_from = 13.5", "age_from", "a whole number from 0 to 25"),
    ("age_from = 13", "age_from = 13\nage_to = 12", "age_to", "an age from 13 up"),
    ("age_from = 13", "age_form = 13", "age_form", "only these keys here: age_from, age_to, "),
    ("[validated]", "notice_at = 11\n[validated]", "notice_at", "a number from 0 to 10"),
    ("[validated]", 'structure_only = "yes"\n[validated]', "structure_only", "true or false"),
    # languages
    ('["da", "en"]', "[]", "languages", "a list of language codes"),
    ('["da", "en"]', '["dansk"]', "languages", "a list of language codes"),
    ('["da", "en"]', '["da", "da"]', "languages", "each only once"),
    ('["da", "en"]', '["da"]', "validated.en", "only these keys here: da"),
    ('["da", "en"]', '["da", "en", "fo"]', "items[1].text.fo.prompt", "a non-empty text"),
    ("da = true", "da = 1", "validated.da", "true or false"),
    # texts
    (ENGLISH, "", "items[2].text.en.low", "a non-empty text"),
    ('title = "Måneskinsskemaet"\n', "", "text.da.title", "a non-empty text"),
    ('intro = "Think of the moon as it was last night."\n', "", "text.en.intro", "a non-empty text"),
    ('low = "Helt mørkt"\n', "", "items[2].text.da.low", "a non-empty text"),
    ('high = "Full moon"', 'high = ""', "items[2].text.en.high", "a non-empty text"),
    ('text.da.low = "Ebbe"', 'text.da.low = ""', "items[1].text.da.low", "a non-empty text"),
    ('text.en.prompt = "How high was the tide?"\n', "", "items[1].text.en.prompt", "a non-empty text"),
    ('text.en.prompt = "How', 'text.de.prompt = "?"\ntext.en.prompt = "How', "items[1].text.de", "only"),
    ('craters = "Kratere"\n', "", "text.da.areas.craters", "a non-empty text"),
    ('craters = "Kratere"', 'craters = "Kratere"\nmud = "Mudder"', "text.da.areas.mud", "only these keys"),
    ('high = "Fuldmåne"', 'high = "Fuldmåne"\nlabel = "x"', "text.da.label", "only these keys"),
    ('high = "Fuldmåne"', 'high = "Fuldmåne"\nsteps = ["en"]', "text.da.steps", "a list of 11 texts"),
    ('high = "Fuldmåne"', 'high = "Fuldmåne"\ncomment = "Mere?"', "text.en.comment", "as in the other"),
    ('high = "Fuldmåne"', 'high = "Fuldmåne"\ncomment = ""', "text.en.comment", "as in the other"),
    # items
    ('id = "owls"', 'id = "tides"', "items[4].id", "an id that no other item has"),
    ('id = "owls"', 'id = "the owls"', "items[4].id", "lower-case letters"),
    ('area = "owls"\n', "", "items[4].area", "lower-case letters"),
    ("cannot_see = true", "cannot_se = true", "items[4].cannot_se", "only these keys"),
    (PACK[PACK.index("[[items]]") :], "", "items", "at least one [[items]]"),
    (PACK[PACK.index("[[items]]") :], "[items]\nid = 'owls'", "items", "at least one [[items]]"),
    ("age_from = 13", "age_from = 13\nitems = ['owls']", "(the file)", "valid TOML"),
    # scale
    ('kind = "points"', 'kind = "slider"', "scale.kind", "one of points, faces"),
    ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[0, 2, 1]", "scale.values", "ascending"),
    ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[0, 0]", "scale.values", "ascending"),
    ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[5]", "scale.values", "two or more"),
    ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[]", "scale.values", "two or more"),
    ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", '[0, "1"]', "scale.values", "two or more different numbers"),
    ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[0, true]", "scale.values", "two or more different numbers"),
    ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[0, inf]", "scale.values", "two or more different numbers"),
    ('kind = "points"', 'kind = "faces"', "scale.values", "3 or 5 values for faces"),
    ("[scale]", "[scales]", "scale", "a table"),
    # scoring
    (SCORED, "", "scoring", "a table"),
    ('method = "sum"', 'method = "median"', "scoring.method", "one of mean, sum, none"),
    ('method = "sum"', 'method = "none"', "scoring.minimum", "only these keys here: method"),
    ('method = "sum"', 'method = "mean"', "scoring.maximum", "10"),
    ("maximum = 40", "maximum = 50", "scoring.maximum", "40"),
    ("minimum = 0", "minimum = 1", "scoring.minimum", "0"),
    ("min_answered = 4", "min_answered = 5", "scoring.min_answered", "a whole number from 1 to 4"),
    ("min_answered = 4", "min_answered = 0", "scoring.min_answered", "a whole number from 1 to 4"),
    ("min_answered = 4\n", "", "scoring.min_answered", "a whole number from 1 to 4"),
    ('kind = "wellbeing"', 'kind = "talk"', "scoring.method", "none, for a form of the kind talk"),
    ('kind = "wellbeing"', 'kind = "safety"', "scoring.method", "none, for a form of the kind safety"),
    # assumptions and norms
    ("mean = 22", "mean = 41", "assumptions.mean", "a number from 0 to 40"),
    ("sd = 8\ntarget", "sd = 0\ntarget", "assumptions.sd", "a number between 0 and 40"),
    ("target = 30", "target = nan", "assumptions.target", "a number from 0 to 40"),
    ("reliability = 0.85", "reliability = 1", "assumptions.reliability", "a number between 0 and 1"),
    ("reliability = 0.85", "reliability = 0", "assumptions.reliability", "a number between 0 and 1"),
    ("reliability = 0.85\n", "", "assumptions.reliability", "a number between 0 and 1"),
    ("growth = 0.6", "growth = 1.1", "assumptions.growth", "a number from 0 to 1"),
    ("rate = 0.1", "rate = 0", "assumptions.rate", "a number above 0"),
    ("spread = 2", "spread = -1", "assumptions.spread", "a number from 0 to 40"),
    ("spread = 2", "spread = 2\nz = 0", "assumptions.z", "a number between 0 and 10"),
    ("spread = 2", "spread = 2\nzz = 2", "assumptions.zz", "only these keys"),
    ("clinical_sd = 8", "clinical_sd = -8", "norms.clinical_sd", "a number between 0 and 40"),
    ("norm_mean = 28", "norm_mean = 48", "norms.norm_mean", "a number from 0 to 40"),
    ("cutoff = 24.5", "cutoff = 44", "norms.cutoff", "a number from 0 to 40"),
    ('source = "Opdigtede tal"\n', "", "norms.source", "a non-empty text"),
    ('kind = "wellbeing"', 'kind = "session"', "assumptions", "none, for only the total of a wellbeing form"),
    ("[norms]", "[alliance]\nlow_score = 6\nfall = 2\n[norms]", "alliance", "none, for it belongs to scored"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "expected"), REFUSALS)
def test_a_file_that_is_not_understood_is_refused(old: str, new: str, key: str, expected: str) -> None:
    with pytest.raises(InstrumentError) as raised:
        _parse(_changed((old, new)))
    assert (raised.value.file, raised.value.key) == ("pack.toml", key)
    assert expected in raised.value.expected


def test_norms_in_a_session_form_are_refused() -> None:
    text = _changed(('kind = "wellbeing"', 'kind = "session"'), (ASSUMPTIONS, ""))
    with pytest.raises(InstrumentError, match="norms: expected none"):
        _parse(text)


def test_only_local_packs_have_norms_and_drafts() -> None:
    with pytest.raises(InstrumentError, match="norms: expected none"):
        _parse(PACK, local_pack=False)
    assert _parse(_changed((NORMS, "")), local_pack=False).norms is None
    with pytest.raises(InstrumentError, match="structure_only: expected an own instrument to have its texts"):
        _parse(_changed(("[validated]", "structure_only = true\n[validated]")), local_pack=False)


def test_a_draft_may_lack_texts_and_cannot_be_given_out() -> None:
    draft = _changed(
        ("[validated]", "structure_only = true\n[validated]"),
        (ENGLISH, ""),
        ('text.da.prompt = "Hvor klart lyste fyrtårnet?"\n', 'text.da.prompt = ""\n'),
    )
    one = _parse(draft)
    assert (one.structure_only, one.may_be_given) == (True, False)
    assert (one.item_text("lighthouse", "da").prompt, one.text("en").title) == ("", "")
    assert one.item_text("tides", "da").prompt == "Hvor højt stod tidevandet?"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('title = "Måneskinsskemaet"', "title = 7", "text.da.title"),
        ('licence = "Opdigtet licens til Månekommunen, kun til test"\n', "", "licence"),
        ("min_answered = 4", "min_answered = 9", "scoring.min_answered"),
    ],
)
def test_a_draft_is_still_held_to_everything_but_its_texts(old: str, new: str, key: str) -> None:
    with pytest.raises(InstrumentError) as raised:
        _parse(_changed(("[validated]", "structure_only = true\n[validated]"), (old, new)))
    assert raised.value.key == key


def test_faces_need_a_word_for_each() -> None:
    faces = _changed(
        ('kind = "points"', 'kind = "faces"'),
        ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[0, 5, 10]"),
    )
    with pytest.raises(InstrumentError, match=r"text\.da\.steps: expected a list of 3 texts"):
        _parse(faces)
    named = faces.replace(
        'high = "Fuldmåne"\n', 'high = "Fuldmåne"\nsteps = ["Ny", "Halv", "Fuld"]\n'
    ).replace('high = "Full moon"\n', 'high = "Full moon"\nsteps = ["New", "Half", "Full"]\n')
    assert _parse(named).text("en").steps == ("New", "Half", "Full")


def test_a_session_form_has_thresholds_for_a_talk() -> None:
    session = _changed(
        ('kind = "wellbeing"', 'kind = "session"'),
        (ASSUMPTIONS, "[alliance]\nlow_score = 24\nfall = 8\nperfect = true\n"),
        (NORMS, ""),
    )
    prompt = _parse(session).alliance
    assert prompt is not None
    assert (prompt.low_score, prompt.fall, prompt.perfect, prompt.item_fall) == (24, 8, True, None)
    for line in ("low_score = 41", "low_score = -1"):
        with pytest.raises(InstrumentError, match=r"alliance\.low_score: expected a number from 0 to 40"):
            _parse(session.replace("low_score = 24", line))
    with pytest.raises(InstrumentError, match=r"alliance\.fall"):
        _parse(session.replace("fall = 8", "fall = 0"))


@pytest.mark.parametrize("text", ["id = ", "id = 'a'\nid = 'b'", "[[items]", "\x00"])
def test_what_is_not_toml_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(
        InstrumentError, match=r"pack\.toml: \(the file\): expected valid TOML, got .*(line|column)"
    ):
        _parse(text)


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("line ends", PACK.replace("\n", "\r\n")),
        ("byte order mark", "\ufeff" + PACK),
        ("trailing blanks", PACK.replace("\n", "  \n") + "\n\n"),
        ("letters of two signs", PACK.replace("å", "a\u030a")),
    ],
)
def test_editors_and_version_control_do_not_change_an_instrument(what: str, text: str) -> None:
    assert text != PACK, what
    assert _parse(text) == _parse(PACK)
    assert normalised(text) == normalised(PACK)


@pytest.mark.parametrize(
    "change", [("Fuldmåne", "Nymåne"), ("growth = 0.6", "growth = 0.7"), ("# Inv", "# inv")]
)
def test_any_other_change_shows_in_the_checksum(change: tuple[str, str]) -> None:
    assert _parse(_changed(change)).checksum != _parse(PACK).checksum


ODD = [
    *("true", "-1", "0", "7", "nan", "-inf", "1e400", "1" + "0" * 400, "1" * 5000, '""', '"x"', "'''\n'''"),
    *("[]", "[[]]", "[{}]", "[true]", '["child", 1]', "{}", "{ da = 1 }", "1979-05-27", "[" * 2000),
]


def _refusal(text: str) -> InstrumentError | None:
    try:
        _parse(text)
    except InstrumentError as error:
        return error
    return None


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:12])
def test_whatever_stands_in_a_key_is_read_or_refused_with_the_file_named(odd: str) -> None:
    lines = PACK.splitlines()
    keys = [(place, line.split(" = ")[0]) for place, line in enumerate(lines) if " = " in line]
    texts = ["\n".join([*lines[:place], f"{key} = {odd}", *lines[place + 1 :]]) for place, key in keys]
    refused = [error for error in map(_refusal, texts) if error is not None]
    assert len(refused) > len(texts) / 3
    assert {error.file for error in refused} == {"pack.toml"}
    assert max(len(str(error)) for error in refused) < 600
