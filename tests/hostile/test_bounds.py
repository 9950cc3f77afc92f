"""What comes in is bounded, and what is left out is told (row 12 of the case list)."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.http import Request, Response

from archive.entries.announcing import announce, announce_document
from archive.entries.owed import postpone
from archive.entries.sitemap_children import MAX_DOCUMENTS
from archive.model import Article, Document, EntryState, Rejection
from config.model import Source
from crawler.discover.read import read_document
from crawler.extract import extract_article
from crawler.fetch.http.daily_bytes import DailyBytes, SourceSpent
from tests.archive.making import NOW, announce_one, make_entry, make_visit
from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, paragraphs, rss

LONG = 250  # texts of about 5.4 KB
SOURCE = Source(id="s", name="S", url="https://daily.example/feed")


def _page(texts: int, head: str = "", shown: str = "") -> bytes:
    body = "".join(paragraphs(n, 60) for n in range(texts))
    return (
        article(7, "The long story of a port", head=head).replace("<p>", shown + body, 1).encode()
    )


@pytest.mark.slow
def test_a_text_of_more_than_a_megabyte_is_refused_with_its_size(web: Web, desk: Desk) -> None:
    links = [web.put("/long", _page(LONG)), web.put("/good", article(2))]
    web.put("/feed.xml", rss([Item(url=link) for link in links]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    rows = dict(desk.rows("SELECT url, state || ': ' || reason FROM entries"))
    assert rows[links[0]].startswith("rejected: too long: a text of ")
    assert rows[links[0]].endswith(" MB, over 1 MB")
    assert desk.rows("SELECT url FROM articles") == [(links[1],)]


@pytest.mark.slow
def test_a_feed_s_own_text_has_the_same_bound(web: Web, desk: Desk) -> None:
    content = "".join(paragraphs(n, 60) for n in range(LONG))
    item = Item(url=web.url("/a"), title="The long story of a port", content=content)
    web.put("/feed.xml", rss([item]), "text/xml")
    desk.configure(web.source("/feed.xml", 'full_content = "feed"'))
    desk.crawl()
    assert str(desk.one("SELECT reason FROM entries")).startswith("too long: a text of ")


def test_pictures_tags_and_title_of_a_page_are_bounded() -> None:
    shown = "".join(
        f'<figure><img src="/p/{n}.jpg" width="800" height="600"></figure>' for n in range(5000)
    )
    tags = "".join(f'<meta property="article:tag" content="tag {n}">' for n in range(5000))
    found = extract_article(_page(2, tags, shown), url="https://daily.example/a")
    assert isinstance(found, Article)
    assert len(found.images) == 200
    assert found.markdown.count("![") == 200
    assert len(found.tags) <= 100


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["feed", "sitemap", "lines"])
def test_a_document_of_60_000_items_gives_its_first_50_000(kind: str) -> None:
    address = "https://daily.example/a/{}"
    form = {
        "feed": (
            '<rss version="2.0"><channel>',
            "<item><link>{}</link></item>",
            "</channel></rss>",
        ),
        "sitemap": ("<urlset>", "<url><loc>{}</loc></url>", "</urlset>"),
        "lines": ("", "{}\n", ""),
    }[kind]
    rows = "".join(form[1].format(address.format(n)) for n in range(60_000))
    found = read_document(
        f"{form[0]}{rows}{form[2]}".encode(),
        url=SOURCE.url,
        content_type="",
        source=SOURCE,
        kind="feed" if kind == "feed" else "sitemap",
    )
    assert (len(found.entries), found.error) == (50_000, "")
    assert found.beyond == (1 if kind == "sitemap" else 10_000)
    assert found.entries[-1].url == "https://daily.example/a/49999"


def _children(name: str, count: int) -> list[Document]:
    return [Document(url=f"https://stcn.example.com/{name}-{n}.xml") for n in range(count)]


def test_an_index_of_50_000_indexes_fills_no_disk(conn: sqlite3.Connection) -> None:
    """Rows of a source are bounded however many of its children are such indexes, too."""
    first = announce(conn, make_visit(), [], now=NOW, documents=_children("a", 50_000))
    notes = [
        announce_document(
            conn,
            first.visit_id,
            "stcn",
            Document(url=f"https://stcn.example.com/a-{n}.xml"),
            [],
            now=NOW,
            documents=_children(f"b{n}", 50_000),
        ).note
        for n in range(3)
    ]
    assert conn.execute("SELECT count(*) FROM documents").fetchone()[0] == MAX_DOCUMENTS == 100_000
    told = "50,000 files of its sitemap index are left out: 100,000 is the most"
    assert (first.note, notes) == ("", ["", told, told])


class _Day:
    """A clock of one test."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


def _send(bound: DailyBytes, source: Source, size: int) -> None:
    request = Request("https://daily.example/a", meta={"source": source})
    bound.process_request(request)
    bound.process_response(request, Response(request.url, body=b"x" * size))


def test_a_source_that_sent_its_share_waits_for_tomorrow_and_others_do_not() -> None:
    day, other = _Day(), SOURCE.model_copy(update={"id": "other"})
    bound = DailyBytes(1000, 10_000, clock=day)  # type: ignore[arg-type]
    _send(bound, SOURCE, 600)
    _send(bound, SOURCE, 600)  # who is below it may reach beyond once
    with pytest.raises(SourceSpent, match="s has sent 1e-06 GB today") as spent:
        _send(bound, SOURCE, 1)
    assert spent.value.wait_s == 6 * 3600
    _send(bound, other, 600)
    day.time += timedelta(hours=6)
    _send(bound, SOURCE, 600)


def test_what_was_put_off_for_that_is_never_given_up(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1"))
    assert entry.id is not None
    day = timedelta(days=1)
    for _ in range(20):
        wait = {"wait": day / 4, "counts": False}
        state = postpone(conn, entry.id, "its share is used up", now=NOW, retry=[day], **wait)
    assert state is EntryState.OWED
    assert conn.execute("SELECT attempts FROM entries").fetchone()[0] == 0


@pytest.mark.slow
def test_the_rest_of_a_day_is_told_and_owed(web: Web, desk: Desk) -> None:
    links = [web.put(f"/a/{n}", article(n) + "<!--" + "x" * 400_000) for n in range(5)]
    web.put("/feed.xml", rss([Item(url=link) for link in links]), "text/xml")
    desk.configure(web.source("/feed.xml"), crawl="max_source_gb = 0.001")
    said = desk.crawl()
    assert "s has sent 0.001 GB today, [crawl] max_source_gb: the rest waits for tomorrow" in said
    assert desk.rows("SELECT state, count(*), max(attempts) FROM entries GROUP BY 1") == [
        ("archived", 3, 0),
        ("owed", 2, 0),
    ]


def test_a_rejection_has_the_reason_in_words() -> None:
    found = extract_article(_page(LONG), url="https://daily.example/a")
    assert isinstance(found, Rejection)
    assert found.reason == "too long"
