"""Which stored article a fetched one is: evidence is gathered here, and judged in `evidence`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.articles import evidence
from archive.articles.boilerplate import is_all_between
from archive.articles.evidence import WITHIN, Told
from archive.articles.revisions import Version
from archive.copies.fingerprints import Words, likeness
from archive.database.times import from_text, to_text
from archive.entries.row import announced_as
from archive.model import Article, Entry, SourceState
from archive.sources.outlets import is_of, sources_of
from archive.text.headlines import slug_words
from archive.text.hosts import item_address, same_host

_OF_OUTLET = "source_id IN (SELECT value FROM json_each(:outlet)) AND held IS NULL"
_SAME_TEXT = f"SELECT id FROM articles WHERE text_hash = :hash AND {_OF_OUTLET} ORDER BY id"  # noqa: S608
_SAME_TITLE = f"""
SELECT id, title, text FROM articles INDEXED BY articles_title
WHERE {_OF_OUTLET} AND title = :title AND published BETWEEN :from AND :to ORDER BY id
"""  # noqa: S608
_SAME_MINUTE = f"""
SELECT id FROM articles INDEXED BY articles_source
WHERE {_OF_OUTLET} AND published BETWEEN :from AND :to ORDER BY id LIMIT 20
"""  # noqa: S608
_SAME_BYLINE = f"""
SELECT id FROM articles INDEXED BY articles_author
WHERE author = :author AND author <> '' AND substr(text, 1, 20) = :begin
  AND published BETWEEN :from AND :to AND {_OF_OUTLET} ORDER BY id LIMIT 20
"""  # noqa: S608
_SAME_GUID = """
SELECT DISTINCT article_id FROM entries INDEXED BY entries_same_guid
WHERE guid = :guid AND guid <> '' AND article_id IS NOT NULL
  AND source_id IN (SELECT value FROM json_each(:outlet))
"""
_OWED_THERE = "SELECT 1 FROM entries WHERE url = ?1 AND state = 'owed' AND url <> ?2"
_APART = "SELECT 1 FROM article_urls WHERE article_id IN (?, ?) AND reason = ?"
_AT = "SELECT article_id FROM article_urls WHERE url = ?"
_GUIDS = "SELECT guid FROM entries WHERE article_id = ? AND guid <> ''"
_TOLD = """
SELECT url, title, text, text_hash, author, published, published_from, published_claimed,
  fetched, checked, content_hash, held, source_id FROM articles WHERE id = ?
"""
_ANNOUNCED = "SELECT max(announced) FROM entries WHERE article_id = ? AND id IS NOT ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where an article belongs, and by what."""

    article_id: int | None  # None: not known
    url: str  # of the row, should there be a new one, or a newer address
    addresses: tuple[str, ...]  # that led to it, `url` included
    reason: str = ""  # the evidence, in words; '' for a new one
    by_content: bool = False  # known under another address, by what it says
    revises: bool = True  # whether a difference is a revision: this page is the article's newest
    other: int | None = None  # a second row of the same article
    elsewhere: bool = False  # a redirect that is not believed: what was asked for is not here


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An article with all that may tell which one it is."""

    article: Article
    version: Version
    entry: Entry
    source: SourceState  # that announced it
    speaker: SourceState  # on whose hosts it is; the same where it is on nobody else's
    outlet: tuple[str, ...]  # the speaker's outlet: ids of its sources
    aliases: Sequence[str] = ()  # further addresses that led there
    claimed: bool = False  # article.url is the canonical form that its page gives its own address
    claim: str = ""  # another address of its host that the page claims to be its own
    led: bool | None = None  # whether redirects led to article.url; None: by the addresses
    from_feed: bool = False  # no page was read
    now: datetime

    @property
    def told(self) -> Told:
        assert self.article.published is not None
        return Told.of(
            self.version.title,
            self.version.text,
            self.version.text_hash,
            byline=self.article.author,
            published=self.article.published,
            published_from=self.article.published_from,
            claim=self.article.published_claimed,
            fetched=self.now,
        )

    @property
    def headline(self) -> str:
        """As it is announced now; without one the words of its address."""
        return self.entry.title or " ".join(sorted(slug_words(self.entry.url)))


def match_article(conn: sqlite3.Connection, fetched: Fetched, *, now: datetime) -> Match:
    """Find the stored article: by its addresses first, then by what announces it and what it says.

    A redirect counts where it ends at the article that was asked for. What another site's address
    once led to is not revised by what it gives now."""
    return _Search(conn, fetched, now).match()


def told_of(conn: sqlite3.Connection, article_id: int) -> Told:
    """What is compared of a stored article."""
    return _told(conn.execute(_TOLD, (article_id,)).fetchone())


def find_twin(conn: sqlite3.Connection, fetched: Fetched, article_id: int, now: datetime) -> Match:
    """Look for another row of the outlet that says what this article has come to say."""
    return _Search(conn, fetched, now).twin_of(article_id)


class _Signs:
    """By what an article is known that stands at another address."""

    def __init__(self, conn: sqlite3.Connection, fetched: Fetched, now: datetime) -> None:
        self._conn, self._fetched, self._now = conn, fetched, now
        self._article, self._entry = fetched.article, fetched.entry
        self._page = fetched.told
        self._outlet = fetched.outlet
        announced, self._became = announced_as(conn, fetched.entry)
        self._url = fetched.article.url
        self._besides: int | None = None
        if fetched.claimed and self._is_doubtful(self._url):
            self._url = fetched.entry.url
        self._asked = tuple(dict.fromkeys((*announced, *fetched.aliases)))
        led = fetched.led
        self._is_led = not fetched.claimed and self._url not in announced if led is None else led

    def _by_guid(self) -> tuple[int, str] | None:
        is_its_own = self._fetched.source.id == self._fetched.speaker.id
        announcers = self._outlet if is_its_own else sources_of(self._conn, self._fetched.source)
        values = {"guid": self._entry.guid, "outlet": json.dumps(announcers)}
        rows = self._conn.execute(_SAME_GUID, values).fetchall()
        for row in rows:
            stored = self._row(row["article_id"])
            reason = evidence.by_guid(self._page, _told(stored))
            if reason and same_host(stored["url"], self._url):
                return int(row["article_id"]), reason
        return None

    def _by_canonical(self) -> tuple[int, str] | None:
        claim = self._fetched.claim
        if not same_host(claim, self._url) or (known := self._at([claim])) is None:
            return None
        reason = evidence.by_canonical(self._page, told_of(self._conn, known))
        return (known, reason) if reason else None

    def _is_edit_of(self, known: int) -> bool:
        """Whether a page that claims an article's address is a later version of it."""
        stored, page = self._row(known), self._page
        alike = evidence.by_near_text(page, _told(stored)) or page.has_bare_day_of(_told(stored))
        near = bool(alike) and self._is_like(stored)
        return near and stored["source_id"] in self._outlet and self._is_newer(known)

    def _by_text(self) -> tuple[int, str] | None:
        """The outlet's article with the same text from the same days, if any.

        One that was stored with lines that have since been learned to be the site's is the same.
        """
        for stored, known in self._text_candidates():
            reason = evidence.by_text(self._page, _told(stored))
            alone = self._fetched.from_feed and not self._page.has_title_of(_told(stored))
            if reason and not alone and self._is_near(stored):
                return known, reason
        bare = self._with_boilerplate() if self._article.boilerplate else None
        return None if bare is None else (bare, "same text and title")

    def _text_candidates(self) -> Iterator[tuple[sqlite3.Row, int]]:
        if len(self._article.text) >= evidence.MIN_CHARS:
            return self._candidates(_SAME_TEXT, {"hash": self._fetched.version.text_hash})
        return self._of_minute()

    def _with_boilerplate(self) -> int | None:
        fetched = (self._article.title, self._article.text)
        values = {"outlet": json.dumps(self._outlet), "title": self._article.title}
        rows = self._conn.execute(_SAME_TITLE, values | _days(self._article))
        lines = self._article.boilerplate
        return next(
            (
                int(row["id"])
                for row in rows
                if row["id"] != self._besides
                and is_all_between((row["title"], row["text"]), fetched, lines)
            ),
            None,
        )

    def _by_near_text(self) -> tuple[int, str] | None:
        for stored, known in self._near_candidates():
            told = _told(stored)
            reason = evidence.by_near_text(self._page, told)
            if reason and self._is_near(stored) and self._is_like(stored):
                return known, reason
            if session := evidence.by_session(self._page, told, url=self._url, known=stored["url"]):
                return known, session
        return None

    def _near_candidates(self) -> Iterator[tuple[sqlite3.Row, int]]:
        yield from self._of_minute()
        days = _days(self._article)
        if "?" in self._url and self._page.minute is None:  # a session, and a bare date
            yield from self._candidates(_SAME_TITLE, days | {"title": self._article.title})
        if author := self._page.byline:
            values = days | {"author": author, "begin": self._article.text[:20]}
            yield from self._candidates(_SAME_BYLINE, values)

    def _of_minute(self) -> Iterator[tuple[sqlite3.Row, int]]:
        minute = self._page.minute
        if minute is None:
            return iter(())
        last = minute + timedelta(seconds=59)
        return self._candidates(_SAME_MINUTE, {"from": to_text(minute), "to": to_text(last)})

    def _is_like(self, stored: sqlite3.Row) -> bool:
        """Near in the sense of copies at large: here the minute, or the beginning, tells more."""
        one = Words.of(self._article.text, self._article.title)
        other = Words.of(stored["text"], stored["title"])
        return one.enough and other.enough and likeness(one, other)[0] == "copy"

    def _candidates(
        self, sql: str, values: dict[str, str | None]
    ) -> Iterator[tuple[sqlite3.Row, int]]:
        rows = self._conn.execute(sql, values | {"outlet": json.dumps(self._outlet)}).fetchall()
        rows = [row for row in rows if row["id"] != self._besides]
        return ((self._row(row["id"]), int(row["id"])) for row in rows)

    def _is_near(self, stored: sqlite3.Row) -> bool:
        """Whether both were published, or the stored one was last seen, within two days."""
        assert self._article.published is not None
        published, checked = from_text(stored["published"]), from_text(stored["checked"])
        apart = abs(self._article.published - published)
        return bool(apart <= WITHIN or abs(self._now - checked) <= WITHIN)

    def _at(self, urls: Iterable[str]) -> int | None:
        found = (self._conn.execute(_AT, (url,)).fetchone() for url in urls)
        return next((int(row["article_id"]) for row in found if row is not None), None)

    def _row(self, article_id: int) -> sqlite3.Row:
        row: sqlite3.Row = self._conn.execute(_TOLD, (article_id,)).fetchone()
        return row

    def _is_newer(self, known: int) -> bool:
        """Whether this address was announced after all others of the article: an edit, no twin."""
        announced = to_text(self._entry.announced)
        row = self._conn.execute(_ANNOUNCED, (known, self._entry.id)).fetchone()
        return announced is not None and row[0] is not None and bool(announced > row[0])

    def _is_doubtful(self, claim: str) -> bool:
        """Some sites give every page one canonical; and a page that is owed is to speak itself."""
        known = self._at([claim])
        if known is not None:
            stored = told_of(self._conn, known)
            return not (self._page.has_title_of(stored) or self._page.has_text_of(stored))
        return self._conn.execute(_OWED_THERE, (claim, self._entry.url)).fetchone() is not None


class _Search(_Signs):
    """What speaks for a stored article, the strongest first, and what against it."""

    def match(self) -> Match:
        if self._is_led:
            return self._after_redirect()
        asked = (self._url, *self._asked)
        known = self._became or self._at(asked)
        if known is None:
            return self._by_signs(asked)
        if self._is_another(known):
            own = self._own_address()
            return Match(article_id=self._at([own]), url=own, addresses=(own,))
        if not self._may_revise(known, asked):
            return self._by_signs(asked)
        return self._of(known, evidence.SAME_ADDRESS, asked)

    def twin_of(self, article_id: int) -> Match:
        self._besides = article_id
        found = self._by_text() or self._by_near_text()
        if found is None or not self._are_one(article_id, found[0]):
            return Match(article_id=None, url=self._url, addresses=())
        return self._of(*found, ())

    def _after_redirect(self) -> Match:
        """Doubt what an old address led to: `/today` is another text daily."""
        old = self._became or self._at(self._asked)
        there = self._at([self._url])
        reason = evidence.by_redirect(
            self._page,
            led=self._url,
            asked=self._entry.url,
            headline=self._fetched.headline,
            stored=None if old is None else told_of(self._conn, old),
        )
        if old and old == there:
            reason = reason or evidence.SAME_ADDRESS  # one of its own leads to another of its own
        elif old and there:
            if not evidence.is_story_of(self._page, told_of(self._conn, old)):
                reason = ""
            elif self._are_one(old, there):
                first, second = sorted((old, there))
                reason = reason or "redirect to the same story"
                return replace(self._of(first, reason, self._asked), other=second)
        asked = (self._url, *self._asked) if reason else (self._url,)
        known = there or (old if reason else None)
        if known is not None and self._may_revise(known, asked):
            match = self._of(known, reason or evidence.SAME_ADDRESS, asked)
            return replace(match, elsewhere=not reason)
        found = self._by_signs(asked)
        return replace(found, elsewhere=not reason and found.article_id is None)

    def _by_signs(self, asked: Sequence[str]) -> Match:
        if self._entry.guid and (found := self._by_guid()) is not None:
            return self._of(*found, asked)
        if self._fetched.claim and (found := self._by_canonical()) is not None:
            edits = self._is_edit_of(found[0])
            return replace(self._of(*found, asked), by_content=True, revises=edits)
        found = self._by_text() or (None if self._fetched.from_feed else self._by_near_text())
        if found is None:
            return Match(article_id=None, url=self._url, addresses=_distinct((self._url, *asked)))
        match = self._of(*found, asked)
        return replace(match, by_content=True, revises=self._is_newer(found[0]))

    def _of(self, known: int, reason: str, asked: Sequence[str]) -> Match:
        addresses = _distinct((self._url, *asked))
        return Match(article_id=known, url=self._url, addresses=addresses, reason=reason)

    def _is_another(self, known: int) -> bool:
        stored = self._row(known)
        if stored["held"] is not None:
            return False
        return evidence.is_another(
            self._page,
            _told(stored),
            headline=self._entry.title,
            guid=self._entry.guid,
            guids=[row["guid"] for row in self._conn.execute(_GUIDS, (known,))],
            address=self._entry.raw_url,
            apart="#guid=" in self._entry.url,
        )

    def _own_address(self) -> str:
        """For one of several articles that had one address, one after the other."""
        if self._entry.url != self._url and "#" in self._entry.url:
            return self._entry.url  # it was announced apart
        if self._entry.guid and self._entry.guid != self._entry.raw_url:
            return item_address(self._url, "guid", self._entry.guid)
        return item_address(self._url, "seen", (self._page.day or self._now.date()).isoformat())

    def _may_revise(self, known: int, addresses: Sequence[str]) -> bool:
        """Tell whether a page speaks for a stored article.

        It does on the hosts of the article's outlet, with the very same content, or when the
        article's own address led to it. An address that only redirected there once does not.
        """
        row = self._row(known)
        own = str(row["url"])
        if own in addresses or same_host(own, self._url):
            return True
        if row["source_id"] in self._outlet and is_of(self._fetched.speaker.hosts, self._url):
            return True
        return self._fetched.version.says(row["title"], row["text"], row["content_hash"])

    def _are_one(self, one: int, other: int) -> bool:
        """Whether two rows are of one outlet, and no person has said that they are two."""
        apart = self._conn.execute(_APART, (one, other, evidence.RELEASED)).fetchone()
        sources = [self._row(article_id)["source_id"] for article_id in (one, other)]
        return apart is None and set(sources) <= set(self._outlet)


def _days(article: Article) -> dict[str, str | None]:
    assert article.published is not None
    first, last = article.published - WITHIN, article.published + WITHIN
    return {"from": to_text(first), "to": to_text(last)}


def _told(row: sqlite3.Row) -> Told:
    return Told.of(
        row["title"],
        row["text"],
        row["text_hash"],
        byline=row["author"],
        published=from_text(row["published"]),
        published_from=row["published_from"],
        claim=row["published_claimed"],
        fetched=from_text(row["fetched"]),
    )


def _distinct(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))
