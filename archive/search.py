"""What a person types, as an FTS5 expression; and the ranked answer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.times import from_text

MAX_QUERY = 1000  # characters; what follows is not looked at
MAX_TERMS = 40  # FTS5 refuses expressions more than 256 levels deep
SNIPPET_TOKENS = 40  # a Chinese character is a token

# The characters that the index stores as words of their own (schema: articles_seg).
_CJK = re.compile("([\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0010ffff])")
_HALF_WIDTH = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_NOTHING = '""'  # an FTS5 expression that matches no row; the empty string is an error

_SEARCH = """
    SELECT a.id, a.url, a.title, a.published, a.source_id,
           replace(snippet(articles_fts, 1, '', '', '…', {tokens}), char(8203), '') AS snippet
    FROM articles_fts CROSS JOIN articles AS a ON a.id = articles_fts.rowid
    WHERE articles_fts MATCH ? {stories}
    ORDER BY articles_fts.rank LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found. `snippet` is plain text, `source` the source's id."""

    id: int
    url: str
    title: str
    published: datetime
    source: str
    snippet: str


def find(
    conn: sqlite3.Connection, query: str, *, limit: int = 20, copies: bool = False
) -> list[Hit]:
    """Answer a query, best first: stories, and with `copies` also the copies of them."""
    sql = _SEARCH.format(tokens=SNIPPET_TOKENS, stories="" if copies else "AND a.copy_of IS NULL")
    return [_hit(row) for row in conn.execute(sql, (fts_query(query), max(limit, 0)))]


def fts_query(query: str) -> str:
    """Turn what a person types into an FTS5 expression; never one that FTS5 refuses.

    Words must all occur; "a phrase" as it stands; -word must not; a OR b; prefix* on Latin
    letters and digits. Chinese needs no spaces: a run of characters is a phrase.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    either = False
    for minus, term in _terms(query):
        if term == "OR":
            either = bool(wanted)
        elif minus:
            unwanted.append(term)
        elif either:
            wanted[-1] = f"({wanted[-1]} OR {term})"
            either = False
        else:
            wanted.append(term)
    return _join(wanted, unwanted)


def _join(wanted: list[str], unwanted: list[str]) -> str:
    if not wanted:
        return _NOTHING
    everything = " AND ".join(wanted)
    return f"({everything}) NOT ({' OR '.join(unwanted)})" if unwanted else everything


def _terms(query: str) -> Iterator[tuple[bool, str]]:
    """Yield (excluded, quoted phrase) for each term, and (False, "OR") between alternatives."""
    # A lone surrogate can't be given to SQLite at all.
    text = query[:MAX_QUERY].encode("utf-8", "ignore").decode().replace("\0", " ")
    for match in list(_TERM.finditer(text.translate(_HALF_WIDTH)))[:MAX_TERMS]:
        word, excluded = match["word"] or "", bool(match["minus"])
        if word in ("OR", "AND", "NOT") and not excluded:
            if word == "OR":
                yield False, "OR"
        elif phrase := _phrase(match["phrase"] or word):
            prefix = word.endswith("*") and not _CJK.search(word[-2:])
            yield excluded, phrase + "*" * prefix


def _phrase(text: str) -> str:
    """Quote `text` with every Chinese character as a word of its own; '' if nothing is a word."""
    spaced = _CJK.sub(r" \1 ", text.replace("\u200b", ""))
    if not any(char.isalnum() for char in spaced):
        return ""
    return '"' + " ".join(spaced.split()) + '"'


def _hit(row: sqlite3.Row) -> Hit:
    return Hit(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        published=from_text(str(row["published"])),
        source=row["source_id"],
        snippet=row["snippet"] or "",
    )
