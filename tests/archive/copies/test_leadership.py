"""The lead in the archive: evidence from its rows, the one file, the record, a person's word."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.copies import clusters
from archive.copies.links import contraries
from archive.entries.announcing import announce
from archive.errors import ArchiveError
from archive.files.orders import write_owed
from archive.search.answer import find
from archive.sources.declarations import declare
from tests.archive.copies.filing_copies import ADDED, OTHER, STORY, copies, file
from tests.archive.making import (
    DAY,
    HOUR,
    NOW,
    cell,
    make_archive,
    make_entry,
    make_source,
    make_visit,
    rows,
    save,
)

SOURCES = tuple(make_source(name) for name in ("stcn", "wire", "daily"))
LINK = "[原文](https://wire.example.com/zh/1)"
TURNED = STORY.replace("下调金融", "上调金融")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, *SOURCES)


def reasons(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    return rows(conn, "SELECT id, lead_reason FROM articles WHERE copy_of IS NULL ORDER BY id")


def test_the_outlet_that_the_other_names_takes_the_lead(conn: sqlite3.Connection) -> None:
    file(conn, "daily", STORY, origin="Outlet wire", published=NOW - MINUTE)
    file(conn, "wire", STORY)
    assert copies(conn) == [(1, 2), (2, None)]
    assert reasons(conn) == [(2, "1 of 1 other outlets name it or link to it")]
    assert rows(conn, "SELECT article_id, was, story, led FROM cluster_changes") == [
        (2, 1, None, 1),
        (1, None, 2, 1),
    ]


def test_a_link_to_the_other_outlet_names_it_too(conn: sqlite3.Connection) -> None:
    file(conn, "daily", STORY, markdown=f"{STORY}\n\n{LINK}")
    file(conn, "wire", STORY)
    assert copies(conn) == [(1, 2), (2, None)]


def test_the_one_file_keeps_its_path(conn: sqlite3.Connection, tmp_path: Path) -> None:
    file(conn, "daily", STORY, origin="Outlet wire")
    write_owed(conn, tmp_path / "md")
    (before,) = (tmp_path / "md").rglob("*.md")
    file(conn, "wire", STORY + ADDED)
    write_owed(conn, tmp_path / "md")
    (after,) = (tmp_path / "md").rglob("*.md")
    text = after.read_text("utf-8")
    assert (after, ADDED in text) == (before, True)
    assert "\nlink: https://wire.example.com/1\n" in text
    assert "\nalso:\n - https://daily.example.com/0\n" in text
    assert rows(conn, "SELECT id, markdown_path IS NULL FROM articles") == [(1, 1), (2, 0)]


def test_who_led_once_gets_a_path_of_its_own(conn: sqlite3.Connection, tmp_path: Path) -> None:
    file(conn, "daily", STORY, origin="Outlet wire")
    file(conn, "wire", STORY)
    clusters.part(conn, 1, now=NOW, reason="by hand")
    write_owed(conn, tmp_path / "md")
    paths = [path for (path,) in rows(conn, "SELECT markdown_path FROM articles ORDER BY id")]
    assert len(set(paths)) == 2
    assert str(paths[0]).removesuffix("-2.md") + ".md" == paths[1]
    assert len(list((tmp_path / "md").rglob("*.md"))) == 2
    assert reasons(conn) == [(1, ""), (2, "")]


def test_a_claim_counts_no_earlier_than_the_look_that_did_not_list_it(
    conn: sqlite3.Connection,
) -> None:
    for source, claimed in (("daily", NOW - HOUR), ("wire", NOW - 30 * MINUTE)):
        if source == "daily":  # looked at 10 minutes ago: it wasn't there an hour ago
            announce(conn, make_visit(source, at=NOW - 10 * MINUTE), [], now=NOW - 10 * MINUTE)
        url = f"https://{source}.example.com/1"
        announce(conn, make_visit(source), [make_entry(url)], now=NOW)
        save(conn, url, source, STORY, source_id=source, published=claimed, language="zh")
    assert copies(conn) == [(1, 2), (2, None)]
    assert reasons(conn) == [(2, "published first, 2026-11-23 07:30 UTC")]


def test_a_bare_date_is_no_claim(conn: sqlite3.Connection) -> None:
    file(conn, "daily", STORY, published=NOW - 8 * HOUR, published_claimed="2026-11-23")
    file(conn, "wire", STORY, published=NOW - HOUR, published_claimed="2026-11-23T07:00Z")
    assert copies(conn) == [(1, 2), (2, None)]


def test_after_a_day_who_leads_is_settled(conn: sqlite3.Connection) -> None:
    file(conn, "daily", STORY, origin="Outlet wire")
    file(conn, "wire", STORY, now=NOW + DAY + HOUR)
    assert copies(conn) == [(1, None), (2, 1)]


def test_what_was_announced_within_the_day_may_lead_when_it_comes(
    conn: sqlite3.Connection,
) -> None:
    """Its page was a wall for longer than the lead was open."""
    file(conn, "daily", STORY, origin="Outlet wire")
    entry = make_entry("https://wire.example.com/1")
    announce(conn, make_visit("wire"), [entry], now=NOW + HOUR)
    file(conn, "wire", STORY, now=NOW + DAY + HOUR)
    assert copies(conn) == [(1, 2), (2, None)]


def test_trust_decides_when_an_article_comes_and_when_it_changes(
    conn: sqlite3.Connection,
) -> None:
    file(conn, "daily", STORY)
    file(conn, "wire", STORY, now=NOW + 3 * DAY)
    trusted = [replace(s, trust=7 if s.id == "wire" else 5) for s in SOURCES]
    declare(conn, trusted, now=NOW + 3 * DAY)
    assert copies(conn) == [(1, 2), (2, None)]
    assert reasons(conn) == [(2, "its outlet is trusted more (7 over 5)")]
    file(conn, "stcn", OTHER)
    file(conn, "wire", OTHER, now=NOW + 3 * DAY)
    assert copies(conn)[2:] == [(3, 4), (4, None)]


def test_a_person_s_word_on_who_leads_stays(conn: sqlite3.Connection) -> None:
    file(conn, "daily", STORY, origin="Outlet wire")
    file(conn, "wire", STORY)
    clusters.lead(conn, 1, now=NOW)
    trusted = [replace(s, trust=9 if s.id == "wire" else 5) for s in SOURCES]
    declare(conn, trusted, now=NOW + DAY)
    file(conn, "stcn", STORY, origin="Outlet wire")
    assert copies(conn) == [(1, None), (2, 1), (3, 1)]
    assert reasons(conn) == [(1, "by hand")]
    clusters.lead(conn, 2, now=NOW)
    assert copies(conn) == [(1, 2), (2, None), (3, 2)]


def test_a_story_without_copies_has_none_to_lead(conn: sqlite3.Connection) -> None:
    file(conn, "daily", STORY)
    with pytest.raises(ArchiveError, match="has no copies"):
        clusters.lead(conn, 1, now=NOW)


def test_what_was_merged_by_hand_stays_whoever_leads(conn: sqlite3.Connection) -> None:
    file(conn, "daily", STORY)
    file(conn, "wire", OTHER)
    clusters.join(conn, 1, 2, now=NOW, reason="by hand")
    clusters.lead(conn, 2, now=NOW)
    assert copies(conn) == [(1, 2), (2, None)]
    save(conn, "https://daily.example.com/0", "标题", STORY + ADDED, source_id="daily", now=NOW)
    save(conn, "https://wire.example.com/1", "标题", OTHER + ADDED, source_id="wire", now=NOW)
    assert copies(conn) == [(1, 2), (2, None)]


def test_what_was_split_by_hand_does_not_return_to_whoever_leads(
    conn: sqlite3.Connection,
) -> None:
    for source in ("wire", "stcn", "daily"):
        file(conn, source, STORY)
    clusters.part(conn, 2, now=NOW, reason="by hand")
    clusters.lead(conn, 3, now=NOW)
    save(conn, "https://stcn.example.com/1", "标题", STORY + ADDED, source_id="stcn", now=NOW)
    assert copies(conn) == [(1, 3), (2, None), (3, None)]


def test_a_turned_text_is_a_story_of_its_own_linked(conn: sqlite3.Connection) -> None:
    file(conn, "daily", TURNED, origin="Outlet wire")
    file(conn, "stcn", STORY + ADDED)
    file(conn, "wire", STORY)
    assert copies(conn) == [(1, None), (2, 3), (3, None)]  # named in the turned one
    assert contraries(conn, 3) == [(1, "2 says “下”, 1 says “上”")]
    assert [other for other, _ in contraries(conn, 1)] == [2]  # who was there first


def test_a_text_that_says_neither_stands_beside_one_of_both_alone(
    conn: sqlite3.Connection,
) -> None:
    rest = STORY.partition("。")[2] + ADDED
    file(conn, "daily", TURNED + ADDED)
    file(conn, "stcn", rest)
    file(conn, "wire", STORY + ADDED)
    assert copies(conn) == [(1, None), (2, 1), (3, None)]
    assert [other for other, _ in contraries(conn, 3)] == [1]


def test_a_corrected_story_leaves_the_uncorrected_copy_until_that_follows(
    conn: sqlite3.Connection,
) -> None:
    file(conn, "wire", TURNED)
    file(conn, "daily", TURNED)
    assert copies(conn) == [(1, None), (2, 1)]
    save(conn, "https://wire.example.com/0", "标题", STORY, source_id="wire", now=NOW + HOUR)
    assert copies(conn) == [(1, None), (2, None)]
    assert contraries(conn, 1) != []
    later = NOW + 2 * HOUR
    save(conn, "https://daily.example.com/1", "标题", STORY, source_id="daily", now=later)
    assert copies(conn) == [(1, None), (2, 1)]
    assert contraries(conn, 1) == []


def test_what_only_a_copy_has_finds_the_story_with_that_copy_named(
    conn: sqlite3.Connection,
) -> None:
    file(conn, "wire", STORY, title="降准")
    file(conn, "daily", f"{STORY}{ADDED}", title="降准")
    (hit,) = find(conn, "融资成本")
    assert hit.copy is not None
    assert (hit.id, hit.copy.id, hit.copy.outlet) == (1, 2, "Outlet daily")
    assert (hit.copy.differs, hit.snippet) == ((ADDED,), ADDED)
    for query in ("source:daily", 'outlet:"outlet DAILY"', "中期借贷便利"):
        assert [found.id for found in find(conn, query)] == [1]
    assert find(conn, "outlet:daily") == []
    assert cell(conn, "SELECT count(*) FROM articles") == 2
