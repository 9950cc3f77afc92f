"""A pass over the stored pages that is interrupted, and the one that goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.database import runs
from archive.entries.owed import close_entry, file_entry
from archive.model import EntryState, RawPage
from archive.pages.store import PageStore
from config.load import parse_config
from crawler.run import reextract
from crawler.run.reextract import Reextraction, Wanted
from tests.archive.making import NOW, cell, make_archive, make_entry, rows
from tests.line.web import article

CONFIG = parse_config(
    '[crawl]\nextract_workers = 1\n[[source]]\nid = "stcn"\nname = "Outlet stcn"\n'
    'url = "https://stcn.example.com/rss"\n',
    name="test",
)


class _Desk:
    """Five pages that were refused, of which all but the third are articles today."""

    def __init__(self, folder: Path):
        self.folder, self.conn = folder, make_archive(folder)
        self.store = PageStore(folder / "pages.db")
        for number in range(1, 6):
            self._refuse(number, article(number) if number != 3 else "<p>Soon.</p>")

    def _refuse(self, number: int, html: str) -> None:
        entry = file_entry(self.conn, make_entry(str(number)), "stcn", now=NOW)
        page = RawPage(
            url=entry.url,
            source_id="stcn",
            fetched=NOW,
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=html.encode(),
        )
        self.store.save(page, entry_id=entry.id)
        assert entry.id is not None
        close_entry(self.conn, entry.id, EntryState.REJECTED, "a bug of ours", now=NOW)

    def reextraction(self, watch: Callable[[], None] = lambda: None) -> Reextraction:
        wanted = Wanted(source_id="stcn")
        left = runs.unfinished(self.conn, wanted.command) or {}
        return Reextraction(
            self.conn,
            self.store,
            config=CONFIG,
            markdown_dir=self.folder / "articles",
            wanted=wanted,
            position=left.get("position", 0),
            watch=watch,
        )


def test_an_interrupted_pass_goes_on_where_it_was_and_reads_no_page_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reextract, "BATCH", 2)
    desk = _Desk(tmp_path)
    seen = iter(range(1, 6))

    def stop_at_the_third() -> None:
        if next(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(desk.reextraction(stop_at_the_third).run())
    assert rows(desk.conn, "SELECT url FROM articles") == [
        ("https://stcn.example.com/1",),
        ("https://stcn.example.com/2",),
    ]
    assert rows(desk.conn, "SELECT command, reason FROM runs") == [
        ("broadsheet reextract --source stcn", "interrupted")
    ]
    rest = desk.reextraction()
    assert rest.count() == 3
    asyncio.run(rest.run())
    assert rest.report.fates == {
        reextract.Fate.STILL_REFUSED: 1,
        reextract.Fate.ACCEPTED: 2,
    }
    assert cell(desk.conn, "SELECT count(*) FROM articles") == 4
    assert len([*(tmp_path / "articles").rglob("*.md")]) == 4
    assert [desk.store.firsts(limit=9)[n].article_id for n in range(5)] == [1, 2, None, 3, 4]
    assert rows(desk.conn, "SELECT DISTINCT fetched FROM articles") == [("2026-11-23T08:00:00Z",)]
    assert desk.reextraction().count() == 5
    desk.store.close()
    desk.conn.close()


@pytest.mark.slow
def test_a_damaged_page_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    desk = _Desk(tmp_path)
    desk.store._conn.execute("UPDATE pages SET body = x'00' WHERE id = 2")
    reextraction = desk.reextraction()
    asyncio.run(reextraction.run())
    assert reextraction.report.unreadable == 1
    assert "page 2 is damaged" in reextraction.report.problems[0]
    assert cell(desk.conn, "SELECT count(*) FROM articles") == 3
    desk.store.close()
    desk.conn.close()
