"""Where the words of a query stand in an article, and the part that is shown."""

from __future__ import annotations

import pytest

from archive.search.query import parse
from archive.search.query_sql import wanted
from archive.search.snippets import snippet


def shown(query: str, text: str, title: str = "") -> str:
    """The part of the text that is shown, with brackets round what was found."""
    node = parse(query)
    assert node is not None
    _, shown, places = snippet(wanted(node), title, text)
    for start, end in reversed(places):
        shown = f"{shown[:start]}[{shown[start:end]}]{shown[end:]}"
    return shown


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("郑州", "在鄭州。", "在[鄭州]。"),
        ("fed", "Fed feds FED", "[Fed] feds [FED]"),
        ("fed*", "Feds", "[Feds]"),
        ("cafe", "Un café, un Café", "Un [café], un [Café]"),
        ("A股", "Ａ股与BA股", "[Ａ股]与BA股"),
        ("AT&T", "AT & T, ATT", "[AT & T], ATT"),
        ("3.5%", "13.5, 3.5, 3.52", "13.5, [3.5], 3.52"),
        ("300", "沪深300、300778", "沪深[300]、300778"),
        ("降准 OR 央行", "央行降准", "[央行][降准]"),
        ("央行 -降准", "央行降准", "[央行]降准"),
        ("title:央行 降准", "央行降准", "央行[降准]"),
        ("source:x", "央行降准", "央行降准"),
        ("İ", "İstanbul İ", "İstanbul [İ]"),
    ],
)
def test_what_is_marked_is_what_was_found(query: str, text: str, expected: str) -> None:
    assert shown(query, text) == expected


def test_the_title_is_marked_on_its_own() -> None:
    node = parse("央行 text:降准")
    assert node is not None
    assert snippet(wanted(node), "央行降准", "")[0] == ((0, 2),)


def test_a_part_begins_at_a_sentence_and_says_that_it_is_one() -> None:
    text = "甲。" * 60 + "今日，央行降准。" + "乙。" * 60
    assert shown("央行", text) == "…今日，[央行]降准。" + "乙。" * 34 + "…"


def test_the_place_with_the_most_of_the_words_is_shown() -> None:
    text = "Rates. " + "x " * 200 + "The Fed left rates." + " y" * 200
    assert shown("fed rates", text).startswith("…x x x x x x x x x x x x The [Fed] left [rates].")
