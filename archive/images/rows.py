"""Which pictures articles lead to, and how each stands: tables `images` and `article_images`.

A row is an address. It is owed until it is kept, refused with a reason, or, past its age, removed;
several articles may lead to it, and several rows to one file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive.database.times import to_text
from archive.images.formats import Picture
from archive.images.store import ImageFile, file_of
from archive.text.hosts import host_of

PER_HOST = 4  # of the owed ones that are handed out together
MOST_HOSTS = 64  # that are looked at in one round
MOST_URL_CHARS = 8192


class ImageState(StrEnum):
    """How the picture at an address stands."""

    OWED = "owed"
    KEPT = "kept"
    REFUSED = "refused"  # for `reason`; nobody asks for it again
    REMOVED = "removed"  # it was kept, and is past [images] max_age


@dataclass(frozen=True, slots=True, kw_only=True)
class DueImage:
    """A picture to fetch; `page` is the address of an article that leads to it."""

    id: int
    url: str
    host: str
    source_id: str
    page: str
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageTotals:
    """All pictures: files and their bytes, and addresses by how they stand."""

    files: int
    bytes: int
    owed: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedImages:
    """Pictures that are past their age: the files that nothing names since, and the articles that
    led to them."""

    count: int
    unnamed: tuple[ImageFile, ...]
    articles: tuple[int, ...]


_WANT = """
INSERT INTO images(url, host, not_before) VALUES (:url, :host, :now)
ON CONFLICT (url) DO UPDATE SET state = 'owed', reason = NULL, attempts = 0,
  not_before = excluded.not_before WHERE state = 'removed'
"""
_LINK = """
INSERT INTO article_images(article_id, image_id, position)
SELECT :article, id, :position FROM images WHERE url = :url
ON CONFLICT (article_id, image_id) DO UPDATE SET position = excluded.position
"""
# Host by host through the index, whatever number of pictures one of them owes.
_HOSTS = """
WITH RECURSIVE hosts(host) AS (
  SELECT min(host) FROM images WHERE state = 'owed' AND host > :after
  UNION ALL
  SELECT (SELECT min(host) FROM images WHERE state = 'owed' AND host > hosts.host)
  FROM hosts WHERE hosts.host IS NOT NULL
)
SELECT host FROM hosts WHERE host IS NOT NULL LIMIT :limit
"""
_DUE = """
SELECT i.id, i.url, i.host, i.attempts, a.source_id, a.url AS page
FROM images AS i INDEXED BY images_owed JOIN articles AS a ON a.id = (
  SELECT min(x.article_id) FROM article_images AS x WHERE x.image_id = i.id)
WHERE i.state = 'owed' AND i.host = :host AND i.not_before <= :now
  AND a.source_id IN (SELECT value FROM json_each(:sources))
ORDER BY i.not_before, i.id LIMIT :limit
"""
_KEPT = """
UPDATE images SET state = 'kept', reason = NULL, sha256 = :sha256, type = :type, bytes = :bytes,
  width = :width, height = :height, fetched = :now WHERE id = :id
"""
_REFUSED = "UPDATE images SET state = 'refused', reason = :reason, fetched = :now WHERE id = :id"
_PUT_OFF = """
UPDATE images SET reason = :reason, not_before = :not_before, attempts = attempts + :counts
WHERE id = :id
"""
_RETRY = """
UPDATE images SET state = 'owed', attempts = 0, fetched = NULL, not_before = :now
WHERE state = 'refused' AND (:source IS NULL OR EXISTS (
  SELECT 1 FROM article_images AS x JOIN articles AS a ON a.id = x.article_id
  WHERE x.image_id = images.id AND a.source_id = :source))
"""
_OF_ARTICLE = """
SELECT i.url, i.sha256, i.type, i.width, i.height FROM article_images AS x
JOIN images AS i ON i.id = x.image_id WHERE x.article_id = ? AND i.state = 'kept'
"""
# Those whose pictures have all been asked for at least once: each file is written once or twice.
_SETTLED = """
SELECT x.article_id FROM article_images AS x WHERE x.image_id = :id AND NOT EXISTS (
  SELECT 1 FROM article_images AS y JOIN images AS j ON j.id = y.image_id
  WHERE y.article_id = x.article_id AND j.state = 'owed' AND j.attempts = 0)
"""
_TOTALS = """
SELECT (SELECT count(DISTINCT sha256) FROM images WHERE state = 'kept') AS files,
  (SELECT coalesce(sum(bytes), 0) FROM (
    SELECT max(bytes) AS bytes FROM images WHERE state = 'kept' GROUP BY sha256)) AS bytes,
  (SELECT count(*) FROM images WHERE state = 'owed') AS owed,
  (SELECT count(*) FROM images WHERE state = 'refused') AS refused
"""
_UNLED = """
DELETE FROM images WHERE id IN (SELECT value FROM json_each(:ids))
  AND NOT EXISTS (SELECT 1 FROM article_images WHERE image_id = images.id)
RETURNING sha256, type
"""
_OLD = """
SELECT id, sha256, type FROM images WHERE state = 'kept' AND fetched < ?
ORDER BY fetched LIMIT ?
"""
_REMOVED = """
UPDATE images SET state = 'removed', reason = 'older than [images] max_age', sha256 = NULL,
  type = NULL, bytes = NULL, width = NULL, height = NULL
WHERE id IN (SELECT value FROM json_each(?))
"""
_LEADING = """
SELECT DISTINCT article_id FROM article_images WHERE image_id IN (SELECT value FROM json_each(?))
"""
_NAMED = "SELECT 1 FROM images WHERE sha256 = ? AND state = 'kept' LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage:
    """A picture that is here; pixels."""

    file: ImageFile
    width: int
    height: int


def want_images(
    conn: sqlite3.Connection, article_id: int, urls: Sequence[str], *, most: int, now: datetime
) -> bool:
    """Note the pictures of an article, the first `most` of them, in the caller's transaction.

    True where one of them is kept already: what its file says is then another thing.
    """
    chosen = [url for url in dict.fromkeys(urls) if len(url) <= MOST_URL_CHARS and host_of(url)]
    for position, url in enumerate(chosen[:most]):
        values = {"url": url, "host": host_of(url), "now": to_text(now)}
        conn.execute(_WANT, values)
        conn.execute(_LINK, {"url": url, "article": article_id, "position": position})
    return bool(chosen) and conn.execute(_OF_ARTICLE, (article_id,)).fetchone() is not None


def due_images(
    conn: sqlite3.Connection,
    source_ids: Collection[str],
    *,
    now: datetime,
    after: str,
    exclude: Collection[int] = (),
) -> tuple[list[DueImage], str]:
    """Give owed pictures of articles of these sources, PER_HOST a host, of hosts behind `after`;
    and the last host that was looked at, '' where there are no more.

    `exclude`: those that are out, or about to be; they count among the PER_HOST of a host.
    """
    hosts = [row["host"] for row in conn.execute(_HOSTS, {"after": after, "limit": MOST_HOSTS})]
    values = {"now": to_text(now), "sources": json.dumps(list(source_ids)), "limit": PER_HOST}
    found: list[DueImage] = []
    for host in hosts:
        rows = conn.execute(_DUE, {**values, "host": host})
        found += [DueImage(**row) for row in map(dict, rows) if row["id"] not in exclude]
    return found, hosts[-1] if len(hosts) == MOST_HOSTS else ""


def retry_images(conn: sqlite3.Connection, *, source_id: str | None, now: datetime) -> int:
    """Let refused pictures be owed again, of articles of a source or of all; give their number."""
    return conn.execute(_RETRY, {"source": source_id, "now": to_text(now)}).rowcount


def raise_image(conn: sqlite3.Connection, image_id: int) -> int | None:
    """A picture is about to be handed out, or booked: give its attempt; None where it is gone."""
    what = "UPDATE images SET attempt = attempt + 1 WHERE id = ? AND state = 'owed'"
    row = conn.execute(f"{what} RETURNING attempt", (image_id,)).fetchone()
    return None if row is None else int(row["attempt"])


def image_is_out(conn: sqlite3.Connection, image_id: int, attempt: int) -> bool:
    """Whether a picture is owed, and was handed out under this attempt last."""
    what = "SELECT 1 FROM images WHERE id = ? AND state = 'owed' AND attempt = ?"
    return conn.execute(what, (image_id, attempt)).fetchone() is not None


def note_kept(
    conn: sqlite3.Connection,
    image_id: int,
    stored: ImageFile,
    picture: Picture,
    *,
    size: int,
    now: datetime,
) -> None:
    """The picture lies in the store; `size`: its bytes."""
    values = {"sha256": stored.sha256, "type": stored.type, "bytes": size}
    pixels = {"width": picture.width, "height": picture.height}
    conn.execute(_KEPT, {**values, **pixels, "now": to_text(now), "id": image_id})


def note_refused(conn: sqlite3.Connection, image_id: int, reason: str, *, now: datetime) -> None:
    """Nobody asks for it again; the reason is in words."""
    conn.execute(_REFUSED, {"reason": reason, "now": to_text(now), "id": image_id})


def put_off_image(
    conn: sqlite3.Connection,
    image_id: int,
    reason: str,
    *,
    now: datetime,
    wait: timedelta,
    counts: bool = True,
) -> None:
    """Ask for it again later. `counts`: as one of its tries."""
    values = {"reason": reason, "not_before": to_text(now + wait), "counts": int(counts)}
    conn.execute(_PUT_OFF, {**values, "id": image_id})


def settled_articles(conn: sqlite3.Connection, image_id: int) -> list[int]:
    """Give the articles that lead to a picture, of whose pictures none is still to be tried."""
    return [row["article_id"] for row in conn.execute(_SETTLED, {"id": image_id})]


def kept_images(conn: sqlite3.Connection, article_id: int) -> Mapping[str, KeptImage]:
    """Give the pictures of an article that are here, by their addresses."""
    kept: dict[str, KeptImage] = {}
    for row in conn.execute(_OF_ARTICLE, (article_id,)):
        file = file_of(row["sha256"], row["type"])
        if file is not None:
            kept[str(row["url"])] = KeptImage(file=file, width=row["width"], height=row["height"])
    return kept


def images_owed(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT count(*) FROM images WHERE state = 'owed'").fetchone()[0])


def image_totals(conn: sqlite3.Connection) -> ImageTotals:
    """Count all pictures."""
    return ImageTotals(**dict(conn.execute(_TOTALS).fetchone()))


def images_of(conn: sqlite3.Connection, article_id: int) -> list[int]:
    """Give the rows that an article leads to."""
    rows = conn.execute("SELECT image_id FROM article_images WHERE article_id = ?", (article_id,))
    return [row["image_id"] for row in rows]


def drop_unled(conn: sqlite3.Connection, image_ids: Sequence[int]) -> list[ImageFile]:
    """Delete those of these rows that no article leads to any more; give the files that nothing
    names since. They are to be removed once that is committed."""
    rows = conn.execute(_UNLED, {"ids": json.dumps(list(image_ids))}).fetchall()
    return _unnamed(conn, rows)


def age_images(conn: sqlite3.Connection, before: datetime, *, limit: int) -> AgedImages:
    """Note that pictures fetched before then are not kept any more, at most `limit`."""
    rows = conn.execute(_OLD, (to_text(before), limit)).fetchall()
    ids = json.dumps([row["id"] for row in rows])
    conn.execute(_REMOVED, (ids,))
    return AgedImages(
        count=len(rows),
        unnamed=tuple(_unnamed(conn, rows)),
        articles=tuple(row["article_id"] for row in conn.execute(_LEADING, (ids,))),
    )


def is_named(conn: sqlite3.Connection, stored: ImageFile) -> bool:
    """Whether a row says that this file is kept."""
    return conn.execute(_NAMED, (stored.sha256,)).fetchone() is not None


def _unnamed(conn: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> list[ImageFile]:
    files = {file_of(row["sha256"], row["type"]) for row in rows}
    return [file for file in files if file is not None and not is_named(conn, file)]
