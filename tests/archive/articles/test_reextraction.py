"""A stored page, read again: what takes the place of what is stored, and what does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.articles.reextraction import (
    Fate,
    Reread,
    Rereading,
    find_rereading,
    judge_refused,
    reread_article,
    text_difference,
)
from archive.articles.save import save_article
from archive.copies.members import member_of
from archive.entries.owed import close_entry, file_entry
from archive.model import Article, EntryState, RawPage, Reason, Rejection
from archive.pages.store import PageStore
from tests.archive.making import (
    DAY,
    HOUR,
    LONG,
    NOW,
    cell,
    make_article,
    make_entry,
    rows,
)

LATER = NOW + DAY
PARAGRAPHS = LONG + "\n\n" + LONG[::-1]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PageStore]:
    store = PageStore(tmp_path / "pages.db")
    yield store
    store.close()


class Kept:
    """Entries whose pages were fetched at NOW."""

    def __init__(self, conn: sqlite3.Connection, store: PageStore):
        self.conn, self.store = conn, store

    def page(self, path: str) -> int:
        self.entry = file_entry(self.conn, make_entry(path), "stcn", now=NOW)
        page = RawPage(
            url=self.entry.url, source_id="stcn", fetched=NOW, status=200, headers=(), body=b"x"
        )
        return self.store.save(page, entry_id=self.entry.id)

    def archived(self, path: str, article: Article) -> int:
        page_id = self.page(path)
        saved = save_article(self.conn, article, entry=self.entry, now=NOW, page_id=page_id)
        assert saved.article_id is not None
        self.store.link(page_id, saved.article_id)
        return saved.article_id

    def refused(self, path: str, reason: str = "too short") -> int:
        page_id = self.page(path)
        assert self.entry.id is not None
        close_entry(self.conn, self.entry.id, EntryState.REJECTED, reason, now=NOW)
        return page_id

    def found(self) -> list[Rereading]:
        heads = self.store.firsts(limit=100)
        return [
            found
            for head in heads
            if (found := find_rereading(self.conn, head, self.store.last_for))
        ]

    def again(self, outcome: Article | Rejection, *, dry_run: bool = False) -> Reread:
        """Read the only page again, a day later."""
        (found,) = self.found()
        return reread_article(self.conn, found, outcome, now=LATER, dry_run=dry_run)


@pytest.fixture
def kept(conn: sqlite3.Connection, store: PageStore) -> Kept:
    return Kept(conn, store)


def article(**changes: object) -> Article:
    given = make_article("a", text=PARAGRAPHS, authors=("Ann Poe",), summary="Rates")
    return replace(given, **changes)


def test_the_same_reading_changes_nothing(kept: Kept) -> None:
    kept.archived("a", article())
    before = rows(kept.conn, "SELECT * FROM articles")
    assert kept.again(article()).fate is Fate.UNCHANGED
    assert rows(kept.conn, "SELECT * FROM articles") == before


def test_another_text_becomes_a_revision_of_kind_extraction_and_is_not_a_check(kept: Kept) -> None:
    kept.archived("a", article())
    kept.conn.execute("UPDATE articles SET withdrawn = '2026-11-23T09:00:00Z'")
    assert kept.again(article(text=LONG, markdown=LONG)).fate is Fate.CHANGED
    assert rows(kept.conn, "SELECT revision, text, checked, withdrawn FROM articles") == [
        (2, LONG, "2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z")
    ]
    assert rows(kept.conn, "SELECT number, kind, seen FROM revisions") == [
        (1, "first", "2026-11-23T08:00:00Z"),
        (2, "extraction", "2026-11-24T08:00:00Z"),
    ]
    assert cell(kept.conn, "SELECT count(*) FROM files WHERE wanted_hash IS NOT NULL") == 1


def test_other_metadata_is_stored_without_a_revision(kept: Kept) -> None:
    kept.archived("a", article())
    better = article(authors=("Bo Lin",), summary="", published=NOW - HOUR, published_from="jsonld")
    read = kept.again(better)
    assert [difference.what for difference in read.differences] == [
        *("author", "published", "published_from", "summary"),
    ]
    assert rows(
        kept.conn, "SELECT revision, author, summary, published, published_from FROM articles"
    ) == [(1, "Bo Lin", "", "2026-11-23T07:00:00Z", "jsonld")]


def test_what_a_later_page_left_unsaid_or_undecided_is_kept(kept: Kept) -> None:
    article_id = kept.archived("a", article())
    kept.conn.execute(
        "UPDATE articles SET revision = 2, version_kind = 'edit' WHERE id = ?", (article_id,)
    )
    later = article(authors=(), summary="", published=NOW + HOUR, image="https://x.example/a.jpg")
    read = kept.again(later)
    assert [difference.what for difference in read.differences] == ["image"]


def test_a_dry_run_says_the_same_and_stores_nothing(kept: Kept) -> None:
    kept.archived("a", article())
    before = rows(kept.conn, "SELECT * FROM articles")
    tried = kept.again(article(text=LONG), dry_run=True)
    assert rows(kept.conn, "SELECT * FROM articles") == before
    assert kept.again(article(text=LONG)) == tried


def test_how_sure_a_text_is_comes_with_every_rereading_and_is_no_change(kept: Kept) -> None:
    kept.archived("a", article(confidence=0.4))
    tried = kept.again(article(confidence=0.9126), dry_run=True)
    assert cell(kept.conn, "SELECT confidence FROM articles") == 0.4
    read = kept.again(article(confidence=0.9126))
    assert (tried.fate, read.fate) == (Fate.UNCHANGED, Fate.UNCHANGED)
    assert cell(kept.conn, "SELECT confidence FROM articles") == 0.913


def test_an_article_that_was_not_sure_enough_is_shown_when_it_is_by_today(kept: Kept) -> None:
    page_id = kept.page("a")
    unsure = article(confidence=0.4)
    save_article(kept.conn, unsure, entry=kept.entry, now=NOW, page_id=page_id, hold_below=0.5)
    kept.store.link(page_id, 1)
    (found,) = kept.found()
    for confidence, held in ((0.45, True), (0.9, False)):
        sure = article(confidence=confidence)
        reread_article(kept.conn, found, sure, now=LATER, dry_run=False, hold_below=0.5)
        assert cell(kept.conn, "SELECT held IS NOT NULL FROM articles") == held
    assert rows(kept.conn, "SELECT state, reason FROM entries") == [
        ("archived", "sure enough by now")
    ]


def test_an_article_that_would_be_refused_today_stays(kept: Kept) -> None:
    kept.archived("a", article())
    read = kept.again(Rejection(reason=Reason.TOO_SHORT, detail="3 words"))
    assert (read.fate, read.why) == (Fate.NOW_REFUSED, "too short: 3 words")
    assert cell(kept.conn, "SELECT text FROM articles") == PARAGRAPHS


def test_the_stump_before_a_paywall_does_not_replace_a_whole_text(kept: Kept) -> None:
    kept.archived("a", article())
    read = kept.again(article(text=LONG, paywalled=True))
    assert (read.fate, read.why) == (Fate.NOW_REFUSED, "paywall: the stored text is longer")


def test_an_article_whose_date_moves_is_found_as_a_copy_on_its_new_day(kept: Kept) -> None:
    article_id = kept.archived("a", article())
    assert member_of(kept.conn, article_id).words.enough
    kept.again(article(published=NOW - 3 * DAY))
    assert rows(kept.conn, "SELECT DISTINCT day FROM near_bands") == [(20777,)]


def test_only_the_page_of_the_current_version_and_the_last_of_a_refused_entry_are_read(
    kept: Kept,
) -> None:
    kept.archived("a", article())
    kept.store.save(kept.store.read(1), entry_id=1)  # of a look that brought nothing
    kept.refused("b")
    last = kept.refused("b")
    kept.refused("c", reason="forgotten")
    assert [(found.page_id, found.article_id) for found in kept.found()] == [(1, 1), (last, None)]


def test_a_page_that_was_never_linked_is_found_by_its_entry(kept: Kept) -> None:
    kept.archived("a", article())
    kept.store._conn.execute("UPDATE pages SET article_id = NULL")
    assert [found.article_id for found in kept.found()] == [1]


def test_an_article_without_an_entry_keeps_the_date_that_its_feed_gave(kept: Kept) -> None:
    kept.archived("a", article(published_from="feed", published_claimed="Mon"))
    kept.conn.execute("DELETE FROM entries")
    (found,) = kept.found()
    assert (found.entry.published, found.entry.published_raw) == (NOW, "Mon")


@pytest.mark.parametrize(
    ("before", "fate"), [("nothing", Fate.ACCEPTED), ("the article", Fate.KNOWN)]
)
def test_a_refused_page_that_is_an_article_today_is_one_unless_it_came_meanwhile(
    kept: Kept, before: str, fate: Fate
) -> None:
    kept.refused("a")
    entry = kept.entry
    if before == "the article":
        kept.archived("a?from=app", article())
    judged = judge_refused(kept.conn, article(), entry=entry, aliases=(), claimed=False, now=NOW)
    assert judged.fate is fate


def test_what_was_taken_down_stays_refused(kept: Kept) -> None:
    kept.refused("a")
    url = "https://stcn.example.com/a"
    kept.conn.execute("INSERT INTO tombstones(url, at) VALUES (?, ?)", (url, "2026-11-23"))
    judged = judge_refused(
        kept.conn, article(), entry=kept.entry, aliases=(), claimed=False, now=NOW
    )
    assert (judged.fate, judged.why) == (Fate.STILL_REFUSED, "forgotten")


@pytest.mark.parametrize(
    ("after", "what"),
    [
        ("Rain, fell!\n\nThree.", "text: marks and space"),
        ("Three.", "text: paragraphs left out"),
        ("Rain fell.\n\nThree.\n\nFour.", "text: paragraphs added"),
        ("Rain and hail fell.\n\nThree.", "text: other words"),
    ],
)
def test_the_kind_of_a_change_is_named(after: str, what: str) -> None:
    assert text_difference("Rain fell.\n\nThree.", after).what == what
