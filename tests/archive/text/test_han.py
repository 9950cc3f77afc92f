from __future__ import annotations

import re

import pytest

from archive.search.folding import CJK_CHARACTER
from archive.search.index_schema import SEARCH
from archive.text.han import CJK, HAN, count_han, has_han


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("rates", 0),
        ("央行降准", 4),
        ("A股跌3%", 2),
        ("㐀鿿", 2),  # extension A to the block's end
        ("豈", 1),  # U+F900, a compatibility form
        ("𠀀𰀀", 2),  # planes 2 and 3
        ("カナ한글", 0),
        ("、。《》", 0),
    ],
)
def test_a_han_character_is_one_wherever_it_is_asked(text: str, count: int) -> None:
    assert count_han(text) == count
    assert has_han(text) is (count > 0)
    assert len(re.findall(f"[{HAN}]", text)) == count


@pytest.mark.parametrize("char", ["中", "々", "あ", "ン", "가", "힣", "豈", "𠀀", "\U0010ffff"])
def test_the_index_has_each_of_these_as_a_word_of_its_own(char: str) -> None:
    assert CJK_CHARACTER.fullmatch(char)
    assert re.fullmatch(f"[{CJK}]", char)


def test_the_schemas_text_of_the_ranges_is_that_of_released_archives() -> None:
    ranges = (
        "u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 "
        "OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000"
    )
    assert f"WHEN {ranges} THEN" in SEARCH
