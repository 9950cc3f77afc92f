from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.discover.model import Hints
from tests.crawler.discover.documents import PAGE, read

HEAD = (
    '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Desk</title>'
)
ITEM = "<item><title>One</title><link>http://news.example.com/1</link></item></channel></rss>"
NONE = Hints()


def hints(channel: str) -> Hints:
    return read(HEAD + channel + ITEM).hints


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("<ttl>45</ttl>", 45),
        ("<ttl> 20.0 </ttl>", 20),
        ("<sy:updatePeriod>\n hourly </sy:updatePeriod>", 60),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 360),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            1440,
        ),
        ("<ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 90),
    ],
)
def test_a_feed_says_how_long_it_stays_as_it_is(channel: str, minutes: int) -> None:
    assert hints(channel).ttl == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "channel",
    [
        "",
        "<ttl>0</ttl>",
        "<ttl>-5</ttl>",
        "<ttl>soon</ttl>",
        "<ttl>" + "9" * 400 + "</ttl>",
        "<sy:updatePeriod>often</sy:updatePeriod>",
        "<sy:updateFrequency>3</sy:updateFrequency>",
        "<skipHours/><skipDays></skipDays>",
        "<skipHours><hour>-1</hour><hour>25</hour><hour>noon</hour></skipHours>",
        "<skipDays><day>Someday</day><day>6</day></skipDays>",
    ],
)
def test_nonsense_is_no_hint(channel: str) -> None:
    assert hints(channel) == NONE


def test_all_hours_and_days_to_skip_are_read() -> None:
    found = hints(
        "<skipHours><hour>0</hour><hour> 7 </hour><hour>24</hour><hour>23</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>sunday</day></skipDays>"
    )
    assert found == Hints(skip_hours=frozenset({0, 7, 23}), skip_days=frozenset({5, 6}))


def test_hours_in_an_article_about_feeds_are_no_hint() -> None:
    item = ITEM.replace("One", "<![CDATA[<skipHours><hour>3</hour></skipHours>]]>")
    assert read(HEAD + item).hints == NONE


def test_an_rss_feed_names_its_hub_and_its_topic() -> None:
    found = read(
        HEAD + '<atom:link rel="hub" href="https://hub.example.org/"/>'
        '<atom:link rel="self" href="/feed.xml"/>' + ITEM
    )
    assert (found.hub, found.topic) == (
        "https://hub.example.org/",
        "http://news.example.com/feed.xml",
    )


def test_an_atom_feed_names_its_hub_and_its_topic() -> None:
    found = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Desk</title>'
        '<link rel="HUB" href="https://hub.example.org/a"/>'
        '<link rel="hub" href="https://hub.example.org/b"/>'
        '<link rel="self" href="https://news.example.com/atom"/><entry><id>1</id>'
        '<title>One</title><link href="http://news.example.com/1"/></entry></feed>'
    )
    assert (found.hub, found.topic) == (
        "https://hub.example.org/a",
        "https://news.example.com/atom",
    )


def test_a_json_feed_names_its_hub_and_its_topic() -> None:
    found = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Desk",'
        ' "feed_url": "https://news.example.com/feed.json", "hubs": [5,'
        ' {"type": "rssCloud", "url": "https://cloud.example.org/"},'
        ' {"type": "WebSub", "url": "https://hub.example.org/"}],'
        ' "items": [{"id": "1", "url": "http://news.example.com/1", "title": "One"}]}'
    )
    assert (found.hub, found.topic) == (
        "https://hub.example.org/",
        "https://news.example.com/feed.json",
    )


def test_a_feed_that_does_not_name_itself_is_known_to_its_hub_by_its_address() -> None:
    found = read(HEAD + '<atom:link rel="hub" href="https://hub.example.org/"/>' + ITEM)
    assert found.topic == PAGE


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "ftp://hub.example.org/", "//["])
def test_a_hub_without_a_web_address_is_none(address: str) -> None:
    found = read(HEAD + f'<atom:link rel="hub" href="{address}"/>' + ITEM)
    assert (found.hub, found.topic) == ("", "")


def paged(*links: tuple[str, str]) -> str:
    named = "".join(f'<atom:link rel="{rel}" href="{href}"/>' for rel, href in links)
    return read(HEAD + named + ITEM).next_page


def test_a_paged_feed_names_its_next_page_and_an_archived_one_the_older() -> None:
    archived, following = ("prev-archive", "/2026/10.xml"), ("next", "?page=2")
    assert paged(archived, following) == f"{PAGE}?page=2"
    assert paged(archived) == "http://news.example.com/2026/10.xml"


@pytest.mark.parametrize("href", ["http://other.example.org/2", PAGE, "", "ftp://x/"])
def test_a_page_elsewhere_or_the_feed_itself_is_no_next_page(href: str) -> None:
    assert paged(("next", href)) == ""


def test_a_json_feed_names_its_next_page() -> None:
    found = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Desk",'
        ' "next_url": "http://news.example.com/feed.json?page=2",'
        ' "items": [{"id": "1", "url": "http://news.example.com/1", "title": "One"}]}'
    )
    assert found.next_page == "http://news.example.com/feed.json?page=2"
