from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.strings import is_storable, storable


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
