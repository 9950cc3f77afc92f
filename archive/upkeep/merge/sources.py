"""Their sources: the same ones found again, the others added as they are, polled by nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count

from archive.database.times import to_text
from archive.model import SourceStatus
from archive.sources.declarations import FILING_KINDS
from archive.upkeep.merge.pairing import Pair

# Validators vouch for entries: the next visit reads the whole document, and learns when the next is
# due; a length of time that another computer named is not to be counted with.
_LEFT_OUT = frozenset(
    {"etag", "last_modified", "validators_url", "body_digest", "hints", "next_due", "moved_to"}
    | {"interval_s", "failures", "rhythm", "listing", "offset_s"}
)
_LATEST = """
UPDATE sources SET kind = iif(kind = '', :kind, kind),
  last_success = nullif(max(coalesce(last_success, ''), coalesce(:last_success, '')), ''),
  last_new = nullif(max(coalesce(last_new, ''), coalesce(:last_new, '')), '')
WHERE id = :id
"""
_COPY_CHANGE = """
INSERT INTO health_changes(source_id, at, was, status, reason, told) VALUES (?, ?, ?, ?, ?, ?)
"""
_SUMMED = ("polls", "not_modified", "failed", "new", "bytes")
_DAYS = """
SELECT day, sum(polls) AS polls, sum(not_modified) AS not_modified, sum(failed) AS failed,
  sum(new) AS new, sum(bytes) AS bytes FROM (
  SELECT day, polls, not_modified, failed, new, bytes FROM visit_days WHERE source_id = :source
  UNION ALL SELECT substr(at, 1, 10), 1 - pushed, ifnull(status = 304, 0),
    error IS NOT NULL OR status IS NULL OR status >= 400, new, bytes
  FROM visits WHERE source_id = :source)
GROUP BY day
"""
_ADD_DAY = """
INSERT INTO visit_days(source_id, day, polls, not_modified, failed, new, bytes)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(source_id, day) DO UPDATE SET polls = polls + excluded.polls,
  not_modified = not_modified + excluded.not_modified, failed = failed + excluded.failed,
  new = new + excluded.new, bytes = bytes + excluded.bytes
"""
# A gap of theirs is none where ours visited the source in between.
_COPY_GAP = """
INSERT INTO gaps(source_id, started, ended, why, missing, found, healed, windowless, detail)
SELECT :source, :started, :ended, :why, :missing, :found, :healed, :windowless, :detail
WHERE NOT EXISTS (SELECT 1 FROM gaps WHERE source_id = :source AND started = :started
                  AND ended IS :ended AND why = :why)
  AND NOT EXISTS (SELECT 1 FROM visits WHERE source_id = :source AND error IS NULL AND status < 400
                  AND at > :started AND at < :ended)
"""
_DOCUMENTS = "SELECT * FROM documents WHERE source_id = ?"
_ADD_DOCUMENT = """
INSERT OR IGNORE INTO documents(source_id, url, lastmod, position, read_lastmod, read_at, failures)
VALUES (:source, :url, :lastmod, :position, :read_lastmod, :read_at, :failures)
"""


def map_sources(pair: Pair) -> dict[str, str]:
    """Give the id that each of their sources has, or is to have, in ours.

    It is the same source when id and address are the same. An id that is another source's here
    gets a suffix, `stcn-2`, and is found again under that.
    """
    urls = {row["id"]: row["url"] for row in pair.ours.execute("SELECT id, url FROM sources")}
    found: dict[str, str] = {}
    theirs = pair.theirs.execute("SELECT id, url FROM sources ORDER BY id").fetchall()
    kept = {row["id"] for row in theirs}
    for row in theirs:
        names = (name for name in _names(row["id"]) if name == row["id"] or name not in kept)
        found[row["id"]] = next(name for name in names if urls.get(name, row["url"]) == row["url"])
        urls[found[row["id"]]] = row["url"]
    return found


def merge_sources(pair: Pair, sources: Mapping[str, str], *, now: datetime) -> int:
    """Add the sources that ours lacks, and what theirs know of the others; give how many are new.

    Runs in the caller's transaction.
    """
    known = {row["id"] for row in pair.ours.execute("SELECT id FROM sources")}
    for row in pair.theirs.execute("SELECT * FROM sources").fetchall():
        source = sources[row["id"]]
        if source in known:
            pair.ours.execute(_LATEST, {**dict(row), "id": source})
        else:
            _add(pair, row, source, now)
        _raise_days(pair, row["id"], source)
        _copy_gaps(pair, row["id"], source)
    return len(set(sources.values()) - known)


def merge_documents(pair: Pair, sources: Mapping[str, str]) -> None:
    """Add the children of sitemap indexes; after the entries, as those read vouch for theirs."""
    for theirs, ours in sources.items():
        rows = pair.theirs.execute(_DOCUMENTS, (theirs,)).fetchall()
        pair.ours.executemany(_ADD_DOCUMENT, [{**dict(row), "source": ours} for row in rows])


def _names(source_id: str) -> Iterator[str]:
    yield source_id
    yield from (f"{source_id}-{number}" for number in count(2))


def _add(pair: Pair, row: sqlite3.Row, source: str, now: datetime) -> None:
    own = pair.ours.execute("PRAGMA table_info(sources)")  # a foreign column's name may be SQL
    own_names = {str(column["name"]) for column in own} - _LEFT_OUT
    columns = {name: row[name] for name in own_names.intersection(row.keys())}
    columns |= {"id": source, "enabled": 0, "moved_polls": 0}
    if row["kind"] not in FILING_KINDS:
        columns |= {
            "status": SourceStatus.REMOVED.value,
            "status_reason": "from another archive; not in the config",
        }
    names = ", ".join(columns)
    values = ", ".join(f":{name}" for name in columns)
    pair.ours.execute(f"INSERT INTO sources({names}) VALUES ({values})", columns)  # noqa: S608
    changes = pair.theirs.execute(
        "SELECT * FROM health_changes WHERE source_id = ? ORDER BY id", (row["id"],)
    )
    pair.ours.executemany(
        _COPY_CHANGE,
        [
            # told: whoever waits for news of this archive isn't told of another one's past
            (source, c["at"], c["was"], c["status"], c["reason"], c["told"] or to_text(now))
            for c in changes.fetchall()
        ],
    )


def _copy_gaps(pair: Pair, theirs: str, ours: str) -> None:
    """Add what they know to be missing; a silence that goes on there is none of ours."""
    gaps = pair.theirs.execute(
        "SELECT * FROM gaps WHERE source_id = ? AND ended IS NOT NULL ORDER BY id", (theirs,)
    )
    pair.ours.executemany(_COPY_GAP, [{**dict(row), "source": ours} for row in gaps.fetchall()])


def _raise_days(pair: Pair, theirs: str, ours: str) -> None:
    """Bring each day's sums up to theirs.

    The larger, not both added: what two archives have of one day may be the same visits.
    """
    days = {row["day"]: row for row in pair.ours.execute(_DAYS, {"source": ours})}
    for row in pair.theirs.execute(_DAYS, {"source": theirs}).fetchall():
        known = days.get(row["day"])
        more = [max(0, row[name] - (known[name] if known else 0)) for name in _SUMMED]
        if any(more):
            pair.ours.execute(_ADD_DAY, (ours, row["day"], *more))
