"""Raw pages past their age or room: at the end of a crawl, and in the daemon."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from archive.model import RawPage
from archive.pages.store import PageStore
from tests.line.conftest import Desk, stop, wait_until
from tests.line.web import Item, Web, article, rss

pytestmark = pytest.mark.slow


def _prepare(web: Web, desk: Desk) -> None:
    """A source with one article, and an old page that became none."""
    web.put("/feed.xml", rss([Item(url=web.put("/a", article(1)))]))
    desk.configure(web.source("/feed.xml"), crawl='[pages]\nrejected_max_age = "10d"')
    desk.data.mkdir()
    store = PageStore(desk.data / "pages.db")
    store.save(
        RawPage(
            url=web.url("/old"),
            source_id="s",
            fetched=datetime(2021, 12, 9, tzinfo=UTC),
            status=200,
            headers=(),
            body=b"<p>Soon.</p>",
        )
    )
    store.close()


def _kept(desk: Desk) -> list[str]:
    with closing(sqlite3.connect(desk.data / "pages.db")) as conn:
        return [url for (url,) in conn.execute("SELECT url FROM pages ORDER BY id")]


def test_a_crawl_ends_with_the_removal_of_old_pages(web: Web, desk: Desk) -> None:
    _prepare(web, desk)
    output = desk.crawl("-v")
    assert "raw pages removed: 1, " in output
    assert _kept(desk) == [web.url("/a")]


@pytest.mark.slow
def test_the_daemon_removes_old_pages_while_it_runs(web: Web, desk: Desk) -> None:
    _prepare(web, desk)
    process = desk.start("daemon")
    wait_until(lambda: _kept(desk) == [web.url("/a")], process)
    stop(process)
    assert process.returncode == 0
