"""docs/instruments.md shows a pack that works, every own instrument, and an error as it really looks."""

import re
from pathlib import Path

import pytest

from fitsvc.domain.instrument import InstrumentError
from fitsvc.domain.instrument_file import parse_instrument
from fitsvc.instruments import load_catalogue

DOCS = (Path(__file__).parents[2] / "docs" / "instruments.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", DOCS, re.DOTALL)
PACK = EXAMPLE.group(1) if EXAMPLE else ""


def test_the_documented_pack_can_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "tidevandet.toml").write_text(PACK, encoding="utf-8")
    one = load_catalogue(tmp_path).get("tidevandet")
    assert one.may_be_given
    assert one.is_on_curve


def test_the_documented_error_is_the_one_that_comes() -> None:
    without_a_prompt = PACK.replace('text.da.prompt = "Hvor højt stod åen?"\n', "")
    with pytest.raises(InstrumentError) as raised:
        parse_instrument(without_a_prompt, file="tidevandet.toml", local_pack=True)
    assert str(raised.value) in DOCS


def test_every_own_instrument_is_documented() -> None:
    own = load_catalogue().current()
    assert [one.id for one in own if f"`{one.id}`" not in DOCS] == []
    assert f"{len(own)} egne skemaer" in DOCS
