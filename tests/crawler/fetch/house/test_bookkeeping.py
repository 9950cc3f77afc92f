"""What a killed process owes is noted by the next one: against a real archive and pages file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.model import Article, RawPage, Reason, Rejection
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.tasks import Extracted, PageOutcome, Rejected
from tests.crawler.fetch.harness import (
    NOW,
    Archive,
    OpenGate,
    Worker,
    announce,
    archive_in,
    make_source,
)

WEB = "https://news.example.com/"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with archive_in(tmp_path) as opened:
        yield opened


def raw(url: str) -> RawPage:
    return RawPage(
        url=url, source_id="a", fetched=NOW, status=200, headers=(), body=b"<p>a page</p>"
    )


def extracted(url: str, *parts: str) -> Extracted:
    text = f"The whole text of {url}"
    article = Article(
        url=url, title=url, text=text, markdown=text, published=NOW, published_from="meta"
    )
    return Extracted(article=article, addresses=(url,), raw=tuple(map(raw, (url, *parts))))


async def end(desk: LocalDesk, outcome: PageOutcome) -> None:
    task = await Worker(desk, OpenGate(), 8).next()
    assert task is not None
    await desk.done(task, outcome)


def linked(archive: Archive) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(archive.folder / "pages.db")) as pages:
        return pages.execute("SELECT url, article_id FROM pages ORDER BY id").fetchall()


def killed_after(archive: Archive, url: str, outcome: PageOutcome) -> None:
    """A house that books one page and dies before it notes anything more."""
    announce(archive, "a", [url])
    desk = archive.desk([make_source("a")])
    asyncio.run(end(desk, outcome))
    archive.desks.close()


def open_again(archive: Archive) -> None:
    asyncio.run(archive.desk([make_source("a")]).open())
    archive.desks.close()


def test_a_page_is_linked_to_its_article_by_the_next_process(archive: Archive) -> None:
    killed_after(archive, WEB + "1", extracted(WEB + "1", WEB + "1?page=2"))
    assert linked(archive) == [(WEB + "1", None), (WEB + "1?page=2", None)]
    open_again(archive)
    assert linked(archive) == [(WEB + "1", 1), (WEB + "1?page=2", 1)]


def test_a_page_that_was_refused_at_a_second_look_is_not_the_articles(archive: Archive) -> None:
    killed_after(archive, WEB + "1", extracted(WEB + "1"))
    archive.call(lambda conn: conn.execute("UPDATE entries SET state = 'owed'"))
    wall = Rejected(rejection=Rejection(reason=Reason.LOGIN_WALL), raw=(raw(WEB + "1"),))
    desk = archive.desk([make_source("a")])
    asyncio.run(end(desk, wall))
    archive.desks.close()
    open_again(archive)
    assert linked(archive) == [(WEB + "1", 1), (WEB + "1", None)]


def test_a_file_that_was_written_and_not_noted_is_written_again_alike(archive: Archive) -> None:
    killed_after(archive, WEB + "1", extracted(WEB + "1"))
    (post,) = (archive.folder / "articles").rglob("*.md")
    before = post.read_bytes()
    owed = "SELECT count(*) FROM files WHERE wanted_hash IS NOT written_hash"
    assert archive.call(lambda conn: conn.execute(owed).fetchone()[0]) == 1
    open_again(archive)
    assert archive.call(lambda conn: conn.execute(owed).fetchone()[0]) == 0
    assert post.read_bytes() == before
