"""The HTML of gold beside ours: what differs is marked, nothing of a page becomes markup."""

from __future__ import annotations

from benchmarks.quality.comparison import difference, write_index
from benchmarks.quality.pages import Page
from benchmarks.quality.scores import Row
from benchmarks.quality.systems import Prediction


def test_lost_words_and_extra_words_are_marked() -> None:
    lines = list(
        difference(["Copper rose", "Tin fell"], ["Copper rose", "Tin slid"], chinese=False)
    )
    assert lines == [
        '<p class="same">Copper rose</p>',
        '<p>Tin <span class="lost">fell</span><span class="extra">slid</span></p>',
    ]


def test_chinese_differs_by_the_character() -> None:
    lines = list(difference(["沪指上涨"], ["沪指下涨"], chinese=True))
    assert lines == ['<p>沪指<span class="lost">上</span><span class="extra">下</span>涨</p>']


def test_a_lost_line_and_an_extra_line_are_marked_whole() -> None:
    assert list(difference(["Gone"], [], chinese=False)) == [
        '<p><span class="lost">Gone</span></p>'
    ]
    assert list(difference([], ["Share"], chinese=False)) == [
        '<p><span class="extra">Share</span></p>'
    ]


def make_page(name: str, **gold: object) -> Page:
    record = {"title": "T", "authors": [], **gold}
    return Page(id=name, url="https://a.com/", group="en", site="a.com", record=record)


def make_row(name: str, body: float) -> Row:
    return Row(id=name, group="en", site="a.com", seconds=0.0, shares={"body": body})


def test_nothing_of_a_page_becomes_markup_or_is_loaded() -> None:
    hostile = '<img src="https://evil.example/x" onerror=alert(1)></p><script>alert(2)</script>'
    page = make_page(hostile, body=hostile, title=hostile)
    found = Prediction(title=hostile, text=hostile, authors=(hostile,), images=(hostile,))
    index = write_index([page], {hostile: found}, [make_row(hostile, 0.5)])
    assert "<script" not in index
    assert "<img" not in index
    assert "src=" not in index.replace("src=&quot;", "")
    assert "default-src 'none'" in index


def test_the_worst_page_comes_first() -> None:
    pages = [make_page(name, body="x") for name in ("good", "bad")]
    found = {page.id: Prediction(text="x") for page in pages}
    index = write_index(pages, found, [make_row("good", 1.0), make_row("bad", 0.2)])
    assert index.index("bad <small>") < index.index("good <small>")


def test_where_segments_are_gold_the_missing_and_the_unwanted_are_shown() -> None:
    page = make_page("a", **{"with": ["kept words", "lost words"], "without": ["Share this"]})
    found = {"a": Prediction(text="kept words\nShare this")}
    index = write_index([page], found, [make_row("a", 0.5)])
    assert '<p class="lost">lost words</p>' in index
    assert '<p class="extra">Share this</p>' in index
    assert '<p class="lost">kept words</p>' not in index
