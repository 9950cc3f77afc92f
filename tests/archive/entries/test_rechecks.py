from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.save import save_article
from archive.entries.owed import close_entry, file_entry
from archive.entries.rechecks import (
    DueRecheck,
    RecheckPlan,
    due_looks,
    looked,
    next_look,
    put_off,
    withdraw,
)
from archive.model import EntryState, Saved, Validators, Verdict
from archive.sources.declarations import ensure_filing_source
from tests.archive.making import (
    DAY,
    HOUR,
    LONG,
    NOW,
    cell,
    make_archive,
    make_article,
    make_entry,
    make_source,
    rows,
)

AGES = (HOUR, 6 * HOUR, DAY)
PLANNED = "SELECT next_check FROM articles"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("a"), make_source("b"), make_source("c"))


def put(
    conn: sqlite3.Connection,
    path: str,
    source_id: str = "a",
    *,
    now=NOW,
    ages=AGES,
    announced: str = "",
    **changes: object,
) -> Saved:
    """Archive a page of a source, whose text is its own."""
    url = f"https://{source_id}.example.com/{path}"
    entry = file_entry(conn, make_entry(url, title=announced), source_id, now=now)
    article = make_article(url, f"{source_id}{path}", f"{path}{LONG}", **changes)
    look = RecheckPlan(page=Validators(url=f"{url}?v=1", etag='"1"'), ages=ages)
    return save_article(conn, article, entry=entry, now=now, look=look)


def due(conn: sqlite3.Connection, *ids: str, now=NOW + HOUR, **more: object) -> list[DueRecheck]:
    return due_looks(conn, ids or ("a", "b", "c"), now=now, limit=more.pop("limit", 48), **more)


def look_at(
    conn: sqlite3.Connection,
    look: DueRecheck,
    title: str,
    text: str,
    *,
    now=NOW + HOUR,
    url: str = "",
) -> Saved:
    """Save what a look at an article found on its page."""
    found = RecheckPlan(
        page=Validators(url=look.page.url, etag='"2"', last_modified="Mon"),
        ages=AGES,
        article_id=look.article_id,
    )
    article = make_article(url or look.entry.url, title, text)
    return save_article(conn, article, entry=look.entry, now=now, look=found)


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, 1), (1, 6), (1.5, 6), (6, 24), (23, 24), (24, None), (900, None)]
)
def test_the_next_look_is_at_the_first_age_still_to_come(
    hours: float, expected: int | None
) -> None:
    found = next_look(NOW, NOW - HOUR, now=NOW + hours * HOUR, ages=AGES)
    assert found == (None if expected is None else NOW + expected * HOUR)


@given(
    st.lists(st.timedeltas(min_value=timedelta(seconds=1), max_value=30 * DAY), max_size=6),
    st.timedeltas(min_value=timedelta(), max_value=40 * DAY),
    st.timedeltas(min_value=-DAY, max_value=40 * DAY),
)
def test_a_look_is_always_to_come_and_at_one_of_the_ages(
    ages: list[timedelta], passed: timedelta, old: timedelta
) -> None:
    found = next_look(NOW, NOW - old, now=NOW + passed, ages=ages)
    assert found is None or (found > NOW + passed and found - NOW in ages)


def test_what_was_old_when_it_was_first_fetched_is_looked_at_once() -> None:
    published = NOW - DAY - HOUR
    assert next_look(NOW, published, now=NOW, ages=AGES) == NOW + HOUR
    assert next_look(NOW, published, now=NOW + HOUR, ages=AGES) is None


def test_without_ages_nothing_is_looked_at() -> None:
    assert next_look(NOW, NOW, now=NOW, ages=()) is None


def test_the_order_of_the_ages_does_not_matter() -> None:
    assert next_look(NOW, NOW, now=NOW, ages=(DAY, HOUR)) == NOW + HOUR


def test_a_new_article_is_to_be_looked_at_at_the_first_age(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    kept = "SELECT page_url, page_etag, page_last_modified, next_check FROM articles"
    assert rows(conn, kept) == [
        ("https://a.example.com/1?v=1", '"1"', None, "2026-11-23T09:00:00Z")
    ]


def test_an_article_is_due_when_its_time_has_come(conn: sqlite3.Connection) -> None:
    put(conn, "1", announced="as the feed has it")
    assert due(conn, now=NOW + HOUR - timedelta(seconds=1)) == []
    (look,) = due(conn, now=NOW + HOUR)
    assert (look.article_id, look.source_id, look.entry.title) == (1, "a", "as the feed has it")
    assert look.page == Validators(url="https://a.example.com/1?v=1", etag='"1"')


def test_looks_go_round_the_sources(conn: sqlite3.Connection) -> None:
    for path, source_id in [("1", "a"), ("2", "a"), ("3", "a"), ("4", "b"), ("5", "c")]:
        put(conn, path, source_id)
    assert [look.source_id for look in due(conn, "b", "a", "c")] == ["b", "a", "c", "a", "a"]
    assert [look.source_id for look in due(conn, limit=2)] == ["a", "b"]


def test_a_source_gets_four_looks_together_those_in_flight_among_them(
    conn: sqlite3.Connection,
) -> None:
    for path in "123456":
        put(conn, path)
    first = [look.article_id for look in due(conn)]
    assert first == [1, 2, 3, 4]
    assert due(conn, exclude=first) == []
    looked(conn, 1, now=NOW + HOUR, ages=AGES, still_there=True)
    assert [look.article_id for look in due(conn, exclude=first[1:])] == [5]


def test_articles_of_other_sources_are_not_looked_at(conn: sqlite3.Connection) -> None:
    put(conn, "1", "a")
    assert due(conn, "b") == []


def test_an_unchanged_page_is_checked_and_moves_to_the_next_age(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    looked(conn, 1, now=NOW + 2 * HOUR, ages=AGES, still_there=True)
    assert rows(conn, "SELECT checked, next_check, withdrawn FROM articles") == [
        ("2026-11-23T10:00:00Z", "2026-11-23T14:00:00Z", None)
    ]


def test_missed_ages_become_one_look(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    looked(conn, 1, now=NOW + 20 * HOUR, ages=AGES, still_there=True)
    assert cell(conn, PLANNED) == "2026-11-24T08:00:00Z"


def test_after_the_last_age_there_is_no_further_look(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    looked(conn, 1, now=NOW + DAY, ages=AGES, still_there=True)
    assert cell(conn, PLANNED) is None


def test_a_look_that_says_nothing_only_moves_on(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    withdraw(conn, 1, now=NOW + HOUR)
    looked(conn, 1, now=NOW + 2 * HOUR, ages=AGES, still_there=None)
    assert rows(conn, "SELECT checked, withdrawn, next_check FROM articles") == [
        ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z", "2026-11-23T14:00:00Z")
    ]


def test_a_page_that_is_gone_marks_its_article_and_keeps_all_of_it(
    conn: sqlite3.Connection,
) -> None:
    put(conn, "1")
    looked(conn, 1, now=NOW + HOUR, ages=AGES, still_there=False)
    looked(conn, 1, now=NOW + 6 * HOUR, ages=AGES, still_there=False)
    assert rows(conn, "SELECT title, withdrawn, checked FROM articles") == [
        ("a1", "2026-11-23T09:00:00Z", "2026-11-23T14:00:00Z")
    ]
    assert cell(conn, "SELECT count(*) FROM files WHERE wanted_hash IS NOT NULL") == 1


@pytest.mark.parametrize("text", ["1" + LONG, "other" + LONG])
def test_an_article_that_is_there_again_is_no_longer_withdrawn(
    conn: sqlite3.Connection, text: str
) -> None:
    put(conn, "1")
    (look,) = due(conn)
    looked(conn, 1, now=NOW + HOUR, ages=AGES, still_there=False)
    look_at(conn, look, "a1", text, now=NOW + 6 * HOUR)
    assert cell(conn, "SELECT withdrawn FROM articles") is None


def test_a_look_that_finds_an_edit_makes_a_revision(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    saved = look_at(conn, due(conn)[0], "a1", "edited" + LONG)
    assert saved.verdict is Verdict.REVISED
    columns = "revision, checked, page_etag, page_last_modified, next_check"
    assert rows(conn, f"SELECT {columns} FROM articles") == [
        (2, "2026-11-23T09:00:00Z", '"2"', "Mon", "2026-11-23T14:00:00Z")
    ]


def test_a_look_leaves_the_entry_as_it_was_closed(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    closed = "SELECT state, reason, closed FROM entries"
    before = rows(conn, closed)
    look_at(conn, due(conn)[0], "a1", "1" + LONG)
    assert rows(conn, closed) == before == [("archived", "new", "2026-11-23T08:00:00Z")]


def test_a_look_that_is_led_to_another_page_changes_nothing(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    (look,) = due(conn)
    other = "News of today, and nothing of what was there. " * 5
    saved = look_at(conn, look, "Today", other, url="https://a.example.com/today")
    assert str(saved.rejected) == "leads elsewhere: https://a.example.com/today"
    assert rows(conn, "SELECT title, revision FROM articles") == [("a1", 1)]


def test_a_second_fetch_of_an_owed_entry_is_a_look_as_well(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    put(conn, "1", now=NOW + 2 * HOUR)
    assert rows(conn, "SELECT checked, next_check FROM articles") == [
        ("2026-11-23T10:00:00Z", "2026-11-23T14:00:00Z")
    ]


def test_what_came_without_a_page_is_not_looked_at(conn: sqlite3.Connection) -> None:
    entry = file_entry(conn, make_entry("https://a.example.com/1"), "a", now=NOW)
    article = make_article("https://a.example.com/1")
    save_article(conn, article, entry=entry, now=NOW, look=RecheckPlan(ages=AGES))
    assert cell(conn, PLANNED) is None


def test_what_no_source_announces_is_not_looked_at(conn: sqlite3.Connection) -> None:
    ensure_filing_source(conn, id="x", kind="page", url="https://x.example.com/", now=NOW)
    put(conn, "1", "x")
    assert cell(conn, PLANNED) is None


def test_an_old_record_does_not_set_back_when_an_article_was_seen(
    conn: sqlite3.Connection,
) -> None:
    put(conn, "1")
    put(conn, "1", now=NOW - 300 * DAY)
    assert cell(conn, "SELECT checked FROM articles") == "2026-11-23T08:00:00Z"


@pytest.mark.parametrize(
    ("at", "wait", "expected"),
    [
        (HOUR, HOUR, "2026-11-23T10:00:00Z"),
        (DAY, DAY, "2026-11-25T08:00:00Z"),
        (DAY, 25 * HOUR, None),
    ],
)
def test_a_host_may_put_a_look_off_until_twice_the_last_age(
    conn: sqlite3.Connection, at: timedelta, wait: timedelta, expected: str | None
) -> None:
    put(conn, "1")
    put_off(conn, 1, now=NOW + at, wait=wait, ages=AGES)
    assert cell(conn, PLANNED) == expected


def test_an_article_that_was_undone_in_the_meantime_is_no_error(conn: sqlite3.Connection) -> None:
    looked(conn, 7, now=NOW, ages=AGES, still_there=None)
    put_off(conn, 7, now=NOW, wait=HOUR, ages=AGES)
    assert cell(conn, "SELECT count(*) FROM articles") == 0


def test_a_look_at_an_article_whose_entry_is_gone_has_its_address(
    conn: sqlite3.Connection,
) -> None:
    put(conn, "1")
    entry = cell(conn, "SELECT id FROM entries")
    conn.execute("DELETE FROM entries WHERE id = ?", (entry,))
    (look,) = due(conn)
    assert (look.entry.id, look.entry.url) == (None, "https://a.example.com/1")
    assert look_at(conn, look, "a1", "1" + LONG).verdict is Verdict.UNCHANGED


def test_the_entry_of_a_look_is_one_of_the_articles_own_source(conn: sqlite3.Connection) -> None:
    put(conn, "1", "b")
    url = "https://b.example.com/1"
    other = file_entry(conn, make_entry(url, title="another's word"), "a", now=NOW)
    save_article(conn, make_article(url, "b1", "1" + LONG), entry=other, now=NOW)
    (look,) = due(conn)
    assert (look.source_id, look.entry.source_id) == ("b", "b")


def test_a_page_that_an_owed_second_look_finds_gone_marks_it_too(conn: sqlite3.Connection) -> None:
    put(conn, "1")
    entry = file_entry(conn, make_entry("https://a.example.com/1"), "a", now=NOW + HOUR)
    assert entry.id is not None
    close_entry(conn, entry.id, EntryState.GONE, "HTTP 410", now=NOW + HOUR)
    assert cell(conn, "SELECT withdrawn FROM articles") == "2026-11-23T09:00:00Z"
