"""Lines and images that come back in an outlet's articles: its site's, not theirs.

Learned in two stages. The hashes of each new article's lines are kept for a while; what is found
in enough of these articles is learned, in words. Extraction then takes it out of further pages
and says so (`Article.boilerplate`), by which it is known to be still in use.
"""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from archive.articles.revisions import likeness_form
from archive.database.times import from_text, to_text
from archive.model import Article
from archive.text.lines import image_key, letters_of, line_key

MIN_ARTICLES = 3  # research/extraction.md: 2 is too eager
WINDOW = 50  # articles of an outlet whose hashes are kept
FADES_AFTER = timedelta(days=90)
MAX_LEARNED = 200  # of an outlet
ENDS = 10  # lines at each end of an article: what a site adds stands there
MIN_LETTERS, MAX_CHARS = 4, 300  # of a line
# A reporter's background paragraph and an agency's photograph come back as well, on the few
# articles of one affair; so what is long, and an image, must be on a fifth of the articles.
LONG_CHARS = 80
OFTEN, SELDOM = 5, 20
MOST = 0.5  # of an article: no line that was so much of one is boilerplate, nor a text so shared

_KNOWN = "SELECT hash FROM boilerplate WHERE outlet = ?"
_RECENT = "SELECT number, lines, most FROM outlet_lines WHERE outlet = ? ORDER BY number"
_REMEMBER = "INSERT INTO outlet_lines(outlet, number, at, lines, most) VALUES (?, ?, ?, ?, ?)"
_FORGET = "DELETE FROM outlet_lines WHERE outlet = ? AND (number <= ? OR at < ?)"
_LEARN = """
INSERT INTO boilerplate(outlet, hash, kind, line, articles, first_seen, last_seen, last_number)
VALUES (:outlet, :hash, :kind, :line, :articles, :now, :now, :number)
"""
_MEET = """
UPDATE boilerplate SET articles = articles + 1, last_seen = max(last_seen, ?), last_number = ?
WHERE outlet = ? AND hash = ?
"""
_FADE = """
DELETE FROM boilerplate WHERE outlet = :outlet AND (last_number <= :number OR last_seen < :at
  OR hash NOT IN (SELECT hash FROM boilerplate WHERE outlet = :outlet
                  ORDER BY last_number DESC, articles DESC LIMIT :most))
"""
_LEARNED = """
SELECT kind, line, articles, last_seen FROM boilerplate WHERE outlet = ?
ORDER BY articles DESC, last_seen DESC, line
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedLine:
    """A line, or an image's address, with the number of articles it was in."""

    kind: str  # line image
    line: str
    articles: int
    last_seen: datetime


def learned_lines(conn: sqlite3.Connection, outlet: str) -> list[LearnedLine]:
    """Give what was learned of an outlet, the most frequent first."""
    return [
        LearnedLine(
            kind=row["kind"],
            line=row["line"],
            articles=row["articles"],
            last_seen=from_text(str(row["last_seen"])),
        )
        for row in conn.execute(_LEARNED, (outlet,))
    ]


def learned(conn: sqlite3.Connection, outlet: str) -> frozenset[str]:
    """Give the lines and addresses alone: what extraction asks for."""
    return frozenset(row["line"] for row in conn.execute(_LEARNED, (outlet,)))


def learn(conn: sqlite3.Connection, outlet: str, article: Article, *, now: datetime) -> bool:
    """Count what a new article of the outlet may have from its site; learn and forget by it.

    True where what is known of the outlet is another set of lines than before.

    To be called once an article. One that shares most of its text with an earlier one is a near
    copy, and teaches nothing.
    """
    seen = _Seen.of(article)
    recent = conn.execute(_RECENT, (outlet,)).fetchall()
    known = {row["hash"] for row in conn.execute(_KNOWN, (outlet,))}
    earlier = [(_unpacked(row["lines"]), row["most"]) for row in recent]
    if any(seen.is_near_copy(lines, known) for lines, _ in earlier):
        return False
    number = recent[-1]["number"] + 1 if recent else 1
    at = to_text(now)
    if met := known & seen.hashes.keys():
        conn.executemany(_MEET, [(at, number, outlet, key) for key in met])
    fresh = seen.hashes.keys() - known
    learned_one = False
    lines_met = frozenset().union(*(lines for lines, _ in earlier))
    for key in fresh & lines_met:
        count = _count(key, seen, earlier)
        if count >= MIN_ARTICLES:
            _learn(conn, outlet, key, seen.hashes[key], count, number, now)
            learned_one = True
    packed = array("q", sorted(fresh)).tobytes()
    conn.execute(_REMEMBER, (outlet, number, at, packed, seen.most))
    return _fade(conn, outlet, number, now) or learned_one


def is_all_between(stored: Sequence[str], fetched: Sequence[str], lines: Collection[str]) -> bool:
    """Tell whether two versions (title, text) are equal but for these lines, which one may lack."""
    keys = set(_hashes(lines))
    return bool(keys) and _bare(stored, keys) == _bare(fetched, keys)


def _bare(version: Sequence[str], keys: Collection[int]) -> tuple[str, str]:
    title, text = version
    parts = text.split("\n\n")
    kept = (part for part, key in zip(parts, _hashes(parts), strict=True) if key not in keys)
    return likeness_form(title), likeness_form("".join(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What of an article may be its site's, by hash."""

    hashes: dict[int, str]
    sizes: dict[int, int]  # characters of every line at the article's ends, however long
    most: int | None  # hash of the line that is most of the article

    @classmethod
    def of(cls, article: Article) -> _Seen:
        ends = _ends([line for line in article.text.split("\n\n") if line.strip()])
        images = _ends(tuple(dict.fromkeys(article.images)))
        others = (*images, *filter(None, [article.image]), *article.boilerplate)
        keys = letters_of(ends)
        digests = _digests([*keys, *map(line_key, others)])
        hashes, of_others = digests[: len(keys)], digests[len(keys) :]
        sizes = {number: len(line) for number, line in zip(hashes, ends, strict=True)}
        plausible = {
            number: line
            for number, key, line in zip(hashes, keys, ends, strict=True)
            if len(line) <= MAX_CHARS and len(key) >= MIN_LETTERS
        }
        whole = len(article.text)
        return cls(
            hashes=plausible | dict(zip(of_others, others, strict=True)),
            sizes=sizes,
            most=next((number for number, size in sizes.items() if size > MOST * whole), None),
        )

    def is_near_copy(self, lines: frozenset[int], known: Collection[int]) -> bool:
        if lines.isdisjoint(self.sizes):
            return False
        shared = lines.intersection(self.sizes).difference(known)
        return sum(self.sizes[n] for n in shared) > MOST * sum(self.sizes.values())


def _ends(items: Sequence[str]) -> Sequence[str]:
    return (*items[:ENDS], *items[max(ENDS, len(items) - ENDS) :])


def _count(key: int, seen: _Seen, earlier: Sequence[tuple[frozenset[int], int | None]]) -> int:
    """Count the articles with the line; 0 when that is too seldom, or it was most of one."""
    where = [at for at, (lines, _) in enumerate(earlier) if key in lines]
    if not where or key == seen.most or any(most == key for _, most in earlier):
        return 0
    line = seen.hashes[key]
    part = OFTEN if image_key(line) or len(line) > LONG_CHARS else SELDOM
    met_among = len(earlier) - where[0] + 1
    return len(where) + 1 if (len(where) + 1) * part >= met_among else 0


def _learn(
    conn: sqlite3.Connection,
    outlet: str,
    key: int,
    line: str,
    articles: int,
    number: int,
    now: datetime,
) -> None:
    kind = "image" if image_key(line) else "line"
    row = {"outlet": outlet, "hash": key, "kind": kind, "line": line, "articles": articles}
    conn.execute(_LEARN, row | {"number": number, "now": to_text(now)})


def _fade(conn: sqlite3.Connection, outlet: str, number: int, now: datetime) -> bool:
    """Forget what has not come back for long; True where there was any."""
    oldest, cutoff = number - WINDOW, to_text(now - FADES_AFTER)
    conn.execute(_FORGET, (outlet, oldest, cutoff))
    limits = {"outlet": outlet, "number": oldest, "at": cutoff, "most": MAX_LEARNED}
    return conn.execute(_FADE, limits).rowcount > 0


def _hashes(lines: Iterable[str]) -> list[int]:
    return _digests(line_key(line) for line in lines)


def _digests(keys: Iterable[str]) -> list[int]:
    coded = (key.encode("utf-8", "surrogatepass") for key in keys)
    digests = (hashlib.blake2b(key, digest_size=8).digest() for key in coded)
    return [int.from_bytes(digest, "little", signed=True) for digest in digests]


@lru_cache(maxsize=5_000)  # the windows of 100 outlets, 10 MB: each is read for each article
def _unpacked(blob: bytes) -> frozenset[int]:
    return frozenset(array("q", blob))
