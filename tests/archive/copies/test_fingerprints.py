"""Fingerprints are stored: they must never change, and near texts must share a band."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.copies.fingerprints import Words, bands, likeness

EN = (
    "Treasury yields climbed on Friday after the Federal Reserve said that it would keep rates at "
    "4.25 percent until inflation falls below 2 percent, and traders pushed back their bets on a "
    "cut to the second quarter of next year, people familiar with the matter said."
)


def test_words_are_characters_numbers_and_words() -> None:
    assert Words.of("ＣＰＩ同比上涨1.5%，鄭州 up 1,200").tokens == (
        *("cpi", "同", "比", "上", "涨", "1.5", "郑", "州", "up", "1,200"),
    )


def test_a_stored_fingerprint_stays_what_it_was() -> None:
    stored = Words.of(EN).fingerprint
    assert len(stored) == 192
    assert stored[:24] == "Vkn95aXPxUf0VY6pQ9xWC9zO"
    assert bands(stored)[:2] == (3168169516444540617, 1367757553779125895)


def test_a_short_text_has_none() -> None:
    assert Words.of("Markets are closed today.").fingerprint == ""
    assert bands("") == ()


def test_a_changed_word_leaves_bands_in_common() -> None:
    changed = EN.replace("Friday", "Thursday")
    shared = set(bands(Words.of(EN).fingerprint)) & set(bands(Words.of(changed).fingerprint))
    assert len(shared) >= 4


def test_equal_texts_are_copies_and_other_numbers_make_siblings() -> None:
    one = Words.of(EN)
    assert likeness(one, one) == ("copy", 1.0)
    other = Words.of(EN.replace("4.25", "3.75").replace(" 2 ", " 3 "))
    assert likeness(one, other)[0] == "sibling"


@given(st.text(), st.text())
def test_likeness_does_not_depend_on_the_order(one: str, other: str) -> None:
    assert likeness(Words.of(one), Words.of(other)) == likeness(Words.of(other), Words.of(one))


@given(st.lists(st.sampled_from("甲乙丙丁 ab 12 "), min_size=40).map("".join))
def test_every_text_that_is_long_enough_has_twelve_bands(text: str) -> None:
    words = Words.of(text)
    assert len(bands(words.fingerprint)) == (12 if words.enough else 0)


ABOUT = (
    "Kestrel Foods provides grocery services to customers in many countries through a network of "
    "subsidiaries and partners. This release contains forward-looking statements, which are "
    "subject to risks that could cause actual results to differ from those expressed or implied. "
    "Except as required by law it undertakes no obligation to update any of them, and readers "
    "should not rely on what was said before; its web site has the reports of past years."
)
HIRED = (
    "Kestrel Foods has named Mona Lindqvist as its chief financial officer with effect from next "
    "month. She joins from a shipping group where she ran the treasury and led two bond sales, "
    "and succeeds a long-serving colleague who retires after the annual meeting in the spring."
)
BOUGHT = (
    "Kestrel Foods will buy a chain of bakeries in the north of the country to widen its range of "
    "fresh bread. The seller, a family that started with a single oven, keeps a small stake and "
    "a seat on the board; the price was not disclosed and regulators still have to approve it."
)


def test_texts_that_share_what_stands_below_every_release_are_not_copies() -> None:
    one, other = (Words.of(f"{text}\n\n{ABOUT}\n\n{EN}") for text in (HIRED, BOUGHT))
    common = one.shingles & other.shingles
    assert len(common) / len(one.shingles | other.shingles) >= 0.5
    assert likeness(one, other)[0] == "other"


def test_an_outlet_s_own_texts_have_to_be_nearly_equal() -> None:
    texts = [f"{HIRED}\n\n{BOUGHT}\n\n{ABOUT}", f"{HIRED}\n\n{BOUGHT}\n\n{EN}"]
    abroad = likeness(*(Words.of(text, outlet=str(i)) for i, text in enumerate(texts)))
    here = likeness(*(Words.of(text, outlet="Ledger") for text in texts))
    assert (abroad[0], here[0]) == ("other", "other")
    added = [texts[0], texts[0] + "\n\n" + "Its shares were little changed in early trading."]
    assert likeness(*(Words.of(text, outlet="Ledger") for text in added))[0] == "copy"


def test_an_excerpt_by_the_same_outlet_has_to_be_in_the_longer_text_whole() -> None:
    cut, whole = f"{HIRED}\n\n{ABOUT}", f"{HIRED}\n\n{ABOUT}\n\n{BOUGHT}"
    assert likeness(Words.of(cut, outlet="Wire"), Words.of(whole, outlet="Post"))[0] == "copy"
    rest = whole.replace("She joins from", "The new officer comes from")
    assert likeness(Words.of(cut, outlet="Wire"), Words.of(rest, outlet="Wire"))[0] == "other"


def test_days_are_read_in_both_languages() -> None:
    text = "12月9日公告，9 December, Dec. 10, January 31, may 5G and March 2026, 13月40日"
    assert Words.of(text).days == {(12, 9), (12, 10), (1, 31)}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("it’s 3.5%—“up”, by 1,000 at 10:30.", "it s 3.5 up by 1,000 at 10:30"),
        ("q3 über_all 7.", "q 3 über all 7"),
        ("降准0.5个 百分点q3", "降 准 0.5 个 百 分 点 q 3"),
    ],
)
def test_a_text_of_any_script_is_taken_apart_alike(text: str, tokens: str) -> None:
    assert Words.of(text).tokens == tuple(tokens.split())
