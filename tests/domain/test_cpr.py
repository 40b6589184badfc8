import pytest

from fitsvc.domain.cpr import has_cpr


@pytest.mark.parametrize(
    "text",
    [
        "010112-1234",
        "0101121234",
        "SAG 010112 1234",
        "x010112–1234x",
        "０１０１１２-１２３４",
        "mor: 610112/1234.",
        "010112 - 1234",
    ],
)
def test_what_looks_like_a_cpr_number_is_found(text: str) -> None:
    assert has_cpr(text)


@pytest.mark.parametrize(
    "text",
    ["ring til +4512345678", "", "SAG-2026-0412", "12345678", "20260412-17", "01011212345", "3.b", "010112"],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not has_cpr(text)
