from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.han import count_han
from archive.text.words import count_words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("— … ——！", 0),
        ("The Fed's 3.5% move", 4),
        ("A股上涨2点", 6),
        ("The Fed raised rates.", 4),
        ("It doesn't, e-mail 1,000.5 of them", 6),  # one word each: doesn't, e-mail, 1,000.5
        ("snake_case", 2),
        ("央行下调存款准备金率0.5个百分点", 15),  # 14 characters, one number
        ("한국은행 금리", 2),
        ("日本のニュース", 3),  # two Han characters, one run of kana
    ],
)
def test_words_and_han_characters_are_counted(text: str, count: int) -> None:
    assert count_words(text) == count


@given(st.text(), st.text())
def test_paragraphs_are_counted_as_their_parts(one: str, other: str) -> None:
    assert count_words(f"{one}\n\n{other}") == count_words(one) + count_words(other)


@given(st.text())
def test_no_text_has_fewer_words_than_han_characters(text: str) -> None:
    assert count_words(text) >= count_han(text)
