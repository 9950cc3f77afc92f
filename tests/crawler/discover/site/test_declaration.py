"""What the config says of a source that was found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Entry
from config.model import Source
from crawler.discover.site.candidates import Listing, Named, Place, SourceCandidate
from crawler.discover.site.declaration import declaration, free_id, outlet_name

FEED = "https://www.paper.co.uk/markets/rss.xml"


def found(url: str = FEED, title: str = "") -> SourceCandidate:
    place = Place(url=url, named=Named.HEAD)
    return SourceCandidate(place=place, url=url, kind="feed", listed=Listing(title=title))


def test_a_declaration_has_what_is_known_and_no_more() -> None:
    table = declaration(found(title="The Paper: Markets"), outlet="", language="en-GB", taken=())
    assert table == {
        "id": "paper", "name": "The Paper", "url": FEED, "kind": "feed", "language": "en",
    }  # fmt: skip
    assert declaration(found(), outlet="海川", language="zh-Hans-CN", taken=())["language"] == "zh"
    assert "language" not in declaration(found(), outlet="X", language="", taken=())


def test_a_list_of_chinese_headlines_is_chinese_where_nothing_says_so() -> None:
    entry = Entry(url=FEED, raw_url=FEED, title="央行宣布下调LPR利率")
    place = Place(url=FEED, named=Named.LINK)
    front = SourceCandidate(place=place, url=FEED, kind="listing", listed=Listing(entries=(entry,)))
    assert declaration(front, outlet="", language="", taken=())["language"] == "zh"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Northbridge Ledger: Top stories", "The Northbridge Ledger"),
        ("Meridian Wire - Markets", "Meridian Wire"),
        ("证券时报网-要闻", "证券时报网"),
        ("海川财经网 | 滚动", "海川财经网"),
        ("Seeking-Alpha Daily", "Seeking-Alpha Daily"),
        ("  ", ""),
    ],
)
def test_the_outlet_s_name_stands_before_the_separator(title: str, name: str) -> None:
    assert outlet_name(title) == name


@pytest.mark.parametrize(
    ("url", "taken", "expected"),
    [
        (FEED, (), "paper"),
        (FEED, ("paper",), "paper-markets"),
        (FEED, ("paper", "paper-markets"), "paper-markets-2"),
        ("https://paper.co.uk/rss", ("paper",), "paper-2"),
        ("http://127.0.0.1:8080/feed", (), "the-ledger"),
        ("http://[::1]/feed", (), "the-ledger"),
    ],
)
def test_an_id_is_free_and_says_whose_it_is(
    url: str, taken: tuple[str, ...], expected: str
) -> None:
    assert free_id(url, "The Ledger", taken) == expected


def test_an_outlet_without_a_latin_letter_at_an_ip_address_is_called_source() -> None:
    assert free_id("http://127.0.0.2/", "海川", ()) == "source"


@settings(max_examples=30)
@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=60))
def test_whatever_a_site_calls_itself_its_declaration_is_valid(
    title: str, outlet: str, language: str
) -> None:
    table = declaration(found(title=title), outlet=outlet.strip(), language=language, taken=())
    assert Source.model_validate(table).id == "paper"
