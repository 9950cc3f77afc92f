from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.articles.save import save_article
from archive.entries.owed import file_entry, owed_count
from archive.files.orders import set_settings
from archive.held.holds import probe
from archive.held.rows import held_rows
from archive.held.walls import PageSeen, is_stub_of, is_wall_of
from archive.model import Entry, SourceStatus, Verdict
from archive.sources.declarations import source_state
from archive.upkeep.holds_by_hand import refuse_hold, release_hold
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
    save,
)

OTHER = "Copper is told of here, and of nothing else. " * 9
WALL = "Before you continue, please accept our cookies and those of our 812 partners."
STATES = "SELECT state, count(*) FROM entries GROUP BY 1"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    conn = make_archive(tmp_path, make_source("stcn"), make_source("other"))
    set_settings(conn, markdown=True, body="markdown")
    return conn


def meet_wall(conn: sqlite3.Connection, paths: Iterable[str], *, source_id: str = "stcn") -> None:
    for path in paths:
        save(conn, path, "Cookies", WALL, announced=f"{path}: shares rise", source_id=source_id)


def page(headline: str, title: str, path: str = "1", article: int = 0) -> PageSeen:
    url = f"https://a.example/{path}"
    return PageSeen(url=url, headline=headline, title=title, text=WALL, article=article)


def test_two_equal_texts_are_not_yet_a_wall(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "ab")
    assert cell(conn, "SELECT count(*) FROM stories") == 2


def test_the_third_equal_text_holds_the_others(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "abc")
    assert rows(conn, STATES) == [("held", 3)]
    assert rows(conn, "SELECT held IS NOT NULL, next_check FROM articles") == [(1, None)] * 2
    assert cell(conn, "SELECT count(*) FROM stories") == 0
    assert cell(conn, "SELECT count(*) FROM revisions") == 2


def test_later_pages_are_held_at_once(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "abcd")
    assert rows(conn, STATES) == [("held", 4)]


def test_the_sources_are_flagged_with_the_text(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "abc")
    state = source_state(conn, "stcn")
    assert state is not None
    assert state.status is SourceStatus.BLOCKED
    assert "Before you continue" in str(state.status_reason)


def test_a_flagged_source_that_gives_an_article_again_is_ok(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "abc")
    save(conn, "d")
    state = source_state(conn, "stcn")
    assert state is not None
    assert (state.status, state.status_reason) == (SourceStatus.OK, None)


def test_files_of_what_is_held_are_to_be_deleted(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "ab")
    conn.execute("UPDATE files SET written_hash = wanted_hash")
    meet_wall(conn, "c")
    assert rows(conn, "SELECT wanted_hash FROM files") == [(None,), (None,)]


def test_one_page_a_day_is_probed_and_all_come_back_with_it(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "abcd")
    assert probe(conn, "stcn", now=NOW) == ()
    assert probe(conn, "stcn", now=NOW + DAY) == ("stcn.example.com",)
    assert probe(conn, "stcn", now=NOW + DAY) == ()
    assert rows(conn, STATES) == [("held", 3), ("owed", 1)]
    url = str(cell(conn, "SELECT url FROM entries WHERE state = 'owed'"))
    saved = save(conn, url, "a: shares rise", LONG, announced="a: shares rise", now=NOW + DAY)
    assert saved.owed == (("stcn", "stcn.example.com"),)
    assert rows(conn, STATES) == [("archived", 1), ("owed", 3)]
    assert rows(conn, "SELECT title, held, revision FROM articles WHERE id = 1") == [
        ("a: shares rise", None, 2)
    ]


def test_a_probe_that_meets_the_wall_again_is_held_again(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "abc")
    probe(conn, "stcn", now=NOW + DAY)
    save(conn, "a", "Cookies", WALL, announced="a: shares rise", now=NOW + DAY)
    assert rows(conn, STATES) == [("held", 3)]
    assert cell(conn, "SELECT count(*) FROM holds") == 3


def test_what_a_person_releases_is_no_wall_any_more(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "abc")
    (first, *_) = held_rows(conn)
    done = release_hold(conn, first.id, now=NOW)
    assert (done.pages, done.articles) == (1, 2)
    assert cell(conn, "SELECT count(*) FROM stories") == 2
    assert owed_count(conn) == 1
    meet_wall(conn, "c")
    assert rows(conn, STATES) == [("archived", 3)]
    assert held_rows(conn) == []


def test_what_a_person_refuses_stays_in_the_list_and_can_be_released(
    conn: sqlite3.Connection,
) -> None:
    meet_wall(conn, "abc")
    last = held_rows(conn)[-1]
    refuse_hold(conn, last.id, now=NOW)
    assert rows(conn, STATES) == [("held", 2), ("rejected", 1)]
    assert held_rows(conn)[-1].reason.startswith("refused by hand: placeholder")
    release_hold(conn, last.id, now=NOW)
    assert rows(conn, STATES) == [("archived", 2), ("owed", 1)]


def test_an_article_under_the_wall_keeps_its_text(conn: sqlite3.Connection) -> None:
    save(conn, "a", "央行降准", LONG, announced="a: shares rise")
    meet_wall(conn, "abc")
    columns = "title, text, revision, held"
    assert rows(conn, f"SELECT {columns} FROM articles WHERE id = 1") == [
        ("央行降准", LONG, 1, None)
    ]
    # what was announced there has not been seen yet: its page is probed
    assert rows(conn, "SELECT state, article_id FROM entries WHERE id = 1") == [("held", 1)]


def test_what_an_address_of_many_shows_next_is_never_taken_over(conn: sqlite3.Connection) -> None:
    """A live page: each day another guid, title, date and text at one address."""
    first = make_entry("live", guid="g1", title="Copper falls by a tenth")
    save_article(conn, make_article("live", first.title, OTHER), entry=filed(conn, first), now=NOW)
    second = make_entry("live", guid="g2", title="Copper falls by a third")
    second = replace(second, url=f"{second.url}#guid=g2")
    at = NOW + DAY
    page = make_article("live", second.title, LONG, published=at)
    assert save_article(conn, page, entry=filed(conn, second), now=at).verdict is Verdict.NEW
    third = make_article("live", "Copper falls by a half", "锌价上涨。" * 50, published=at + DAY)
    for hours in (24, 48, 72):
        look = save_article(conn, third, entry=filed(conn, first), now=NOW + hours * HOUR)
        assert look.held != ""
    assert rows(conn, "SELECT title FROM articles") == [(first.title,), (second.title,)]


def filed(conn: sqlite3.Connection, entry: Entry) -> Entry:
    return replace(file_entry(conn, entry, "stcn", now=NOW), title=entry.title, guid=entry.guid)


def test_an_article_is_not_overwritten_by_a_known_wall(conn: sqlite3.Connection) -> None:
    save(conn, "real", "央行降准", LONG)
    meet_wall(conn, "abc")
    saved = save(conn, "real", "Cookies", WALL)
    assert saved.held != ""
    assert rows(conn, "SELECT text, held FROM articles WHERE id = 1") == [(LONG, None)]


def test_one_article_checked_again_and_again_is_no_wall(conn: sqlite3.Connection) -> None:
    verdicts = [save(conn, "1", announced=f"Title {n}").verdict for n in range(8)]
    assert verdicts == [Verdict.NEW] + [Verdict.UNCHANGED] * 7


def test_one_story_under_many_slugs_is_one_article(conn: sqlite3.Connection) -> None:
    verdicts = [
        save(conn, f"{section}/rates-are-cut-again", announced="央行降准").verdict
        for section in ("a", "b", "c", "d", "e", "f", "g", "h")
    ]
    assert verdicts == [Verdict.NEW, *[Verdict.COPY] * 7]
    assert cell(conn, "SELECT count(*) FROM article_urls") == 8


def test_five_numbers_under_one_title_are_copies_and_the_sixth_is_held(
    conn: sqlite3.Connection,
) -> None:
    verdicts = [save(conn, path).verdict for path in "123456"]
    assert verdicts == [Verdict.NEW, *[Verdict.COPY] * 4, None]
    assert cell(conn, "SELECT held IS NOT NULL FROM articles") == 1


def test_other_outlets_are_not_concerned(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "ab")
    for path in ("https://other.example.com/c", "https://other.example.com/d"):
        meet_wall(conn, [path], source_id="other")
    assert cell(conn, "SELECT count(*) FROM articles WHERE held IS NULL") == 4


def test_a_wall_is_known_whoever_listed_the_page(conn: sqlite3.Connection) -> None:
    meet_wall(conn, "ab")
    meet_wall(conn, "c", source_id="other")
    assert rows(conn, STATES) == [("held", 3)]
    blocked = rows(conn, "SELECT id FROM sources WHERE status = 'blocked'")
    assert blocked == [("stcn",)]


def test_flashes_that_are_all_title_are_kept(conn: sqlite3.Connection) -> None:
    verdicts = [save(conn, path, f"快讯{path}", "", now=NOW).verdict for path in "1234"]
    assert verdicts == [Verdict.NEW] * 4


def test_a_stub_below_headlines_that_are_there_is_cut(conn: sqlite3.Connection) -> None:
    stub = "Keep reading with a digital plan that suits you."
    titles = ("Copper falls", "Zinc climbs", "Tin stands", "Lead sinks")
    for at, title in enumerate(titles):
        save(conn, str(at), title, stub, announced=title, summary=f"Deck {at}")
    columns = "title, text, paywalled, held"
    assert rows(conn, f"SELECT {columns} FROM articles") == [
        ("Copper falls", "Deck 0", 1, None),
        ("Zinc climbs", "Deck 1", 1, None),
        ("Tin stands", "Deck 2", 1, None),
        ("Lead sinks", "Deck 3", 1, None),
    ]
    assert cell(conn, "SELECT count(*) FROM revisions WHERE text = ?", stub) == 2


def test_a_wall_shows_no_headline_that_was_announced() -> None:
    assert is_wall_of([page("Copper falls", "Cookies"), page("Zinc up", "Cookies", "2"),
                       page("Tin stands", "Cookies", "3")])  # fmt: skip
    assert not is_wall_of([page("Copper falls", "Cookies"), page("Zinc up", "Cookies", "2"),
                           page("Tin stands", "Tin stands", "3")])  # fmt: skip


def test_a_headline_that_changed_at_three_addresses_is_no_wall() -> None:
    """A look at the first address finds the newest headline, which the third was announced with."""
    titles = ("Copper falls", "Zinc climbs", "Tin stands")
    first, second, third = (page(t, titles[0], str(n), 1) for n, t in enumerate(titles))
    assert not is_wall_of([replace(first, title="Tin stands"), second, third])
    assert is_wall_of([replace(p, title="Cookies") for p in (first, second, third)])


def test_a_long_text_without_dates_may_be_one_story_with_other_headlines() -> None:
    titles = ("Copper falls", "Zinc climbs", "Tin stands")
    pages = [replace(page(t, t, article=n), text="Tin. " * 50) for n, t in enumerate(titles)]
    assert not is_stub_of(pages)
    assert not is_stub_of([replace(p, moment=NOW) for p in pages])
    dated = [replace(p, moment=NOW + n * HOUR) for n, p in enumerate(pages)]
    assert is_stub_of(dated)
    assert is_stub_of([replace(p, text="Tin. " * 30) for p in pages])


def test_slugs_tell_where_nothing_is_announced() -> None:
    slugs = ("copper-falls-again", "zinc-climbs-high", "tin-stands-still")
    assert is_wall_of([page("", "Welcome: tell us your country", slug) for slug in slugs])
    assert not is_wall_of([page("", slug.replace("-", " "), slug) for slug in slugs])


def test_a_long_text_under_three_headlines_is_no_stub() -> None:
    pages = [page(t, t, article=n) for n, t in enumerate(("Copper falls", "Zinc up", "Tin down"))]
    assert is_stub_of(pages)
    long = [PageSeen(**{**_fields(p), "text": WALL * 20}) for p in pages]
    assert not is_stub_of(long)


def _fields(page: PageSeen) -> dict[str, object]:
    return {name: getattr(page, name) for name in ("url", "headline", "title", "text", "article")}
