"""Passwords and PINs nobody should use, because they are the first ones somebody else would try."""

import re

_PLAIN = str.maketrans("013457@$!", "oieastasi")  # the swaps everybody knows: p4ssw0rd
_STEMS = (
    "adgangskode", "kodeord", "password", "passw", "velkommen", "welcome", "hemmelig", "secret", "sommer", "vinter",
    "foraar", "forår", "efteraar", "efterår", "kommune", "danmark", "denmark", "letmein", "iloveyou", "qwertyuiop",
    "qwerty", "asdfghjkl", "asdf", "zxcvbnm", "abcdefghijkl", "abcdef", "admin", "login", "bruger", "fodbold",
    "football", "master", "dragon", "monkey", "test", "mandag", "januar", "februar", "marts", "april", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
_RUNS = "01234567890123456789", "98765432109876543210"


def is_guessable(password: str, *known: str) -> bool:
    """Whether a password is little more than a common word, a row of keys, or what is `known` about the person."""
    lowered = password.casefold()
    if len(set(lowered)) < 6:
        return True
    for version in (lowered, lowered.translate(_PLAIN)):
        rest = version
        for word in sorted({*_words(known), *_STEMS}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.sub(r"[\W\d_]", "", rest)) < 4:
            return True
    return False


def is_guessable_pin(pin: str) -> bool:
    """Whether a PIN is one digit repeated, one pair repeated, or a row such as 1234."""
    return len(set(pin)) == 1 or pin == pin[:2] * (len(pin) // 2) or any(pin in run for run in _RUNS)


def _words(known: tuple[str, ...]) -> set[str]:
    return {word for text in known for word in re.split(r"[\W_]+", text.casefold()) if len(word) > 2}
