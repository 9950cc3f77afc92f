from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.strings import (
    is_storable,
    storable,
    without_commands,
    without_sequences,
    without_unseen,
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("", ""), ("a\x00b", "ab"), ("half \ud83d", "half "), ("😀 央行\n", "😀 央行\n")],
)
def test_nul_and_half_surrogates_are_dropped(text: str, kept: str) -> None:
    assert storable(text) == kept


@given(st.text(alphabet=st.characters()))
def test_what_is_storable_has_a_form_in_utf_8(text: str) -> None:
    assert is_storable(storable(text))
    assert "\x00" not in storable(text)
    storable(text).encode()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\x1b[31mred\x1b[0m rates", "red rates"),
        ("\x1b[38;5;196;1mred\x1b[?25l\x1b[2 q", "red"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x9d0;owned\x9ccopper", "copper"),
        ("a\x9bb", "ab"),  # no sequence: one control
        ("\x1b]0;title\x07a \x1b]8;;http://b.test\x1b\\link", "a link"),
        ("\x1b]not ended\n rates", "]not ended\n rates"),
        ("[31m is how red is told", "[31m is how red is told"),
    ],
)
def test_a_control_sequence_goes_whole(text: str, kept: str) -> None:
    assert without_commands(text) == kept


def test_an_escape_in_markup_may_be_a_reference() -> None:
    text = "<b>&#27;[31mred&#x1b;[0m</b> &#x1B;[1mrates"
    assert without_sequences(text) == "<b>red</b> rates"


def test_what_has_no_width_goes_but_for_what_joins_letters() -> None:
    assert without_unseen("\ufeffze\u200bro\u2060") == "zero"
    joined = "می\u200cخواهم 👩\u200d💻"
    assert without_unseen(joined) == joined
