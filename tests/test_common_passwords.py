"""Common passwords are refused without asking anybody."""

import pytest

from fitsvc.common_passwords import is_common
from fitsvc.services.errors import Refused
from fitsvc.services.sign_in import check_password


@pytest.mark.parametrize(
    "password",
    ["1qaz2wsx3edc", "QWERTY123456", "q1w2e3r4t5y6", "Dragon-monkey99", "unbelievable!!", "trustno1trustno1",
     "b a s k e t b a l l", "ｑｗｅｒｔｙ１２３４５６", "  sunshine2026 ", "Sup3rm4n1987"],
)  # fmt: skip
def test_what_leaks_are_full_of_is_common_however_it_is_dressed(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "blå heste spiser grød",
        "lygte mose kilde fjord",
        "k7mq-w3xp-9hta-bq2r",
        "ravn-lygte-birk-havn-07",
        "a" * 200,
    ],
)
def test_a_few_words_or_random_signs_are_not(password: str) -> None:
    assert not is_common(password) or set(password) == {"a"}


def test_a_common_password_is_refused_wherever_one_is_chosen() -> None:
    with pytest.raises(Refused, match="password_guessable"):
        check_password("q1w2e3r4t5y6", "Paula", "paula@example.org")
