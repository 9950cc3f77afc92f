"""The law of as-of: what a door says of a moment is what a copy of the archive made then says.

Random histories give the archive its events: edits, retitles, walls and releases, withdrawals,
copies that come and leave, leads that change. Before each poll a copy is taken.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.reader import Archive, open_archive
from archive.search.answer import Order
from archive.upkeep.export import ExportSelection, records
from tests.histories.generate import world_of
from tests.histories.line import Line, new_archive
from tests.histories.world import World

NOT_PROMISED = {"checked", "markdown_path"}
_LAST = "SELECT coalesce(max(seq), 0) FROM changes"
MOMENTS = 10  # compared in a history
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Copy:
    seq: int
    at: datetime
    path: Path


class CopiedLine(Line):
    """A line that copies its archive before each poll."""

    def __init__(self, world: World, conn: sqlite3.Connection, folder: Path) -> None:
        super().__init__(world, conn)
        self._folder = folder
        self.copies: list[Copy] = []

    def _poll_all(self, at: datetime, number: int) -> None:
        if number:
            path = self._folder / f"{number}.db"
            with closing(sqlite3.connect(path)) as copy:
                self._conn.backup(copy)
            self.copies.append(Copy(self._conn.execute(_LAST).fetchone()[0], at - SECOND, path))
        super()._poll_all(at, number)


def doors(archive: Archive, words: list[str]) -> Iterator[tuple[str, object]]:
    """Ask an archive through every door."""
    articles = list(archive.iterate())
    yield "articles", [_promised(asdict(article)) for article in articles]
    for article in articles:
        yield f"versions of {article.id}", archive.revisions(article.id)
        yield f"copies of {article.id}", [copy.id for copy in archive.copies(article.id)]
    yield "stories", [story.id for story in archive.stories()]
    for word in words:
        for copies in (False, True):
            found = archive.search(word, 1000, copies=copies, order=Order.NEWEST)
            yield f"search {word} {copies}", [_promised(asdict(hit)) for hit in found]
        ranked = archive.search(word, 1000)
        yield f"ranked {word}", sorted(hit.id for hit in ranked)
    for selection in (ExportSelection(), ExportSelection(copies=True, query=words[0])):
        exported = records(archive._conn, selection)
        yield f"export {selection}", [_promised(dict(record)) for record in exported]
    coverage = archive.coverage()
    yield "coverage", [_without_late(asdict(day)) for day in coverage.days]
    yield "changes", list(archive.changes())


def _promised(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in NOT_PROMISED}


def _without_late(day: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in day.items() if name not in ("late", "gaps")}


def differences(final: Path, copies: list[Copy], words: list[str]) -> Iterator[str]:
    """Name what a door says otherwise of a moment than the copy of then; by number and by time."""
    for copy in copies:
        with closing(open_archive(copy.path)) as then:
            told = dict(doors(then, words))
        moments: tuple[tuple[str, datetime | int], ...] = (
            ("by number", copy.seq),
            ("by time", copy.at),
        )
        for how, moment in moments:
            with closing(open_archive(final, as_of=moment)) as past:
                for door, answer in doors(past, words):
                    if answer != told.get(door) and not (how == "by number" and door == "coverage"):
                        where = f"{how}, {copy.at:%d %H:%M} ({copy.seq}), {door}"
                        yield f"{where}: {answer} <> {told.get(door)}"


def run(seed: int, folder: Path, moments: int) -> tuple[int, list[str]]:
    """Run a history; give how many copies were compared, and what differs."""
    folder.mkdir()
    final = folder / "archive.db"
    conn = new_archive(final)
    conn.execute("PRAGMA synchronous = OFF")
    line = CopiedLine(world_of(seed), conn, folder)
    line.go()
    conn.close()
    titles = [row.title for row in open_archive(final).stories(limit=200)]
    words = sorted({w for title in titles for w in (title.split()[0], title.split()[-1])})[:6]
    every = max(1, len(line.copies) // moments)
    chosen = line.copies[::every][:moments]
    return len(chosen), list(differences(final, chosen, words))


def test_a_moment_is_what_a_copy_of_then_says(tmp_path: Path) -> None:
    compared, found = run(4, tmp_path / "a", MOMENTS)
    assert found == []
    assert compared == MOMENTS


@pytest.mark.slow
def test_three_hundred_moments_are_what_their_copies_say(tmp_path: Path) -> None:
    """30 histories, and an event of each kind that a history can bring."""
    compared, kinds = 0, set[str]()
    for seed in range(100, 130):
        number, found = run(seed, tmp_path / str(seed), MOMENTS)
        assert found == []
        compared += number
        with closing(open_archive(tmp_path / str(seed))) as archive:
            kinds |= {change.kind.value for change in archive.changes()}
    assert compared == 300
    assert kinds >= {
        *("new", "edit", "extraction", "moved", "withdrawn", "returned", "copied"),
        *("left", "led", "held", "released", "reopened"),
    }
