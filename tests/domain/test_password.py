import pytest

from fitsvc.domain.password import is_guessable, is_guessable_pin


@pytest.mark.parametrize(
    "password",
    ["adgangskode1", "Adgangskode123!", "P4ssw0rd!2026", "qwertyuiop12", "sommer2026!!", "aaaaaaaaaaaa", "123456789012",
     "abcabcabcabc", "velkommen2026", "Welcome12345", "vinterVINTER1"],
)  # fmt: skip
def test_the_first_passwords_anybody_would_try_are_guessable(password: str) -> None:
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    ["blå heste spiser grød", "correct horse battery staple", "k7mq-w3xp-9hta-bq2r", "tre små katte ud"],
)
def test_a_few_words_or_random_signs_are_not(password: str) -> None:
    assert not is_guessable(password)


def test_ones_own_name_and_address_are_guessable_for_oneself_only() -> None:
    assert is_guessable("paulahansen2026", "Paula Hansen", "paula@example.org")
    assert not is_guessable("paulahansen2026", "Carl Olsen", "carl@example.org")


@pytest.mark.parametrize(
    ("pin", "guessable"),
    [
        ("1111", True),
        ("1234", True),
        ("4321", True),
        ("1212", True),
        ("7890", True),
        ("2468", False),
        ("80413", False),
    ],
)
def test_a_row_or_a_repetition_is_a_guessable_pin(pin: str, guessable: bool) -> None:
    assert is_guessable_pin(pin) is guessable
