"""No cell of a file is taken for a formula, however the sign that begins one is written."""

import pytest

from qa_service.reporting.exports.files import harmless


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+1",
        "-1",
        "@A1",
        "\t1",
        "\r1",
        "\n=1",
        " =1+1",
        "\u00a0=1",
        "\ufeff=1",
        "\u200b=1",
        "\uff1d1",
        "\uff0b1",
        "\ufe631",
        " \uff20A1",
    ],
)
def test_a_text_that_could_begin_a_formula_is_kept_a_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["London = 1", "A-1", "", " ", 5, -5, 0.5, None])
def test_other_texts_and_all_numbers_stay_as_they_are(value):
    assert harmless(value) == value
