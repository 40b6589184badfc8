"""No cell of ours is calculated by the spreadsheet that opens it."""

import pytest

from fitsvc.web.csv_guard import guarded


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+45 12",
        "-cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "\uff1d1+1",
        "-1+1",
        "-1|x",
    ],
)
def test_what_a_spreadsheet_would_calculate_is_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-3", "-3,5", "+2.25", "-1.000,5", "7", "", "Ravn", "a=b", "Skole-hjem"])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell
