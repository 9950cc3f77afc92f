from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.articles.save import save_article
from archive.database.times import to_text
from archive.entries.announcing import announce
from archive.entries.owed import (
    close_entry,
    file_entry,
    hand_out,
    left_of,
    next_not_before,
    owed,
    owed_count,
    owed_hosts,
    postpone,
    retry_entries,
)
from archive.errors import ArchiveError
from archive.model import Entry, EntryState
from archive.sources.declarations import source_states
from tests.archive.making import (
    DAY,
    HOUR,
    NOW,
    all_owed,
    announce_one,
    cell,
    make_archive,
    make_article,
    make_entry,
    make_source,
    make_visit,
    rows,
    save,
)

HOST = "stcn.example.com"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("stcn"), make_source("b"))


def handed_id(entry: Entry) -> int:
    assert entry.id is not None
    return entry.id


def test_a_documents_first_item_is_handed_out_first(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(), [make_entry(path) for path in "123"], now=NOW)
    assert [e.url[-1] for e in owed(conn, "stcn", HOST, now=NOW, limit=2)] == ["1", "2"]


def test_what_was_announced_last_is_handed_out_first(conn: sqlite3.Connection) -> None:
    for minutes, path in ((0, "old"), (5, "new")):
        announce(conn, make_visit(), [make_entry(path)], now=NOW + minutes * MINUTE)
    handed = owed(conn, "stcn", HOST, now=NOW + HOUR, limit=9)
    assert [e.url[-3:] for e in handed] == ["new", "old"]


def test_what_is_in_flight_is_left_out(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(), [make_entry(path) for path in "123"], now=NOW)
    first = owed(conn, "stcn", HOST, now=NOW, limit=1)
    rest = owed(conn, "stcn", HOST, now=NOW, limit=1, exclude={handed_id(e) for e in first})
    assert [e.url[-1] for e in rest] == ["2"]


def test_what_is_handed_out_is_out_under_a_raised_attempt(conn: sqlite3.Connection) -> None:
    entries = [announce_one(conn, make_entry(path)) for path in "12"]
    rooms = [("stcn", HOST, 9), ("b", HOST, 9)]
    taken, behind = hand_out(conn, rooms, now=NOW, urls_out={entries[0].url})
    assert [(e.url[-1], e.attempt) for e in taken] == [("2", 1)]
    assert [(e.url[-1], e.attempt) for e in behind] == [("1", 0)]
    assert rows(conn, "SELECT attempt FROM entries ORDER BY id") == [(0,), (1,)]


def test_an_address_that_is_out_fills_no_room(conn: sqlite3.Connection) -> None:
    announce(conn, make_visit(), [make_entry(path) for path in "123"], now=NOW)
    out = {entry.url for entry in owed(conn, "stcn", HOST, now=NOW, limit=1)}
    taken, behind = hand_out(conn, [("stcn", HOST, 1)], now=NOW, urls_out=out)
    assert [[e.url[-1] for e in found] for found in (taken, behind)] == [["2"], ["1"]]


def test_what_is_not_due_is_handed_out_only_on_demand(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1"))
    postpone(conn, handed_id(entry), "HTTP 503", now=NOW, retry=[HOUR])
    assert owed(conn, "stcn", HOST, now=NOW, limit=9) == []
    assert [e.attempts for e in owed(conn, "stcn", HOST, now=None, limit=9)] == [1]


def test_the_hosts_that_owe_are_listed_by_source(conn: sqlite3.Connection) -> None:
    for source_id, url in (
        ("b", "http://z.com/1"),
        ("stcn", "http://y.com/1"),
        ("b", "http://x.com/"),
    ):
        announce(conn, make_visit(source_id), [make_entry(url)], now=NOW)
    pairs = [("stcn", "y.com"), ("b", "x.com"), ("b", "z.com")]
    assert owed_hosts(conn, ["stcn", "b"]) == pairs
    assert owed_hosts(conn, ["stcn"]) == pairs[:1]


def test_the_next_time_is_the_earliest_of_all(conn: sqlite3.Connection) -> None:
    first, second = announce_one(conn, make_entry("1")), announce_one(conn, make_entry("2"))
    postpone(conn, handed_id(first), "x", now=NOW, retry=[DAY])
    postpone(conn, handed_id(second), "x", now=NOW, retry=[HOUR])
    assert next_not_before(conn, ["stcn", "b"]) == NOW + HOUR
    assert next_not_before(conn, ["b"]) is None
    assert left_of(conn, ["stcn", "b"]) == (2, NOW + HOUR)


def test_owed_entries_are_counted_for_some_sources_or_all(conn: sqlite3.Connection) -> None:
    for source_id in ("stcn", "b"):
        announce_one(conn, make_entry("1"), source_id)
    counts = [owed_count(conn), owed_count(conn, ["b"]), owed_count(conn, [])]
    assert counts == [2, 1, 0]


def test_a_closed_entry_has_state_reason_and_time(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1"))
    close_entry(conn, handed_id(entry), EntryState.FORBIDDEN, "robots.txt", now=NOW + HOUR)
    assert rows(conn, "SELECT state, reason, closed FROM entries") == [
        ("forbidden", "robots.txt", "2026-11-23T09:00:00Z")
    ]


def test_a_closed_entry_stays_as_it_was_closed(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1"))
    for state in (EntryState.GONE, EntryState.FAILED):
        close_entry(conn, handed_id(entry), state, "x", now=NOW)
    assert postpone(conn, handed_id(entry), "x", now=NOW, retry=[HOUR]) is EntryState.GONE
    assert cell(conn, "SELECT state FROM entries") == "gone"


def test_retries_follow_the_schedule_until_it_is_used_up(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1"))
    seen = []
    for _ in range(3):
        state = postpone(conn, handed_id(entry), "HTTP 500", now=NOW, retry=[MINUTE, HOUR])
        seen.append((state.value, cell(conn, "SELECT not_before FROM entries")))
    assert seen == [
        ("owed", "2026-11-23T08:01:00Z"),
        ("owed", "2026-11-23T09:00:00Z"),
        ("failed", "2026-11-23T09:00:00Z"),
    ]


def test_a_page_not_found_is_gone_after_its_last_retry(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1"))
    state = postpone(conn, handed_id(entry), "HTTP 404", now=NOW, retry=[], last=EntryState.GONE)
    assert (state, cell(conn, "SELECT reason FROM entries")) == (EntryState.GONE, "HTTP 404")


@pytest.mark.parametrize(("wait", "due"), [(2 * HOUR, NOW + 2 * HOUR), (9999 * DAY, NOW + DAY)])
def test_a_sites_own_wait_is_honoured_within_the_schedule(
    conn: sqlite3.Connection, wait: timedelta, due: object
) -> None:
    entry = announce_one(conn, make_entry("1"))
    postpone(conn, handed_id(entry), "HTTP 429", now=NOW, retry=[MINUTE, DAY], wait=wait)
    assert next_not_before(conn, ["stcn"]) == due


def second_look(conn: sqlite3.Connection) -> int:
    save(conn, "1")
    return handed_id(file_entry(conn, make_entry("1"), "stcn", now=NOW))


def test_a_second_look_that_fails_leaves_the_entry_archived(conn: sqlite3.Connection) -> None:
    close_entry(conn, second_look(conn), EntryState.REJECTED, "paywall", now=NOW)
    assert rows(conn, "SELECT state, reason, article_id FROM entries") == [
        ("archived", "second look: rejected: paywall", 1)
    ]


def test_an_article_whose_page_is_gone_stays_marked_withdrawn(conn: sqlite3.Connection) -> None:
    close_entry(conn, second_look(conn), EntryState.GONE, "HTTP 410", now=NOW + HOUR)
    assert rows(conn, "SELECT title, withdrawn FROM articles") == [
        ("央行降准", "2026-11-23T09:00:00Z")
    ]


def test_a_withdrawn_article_that_returns_is_no_longer_marked(conn: sqlite3.Connection) -> None:
    close_entry(conn, second_look(conn), EntryState.GONE, "HTTP 410", now=NOW)
    save(conn, "1")
    assert cell(conn, "SELECT withdrawn FROM articles") is None


def closed_as(conn: sqlite3.Connection, path: str, state: EntryState) -> None:
    entry = announce_one(conn, make_entry(path))
    close_entry(conn, handed_id(entry), state, "x", now=NOW)


def test_retry_reopens_what_has_no_article_and_hurries_what_waits(
    conn: sqlite3.Connection,
) -> None:
    save(conn, "archived")
    for state in (EntryState.FAILED, EntryState.REJECTED, EntryState.GONE, EntryState.FORBIDDEN):
        closed_as(conn, state.value, state)
    waiting = announce_one(conn, make_entry("waiting"))
    postpone(conn, handed_id(waiting), "x", now=NOW, retry=[DAY])
    assert retry_entries(conn, now=NOW) == 5
    handed = owed(conn, "stcn", HOST, now=NOW, limit=9)
    assert [(e.url.rpartition("/")[2], e.attempts) for e in handed] == [
        ("failed", 0),
        ("rejected", 0),
        ("gone", 0),
        ("forbidden", 0),
        ("waiting", 0),
    ]


def test_retry_can_be_kept_to_a_state_and_a_source(conn: sqlite3.Connection) -> None:
    closed_as(conn, "1", EntryState.FAILED)
    closed_as(conn, "2", EntryState.GONE)
    counts = [
        retry_entries(conn, now=NOW, state="failed", source_id="b"),
        retry_entries(conn, now=NOW, state="failed", source_id="stcn"),
        retry_entries(conn, now=NOW, state="failed"),
    ]
    assert counts == [0, 1, 0]


@pytest.mark.parametrize("entry", ["1", "https://stcn.example.com/1"])
def test_retry_of_one_entry_takes_its_id_or_url_whatever_its_state(
    conn: sqlite3.Connection, entry: str
) -> None:
    save(conn, "1")
    save(conn, "2", "别题", text="别文")
    assert retry_entries(conn, now=NOW, entry=entry) == 1
    assert [e.url[-1] for e in all_owed(conn)] == ["1"]


def test_a_filed_url_is_owed_whatever_it_was(conn: sqlite3.Connection) -> None:
    closed_as(conn, "1", EntryState.REJECTED)
    filed = file_entry(conn, make_entry("1"), "stcn", now=NOW + HOUR)
    assert (filed.id, filed.announced, owed_count(conn)) == (1, NOW, 1)


def test_filing_under_an_unknown_source_is_an_error(conn: sqlite3.Connection) -> None:
    with pytest.raises(ArchiveError, match="'nope' is not declared"):
        file_entry(conn, make_entry("1"), "nope", now=NOW)


def fill(conn: sqlite3.Connection, count: int, hosts: int) -> None:
    """Put `count` owed entries on `hosts` hosts straight into the table."""
    conn.execute("BEGIN")
    conn.executemany(
        "INSERT INTO entries(source_id, url, raw_url, host, announced, not_before)"
        " VALUES ('stcn', ?, 'x', ?, ?, ?)",
        (
            (f"u{n}", f"h{n % hosts}.com", to_text(NOW), to_text(NOW + n * timedelta(seconds=1)))
            for n in range(count)
        ),
    )
    conn.execute("COMMIT")


def steps(conn: sqlite3.Connection, act: Callable[[], object]) -> int:
    """Count SQLite's virtual machine steps, in hundreds, that `act` takes."""
    hundreds = [0]

    def count() -> int:
        hundreds[0] += 1
        return 0

    conn.set_progress_handler(count, 100)
    act()
    conn.set_progress_handler(None, 0)
    return hundreds[0]


@pytest.mark.slow
def test_a_hundred_thousand_owed_entries_cost_a_few_seeks(conn: sqlite3.Connection) -> None:
    fill(conn, 100_000, hosts=40)
    conn.execute("ANALYZE")  # statistics must not change the plan
    ids = [state.id for state in source_states(conn)]
    late, soon = NOW + 2 * DAY, NOW + 10 * MINUTE
    assert len(owed_hosts(conn, ids)) == 40
    assert steps(conn, lambda: owed_hosts(conn, ids)) < 20
    assert steps(conn, lambda: owed(conn, "stcn", "h7.com", now=late, limit=2)) < 5
    assert steps(conn, lambda: owed(conn, "stcn", "h7.com", now=soon, limit=2)) < 5
    assert steps(conn, lambda: next_not_before(conn, ids)) < 40
    assert steps(conn, lambda: announce(conn, make_visit(), [make_entry("1")], now=NOW)) < 600


@pytest.mark.slow
def test_one_save_among_a_hundred_thousand_owed_closes_by_index(conn: sqlite3.Connection) -> None:
    fill(conn, 100_000, hosts=40)
    entry = announce_one(conn, make_entry("https://b.example.com/1"), "b")
    small = make_article("https://b.example.com/1", text="短")
    assert steps(conn, lambda: save_article(conn, small, entry=entry, now=NOW)) < 200
