from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.lines import image_key, letters, line_key


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Fed: “Rates” UP – again!", "fedratesupagain"),
        ("（责任编辑：王_晓）", "责任编辑王晓"),
        ("Fed: Rates UP_2 - again!\t\x7f", "fedratesup2again"),
        ("“It’s – well … up,” he\u00a0said — ‘a lot’", "itswelluphesaidalot"),
        ("Straße’s ①٢", "strasses①٢"),
        ("Straße", "strasse"),
        ("https://img.example/ad.png", "//img.example/ad.png"),
        ("http://img.example/ad.png", "//img.example/ad.png"),
        ("https://img.example/ad.png says all", "httpsimgexampleadpngsaysall"),
    ],
)
def test_a_line_is_known_by_its_letters_and_an_image_by_its_address(line: str, key: str) -> None:
    assert line_key(line) == key


def test_a_line_that_only_begins_with_an_address_is_no_image() -> None:
    assert image_key("https://img.example/ad.png says all") == ""


@given(st.text(), st.sampled_from(["-", " ", "“", "_", "。"]))
def test_marks_around_a_line_change_nothing(line: str, mark: str) -> None:
    assert letters(f"{mark}{line}{mark}") == letters(line)
