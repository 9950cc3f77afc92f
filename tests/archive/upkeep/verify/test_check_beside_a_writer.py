"""Whatever a writer is at, a check beside it takes nothing of it for damage."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive.database.connect import connect, transaction
from archive.files.orders import write_owed
from archive.model import RawPage
from archive.pages.store import PageStore
from archive.upkeep.verify.check import Scope, check
from tests.archive.making import NOW, make_archive, save

_CHARACTERS = "国家统计局数据显示工业增加值同比增长市场预期央行货币政策"


class Crawling(threading.Thread):
    """Saves pages, articles and files as a crawl does: two of five visits bring another version."""

    def __init__(self, data: Path):
        super().__init__()
        self._data = data
        self.visits = 0
        self.ending = threading.Event()

    def run(self) -> None:
        with (
            closing(connect(self._data / "archive.db", synchronous="normal")) as conn,
            closing(PageStore(self._data / "pages.db")) as store,
        ):
            draw = random.Random(20211209)
            while not self.ending.is_set():
                self.visits += 1
                known = draw.random() < 0.4
                number = draw.randint(1, self.visits) if known else self.visits
                text = "".join(draw.choices(_CHARACTERS, k=300))
                self._visit(conn, store, f"https://stcn.example.com/{number}", text)

    def _visit(self, conn: sqlite3.Connection, store: PageStore, url: str, text: str) -> None:
        now = NOW + timedelta(seconds=self.visits)
        page = RawPage(
            url=url, source_id="stcn", fetched=now, status=200, headers=(), body=text.encode()
        )
        page_id = store.save(page)
        with transaction(conn):
            saved = save(conn, url, text[:12], text, now=now, learn=False, page_id=page_id)
        store.link(page_id, saved.article_id)
        write_owed(conn, self._data / "articles")


@pytest.fixture
def crawling(tmp_path: Path) -> Iterator[Crawling]:
    make_archive(tmp_path).close()
    crawling = Crawling(tmp_path)
    crawling.start()
    yield crawling
    crawling.ending.set()
    crawling.join()


@pytest.mark.slow
@pytest.mark.parametrize("full", [False, True])
def test_nothing_that_a_crawl_is_at_is_taken_for_damage(
    crawling: Crawling, tmp_path: Path, full: bool
) -> None:
    what = Scope(data=tmp_path, directory=tmp_path / "articles", full=full, busy=lambda: True)
    checks = 0
    while crawling.visits < 100 or checks < 3:
        assert list(check(what, now=NOW)) == []
        checks += 1
