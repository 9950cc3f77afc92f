"""The law of as-of: what a door says of a moment is what a copy of the archive made then says.

Random histories give the archive its events: edits, retitles, walls and releases, withdrawals,
copies that come and leave, leads that change. Before each poll a copy is taken.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.reader import open_archive
from tests.archive.asof.doors import Copy, differences
from tests.histories.generate import world_of
from tests.histories.line import Line, new_archive
from tests.histories.world import World

_LAST = "SELECT coalesce(max(seq), 0) FROM changes"
MOMENTS = 10  # compared in a history
SECOND = timedelta(seconds=1)


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
