"""Which address an item's page has, where feeds write it in their own ways."""

from __future__ import annotations

import json

import pytest

from tests.crawler.discover.documents import read, source

ATOM = "http://www.w3.org/2005/Atom"
FEED = "http://feeds.example.org/news/all.xml"


def atom(entries: str, head: str = "", root: str = "") -> str:
    title = "<title>Desk</title><id>urn:feed</id>"
    return f'<feed xmlns="{ATOM}"{root}>{title}{head}{entries}</feed>'


def rss(items: str, link: str = "http://feeds.example.org/", root: str = "") -> str:
    head = f"<title>Desk</title><link>{link}</link>"
    return f'<rss version="2.0" xmlns:a="{ATOM}"{root}><channel>{head}{items}</channel></rss>'


def addresses(document: str) -> list[tuple[str, str]]:
    entries = read(document, source(language="en"), kind="feed", url=FEED).entries
    return [(entry.raw_url, entry.other_url) for entry in entries]


@pytest.mark.parametrize(
    "links",
    [
        '<link rel="alternate" href="/s/1"/><link rel="enclosure">pic.jpg</link>',
        '<link rel="enclosure">pic.jpg</link><link rel="alternate" href="/s/1"/>',
        '<link rel="enclosure">http://img.example.org/p.png</link><link href="/s/1"/>',
        '<link rel="alternate" href="/s/1"/><link rel="related">/s/2</link>',
        '<link rel="replies" href="/s/1/comments"/><link rel="alternate" href="/s/1"/>',
        '<link rel="http://www.iana.org/assignments/relation/alternate" href="/s/1"/>',
        '<link rel="alternate" type="audio/mpeg" href="/s/1.mp3"/><link href="/s/1"/>',
    ],
)
def test_the_alternate_link_of_an_atom_entry_is_its_page(links: str) -> None:
    found = addresses(atom(f"<entry><title>One</title><id>urn:1</id>{links}</entry>"))
    assert found == [("http://feeds.example.org/s/1", "")]


@pytest.mark.parametrize(
    "link",
    [
        '<link uri="at://did:plc:1/app.bsky.feed.post/1">http://h.example/1</link>',
        '<link url="tag:h.example,2026:1">http://h.example/1</link>',
        '<link href="">http://h.example/1</link>',
        "<link href='nostr:note1'><![CDATA[http://h.example/1]]></link>",
        '<link type="text/html" uri="x-app://1"> http://h.example/1 </link>',
    ],
)
def test_the_words_of_a_link_go_before_an_attribute_that_is_no_page(link: str) -> None:
    assert addresses(rss(f"<item><title>One</title>{link}</item>")) == [("http://h.example/1", "")]


def test_an_address_in_the_attribute_stays_where_the_words_are_none() -> None:
    link = '<a:link href="http://h.example/1">Read more</a:link>'
    assert addresses(rss(f"<item><title>One</title>{link}</item>")) == [("http://h.example/1", "")]


@pytest.mark.parametrize(
    ("root", "second"),
    [
        ("", "http://feeds.example.org/news/b"),
        (' xml:base="https://site.example/x/"', "https://site.example/x/b"),
        (' xml:base="/y/"', "http://feeds.example.org/y/b"),
    ],
)
def test_the_base_of_one_item_is_that_items(root: str, second: str) -> None:
    one = '<entry xml:base="https://o.example/1/"><title>A</title><link href="a"/></entry>'
    two = '<entry><title>B</title><link href="b"/></entry>'
    expected = [("https://o.example/1/a", ""), (second, "")]
    assert addresses(atom(one + two, root=root)) == expected
    one = '<item xml:base="https://o.example/1/"><title>A</title><link>a</link></item>'
    two = "<item><title>B</title><link>b</link></item>"
    assert addresses(rss(one + two, root=root)) == expected


def test_a_base_within_an_entry_ends_with_its_element() -> None:
    one = '<entry><title>A</title><link xml:base="https://o.example/1/" href="a"/></entry>'
    two = '<entry><title>B</title><link href="b"/></entry>'
    assert addresses(atom(one + two))[1] == ("http://feeds.example.org/news/b", "")


def test_relative_links_are_of_the_site_that_the_feed_is_of_and_else_of_its_own_host() -> None:
    item = "<item><title>One</title><link>/s/1</link></item>"
    assert addresses(rss(item, "https://www.paper.example/")) == [
        ("https://www.paper.example/s/1", "http://feeds.example.org/s/1")
    ]
    entry = '<entry><title>One</title><link href="s/1"/></entry>'
    site = '<link href="https://www.paper.example/"/>'
    assert addresses(atom(entry, site)) == [
        ("https://www.paper.example/s/1", "http://feeds.example.org/news/s/1")
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://www.paper.example/",
        "items": [{"id": "1", "url": "/s/1"}, {"id": "2", "url": "https://o.example/2"}],
    }
    assert addresses(json.dumps(feed)) == [
        ("https://www.paper.example/s/1", "http://feeds.example.org/s/1"),
        ("https://o.example/2", ""),
    ]


def test_on_one_host_the_feeds_own_folder_goes_first() -> None:
    item = "<item><title>One</title><link>1.html</link></item>"
    assert addresses(rss(item, "http://feeds.example.org/world/")) == [
        ("http://feeds.example.org/news/1.html", "http://feeds.example.org/world/1.html")
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Jane Roe (mailto:jane@paper.example)", ("Jane Roe",)),
        ("jane@paper.example (Jane Roe)", ("Jane Roe",)),
        ("Jane Roe &lt;jane@paper.example&gt;", ("Jane Roe",)),
        ("张三 [zhang@paper.example]", ("张三",)),
        ("jane@paper.finance(Jane Roe)", ("Jane Roe",)),
        ("Jane Roe (Paper)", ("Jane Roe (Paper)",)),
        ("mailto:jane@paper.example", ()),
    ],
)
def test_an_authors_address_is_no_part_of_the_name(written: str, expected: tuple[str, ...]) -> None:
    item = (
        f"<item><title>One</title><link>http://h.example/1</link><author>{written}</author></item>"
    )
    (entry,) = read(rss(item), kind="feed", url=FEED).entries
    assert entry.authors == expected
    entry_xml = (
        f'<entry><title>One</title><link href="/1"/><author><name>{written}</name></author></entry>'
    )
    (entry,) = read(atom(entry_xml), kind="feed", url=FEED).entries
    assert entry.authors == expected


def test_the_author_at_an_atom_feeds_head_is_that_of_entries_without_one() -> None:
    head = "<author><name>Ida Lund</name></author><author><name>Desk</name></author>"
    own = "<author><name>Jane Roe</name></author>"
    entries = (
        '<entry><title>One</title><link href="/1"/></entry>'
        f'<entry><title>Two</title><link href="/2"/>{own}</entry>'
    )
    found = read(atom(entries, head), kind="feed", url=FEED).entries
    assert [entry.authors for entry in found] == [("Ida Lund",), ("Jane Roe",)]


def test_a_feed_whose_head_names_the_outlet_names_no_author() -> None:
    entry = '<entry><title>One</title><link href="/1"/></entry>'
    (found,) = read(
        atom(entry, "<author><name>DESK</name></author>"), kind="feed", url=FEED
    ).entries
    assert found.authors == ()
