"""The house judges a source's clock by what it knows of the items: against a real archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.entries.announcing import announce
from archive.model import Entry
from archive.sources.clock_offset import keep_offset
from config.model import Source
from crawler.fetch.house.source_clock import settle_dates
from crawler.fetch.tasks import Listed
from tests.archive.making import HOUR, NOW, cell, make_archive, make_entry, make_visit

SOURCE = Source(id="stcn", name="Outlet stcn", url="https://stcn.example.com/rss", kind="feed")
EIGHT = 8 * HOUR
LATER = NOW + HOUR / 2


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path)


def entry(path: str, claimed: datetime, off: timedelta = EIGHT) -> Entry:
    """An item that an offset was taken off."""
    raw = f"{claimed:%a, %d %b %Y %H:%M:%S} GMT"
    return make_entry(path, published=claimed - off, published_raw=raw)


def listed(entries: Sequence[Entry], off: timedelta = EIGHT) -> Listed:
    return Listed(
        document="feed",
        entries=tuple(entries),
        found=len(entries),
        offset_s=round(off.total_seconds()),
        offset_reason="why",
        dates=tuple(e.published for e in entries),
    )


def visit(conn: sqlite3.Connection, entries: Sequence[Entry], at: datetime = NOW) -> str:
    """Settle what a document lists, announce it, and give what was news of the clock."""
    found, remark = settle_dates(conn, SOURCE, listed(entries), at=at)
    announce(conn, make_visit(at=at), found.entries, now=at)
    return remark


def stored(conn: sqlite3.Connection) -> dict[str, float]:
    """How many hours before NOW each item was published."""
    rows = conn.execute("SELECT url, published FROM entries")
    return {url[-1]: (NOW - datetime.fromisoformat(published)) / HOUR for url, published in rows}


WRONG = [entry(str(n), NOW + EIGHT - n * HOUR) for n in (1, 3, 6)]


def test_an_offset_that_a_document_shows_is_believed_and_told(conn: sqlite3.Connection) -> None:
    told = "its dates run 8 h ahead: what it calls GMT is UTC+08:00 (why)"
    assert visit(conn, WRONG) == told
    assert cell(conn, "SELECT offset_s FROM sources") == 28800


def test_it_is_kept_without_a_word(conn: sqlite3.Connection) -> None:
    visit(conn, WRONG)
    assert visit(conn, [entry("7", NOW + EIGHT), *WRONG], at=LATER) == ""


def test_what_was_announced_before_it_was_learned_is_dated_anew(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(), [entry("1", NOW + EIGHT - HOUR, timedelta(0))], now=NOW)
    visit(conn, WRONG, at=LATER)
    assert stored(conn) == {"1": 1, "3": 3, "6": 6}


def test_items_that_were_put_right_teach_nothing_again(conn: sqlite3.Connection) -> None:
    visit(conn, WRONG)
    keep_offset(conn, "stcn", None)
    new = entry("7", NOW)  # right, and eight hours off by the document's guess
    assert visit(conn, [new, *WRONG], at=LATER) == ""
    assert stored(conn)["7"] == 0
    assert cell(conn, "SELECT offset_s FROM sources") is None


def test_known_items_that_move_back_end_it(conn: sqlite3.Connection) -> None:
    visit(conn, WRONG)
    mended = [entry(str(n), NOW - n * HOUR) for n in (1, 3, 6)]
    assert visit(conn, mended, at=LATER) == (
        "its dates no longer run 8 h ahead: 3 known items are now dated 8 h earlier"
    )
    assert stored(conn) == {"1": 1, "3": 3, "6": 6}
    assert cell(conn, "SELECT offset_s FROM sources") is None


def test_what_was_announced_after_it_last_held_is_dated_anew(conn: sqlite3.Connection) -> None:
    visit(conn, WRONG)
    visit(conn, [entry("7", NOW + HOUR / 4), *WRONG], at=LATER)  # one may be late
    assert stored(conn)["7"] == 7.75
    visit(conn, [entry("8", NOW + HOUR), entry("9", NOW + HOUR)], at=NOW + HOUR)
    assert stored(conn) == {"1": 1, "3": 3, "6": 6, "7": -0.25, "8": -1, "9": -1}


def test_a_larger_offset_takes_the_place_of_a_smaller(conn: sqlite3.Connection) -> None:
    six = 6 * HOUR
    smaller = [entry(str(n), NOW + EIGHT - n * HOUR, six) for n in (2, 3, 4)]
    found, _ = settle_dates(conn, SOURCE, listed(smaller, six), at=NOW)
    announce(conn, make_visit(), found.entries, now=NOW)
    assert stored(conn) == {"2": 0, "3": 1, "4": 2}
    same = [entry(str(n), NOW + EIGHT - n * HOUR) for n in (0, 1, 2, 3, 4)]
    visit(conn, same, at=LATER)
    assert stored(conn) == {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4}
    assert cell(conn, "SELECT offset_s FROM sources") == 28800


def test_a_date_with_its_own_zone_stays_when_the_offset_ends(conn: sqlite3.Connection) -> None:
    visit(conn, WRONG)
    own = make_entry("9", published=NOW - HOUR, published_raw="Mon, 23 Nov 2026 15:00:00 +0800")
    visit(conn, [own, *(entry(str(n), NOW - n * HOUR) for n in (1, 3, 6))], at=LATER)
    assert stored(conn)["9"] == 1


def test_the_dates_for_the_rhythm_are_put_back_with_the_entries(conn: sqlite3.Connection) -> None:
    visit(conn, WRONG)
    found, _ = settle_dates(conn, SOURCE, listed([entry("1", NOW - HOUR)]), at=LATER)
    assert found.dates == (NOW - HOUR,)
    assert found.offset_s is None
