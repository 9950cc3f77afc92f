"""What their archive learned beside the articles: of outlets, securities and its own runs."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from archive.copies import clusters
from archive.copies.members import copies_of, member_of, pinned
from archive.errors import ArchiveError
from archive.upkeep.merge.pairing import Pair

_PLACEHOLDER = """
INSERT OR IGNORE INTO placeholders(outlet, text_hash, seen, text, kind) VALUES (?, ?, ?, ?, ?)
"""
_WALLS = "SELECT outlet, text_hash FROM placeholders WHERE kind = 'wall'"
_HOLDS = """
SELECT h.*, e.source_id, e.url AS entry, a.url AS article FROM holds AS h
LEFT JOIN entries AS e ON e.id = h.entry_id LEFT JOIN articles AS a ON a.id = h.article_id
WHERE h.entry_id IS NOT NULL OR h.version IS NOT NULL ORDER BY h.id
"""
_ADD_HOLD = """
INSERT INTO holds(at, reason, outlet, text_hash, entry_id, article_id, version, looks)
SELECT :at, :reason, :outlet, :text_hash, :entry_id, :article_id, :version, :looks
WHERE NOT EXISTS (SELECT 1 FROM holds WHERE text_hash = :text_hash
  AND entry_id IS :entry_id AND article_id IS :article_id)
"""
_INSTRUMENT = """
INSERT INTO instruments(code, exchange, symbol, name, learned_from, first_seen, last_seen)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(code) DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),
  learned_from = iif(name = '', excluded.learned_from, learned_from),
  name = iif(name = '', excluded.name, name), last_seen = max(last_seen, excluded.last_seen)
"""
# Of an outlet that ours knows: as if it had just been met, so that it has time to show itself.
_LINE = """
INSERT INTO boilerplate(outlet, hash, kind, line, articles, first_seen, last_seen, last_number)
VALUES (:outlet, :hash, :kind, :line, :articles, :first_seen, :last_seen,
  max(:last_number, coalesce((SELECT max(number) FROM outlet_lines WHERE outlet = :outlet), 0)))
ON CONFLICT(outlet, hash) DO UPDATE SET articles = max(articles, excluded.articles),
  first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
"""
_OUTLET_LINES = """
INSERT INTO outlet_lines(outlet, number, at, lines, most) VALUES (?, ?, ?, ?, ?)
"""
_RUNS = "SELECT command, started, ended, reason, counters FROM runs"
_ADD_RUN = "INSERT INTO runs(command, started, ended, reason, counters) VALUES (?, ?, ?, ?, ?)"
_DECISIONS = """
SELECT c.article_id, a.url, c.was, was.url AS was_url, a.copy_of, story.url AS story_url
FROM cluster_changes AS c JOIN articles AS a ON a.id = c.article_id
  LEFT JOIN articles AS was ON was.id = c.was LEFT JOIN articles AS story ON story.id = a.copy_of
WHERE c.by_hand AND NOT c.led AND c.id = (SELECT max(id) FROM cluster_changes
                            WHERE article_id = c.article_id AND by_hand AND NOT led)
ORDER BY c.id
"""
_PINNED = """
SELECT DISTINCT a.url FROM cluster_changes AS c JOIN articles AS a ON a.id = c.article_id
WHERE c.by_hand AND c.led AND a.copy_of IS NULL ORDER BY a.id
"""
_DECIDED = "SELECT 1 FROM cluster_changes WHERE article_id = ? AND by_hand"


def merge_learned(pair: Pair) -> None:
    """Add their placeholders, instruments and boilerplate; before the articles."""
    ours, theirs = pair.ours, pair.theirs
    ours.executemany(_PLACEHOLDER, theirs.execute("SELECT * FROM placeholders").fetchall())
    ours.executemany(_INSTRUMENT, theirs.execute("SELECT * FROM instruments").fetchall())
    for (outlet,) in theirs.execute("SELECT DISTINCT outlet FROM outlet_lines").fetchall():
        _merge_outlet_lines(pair, outlet)
    for row in theirs.execute("SELECT * FROM boilerplate").fetchall():
        columns: dict[str, str | int] = dict(row)
        ours.execute(_LINE, columns)


def placeholder_texts(conn: sqlite3.Connection) -> dict[str, set[str]]:
    """Give the hashes of the texts that are no articles, by outlet."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in conn.execute(_WALLS):
        found[row["outlet"]].add(row["text_hash"])
    return dict(found)


def archived_placeholders(conn: sqlite3.Connection) -> list[int]:
    """Give the articles whose text is known by now to be a placeholder."""
    rows = conn.execute(
        "SELECT a.id FROM placeholders AS p CROSS JOIN articles AS a ON a.text_hash = p.text_hash"
        " JOIN sources AS s ON s.id = a.source_id AND s.name = p.outlet"
        " WHERE p.kind = 'wall' AND a.held IS NULL ORDER BY a.id"
    )
    return [int(row[0]) for row in rows]


def merge_holds(pair: Pair, sources: Mapping[str, str]) -> None:
    """Add why their entries, and versions of their articles, are held; after both."""
    for row in pair.theirs.execute(_HOLDS).fetchall():
        article_id = None if row["article"] is None else _article_at(pair.ours, row["article"])
        entry = pair.ours.execute(
            "SELECT id FROM entries WHERE source_id = ? AND url = ? AND state = 'held'",
            (sources.get(row["source_id"] or "", ""), row["entry"]),
        ).fetchone()
        if article_id is None and entry is None:
            continue
        values = {name: row[name] for name in ("at", "reason", "outlet", "text_hash", "version")}
        values |= {"entry_id": entry and entry["id"], "article_id": article_id}
        pair.ours.execute(_ADD_HOLD, values | {"looks": row["looks"]})


def merge_runs(pair: Pair) -> int:
    """Add the runs that ours doesn't have, numbered anew in the order of time; give how many."""
    ours = pair.ours.execute(_RUNS).fetchall()
    known = {(run["command"], run["started"]) for run in ours}
    theirs = pair.theirs.execute(_RUNS).fetchall()
    new = [run for run in theirs if (run["command"], run["started"]) not in known]
    if new:
        pair.ours.execute("DELETE FROM runs")
        runs = sorted((*ours, *new), key=lambda run: (run["started"], run["command"]))
        pair.ours.executemany(_ADD_RUN, runs)
    return len(new)


def merge_decisions(pair: Pair, *, now: datetime) -> int:
    """Do what people decided of copies there, but for articles that were decided of here."""
    done = 0
    for row in pair.theirs.execute(_DECISIONS).fetchall():
        article_id = _article_at(pair.ours, row["url"])
        if article_id is None or pair.ours.execute(_DECIDED, (article_id,)).fetchone():
            continue
        done += _decide(pair.ours, article_id, row, now)
    urls = pair.theirs.execute(_PINNED).fetchall()
    return done + sum(_pin(pair.ours, url, now) for (url,) in urls)


def _pin(conn: sqlite3.Connection, url: str, now: datetime) -> bool:
    """Let lead here what a person said leads there, where nobody said so of another."""
    article_id = _article_at(conn, url)
    if article_id is None:
        return False
    story = member_of(conn, article_id).story
    members = [story, *copies_of(conn, story)]
    if len(members) == 1 or pinned(conn, members) is not None:
        return False
    clusters.lead(conn, article_id, now=now)
    return True


def _decide(conn: sqlite3.Connection, article_id: int, row: sqlite3.Row, now: datetime) -> bool:
    reason, member = "decided in another archive", member_of(conn, article_id)
    story, was = _story_at(conn, row["story_url"]), _story_at(conn, row["was_url"])
    try:
        if story is not None and story != member.story:
            clusters.join(conn, story, article_id, now=now, reason=reason)
            return True
        if story is None and was is not None and member.copy_of == was:
            clusters.part(conn, article_id, now=now, reason=reason)
            return True
    except ArchiveError:  # it is a story here that others depend on
        return False
    return False


def _merge_outlet_lines(pair: Pair, outlet: str) -> None:
    known = pair.ours.execute("SELECT 1 FROM outlet_lines WHERE outlet = ?", (outlet,)).fetchone()
    if known is None:
        rows = pair.theirs.execute("SELECT * FROM outlet_lines WHERE outlet = ?", (outlet,))
        pair.ours.executemany(_OUTLET_LINES, rows.fetchall())


def _article_at(conn: sqlite3.Connection, url: str) -> int | None:
    row = conn.execute("SELECT article_id FROM article_urls WHERE url = ?", (url,)).fetchone()
    return None if row is None else int(row["article_id"])


def _story_at(conn: sqlite3.Connection, url: str | None) -> int | None:
    """Give the story of the article at an address; None without one."""
    found = None if url is None else _article_at(conn, url)
    return None if found is None else member_of(conn, found).story
