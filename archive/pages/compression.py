"""Raw pages made small: zstd, with an earlier page of the same host as dictionary.

Pages of one site share most of their bytes, so that such a page costs a sixth of what gzip makes
of it (docs/decisions/pages.md). Dictionaries are rows of their own: no page needs another one.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

import zstandard

LEVEL = 10
SMALLEST = 2048  # bytes of a page that a dictionary is worth keeping for
LARGEST = 2 << 20  # of a page that becomes a dictionary: it is held in memory
LEARN_AFTER = 20  # pages of a host between two dictionaries
CACHED = 32  # dictionaries in memory
LARGEST_BODY = 256 << 20  # unpacked; more is a bomb in somebody else's file

SCHEMA = """
CREATE TABLE dicts (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,         -- of whose pages
    page BLOB NOT NULL,         -- an earlier page, zstd
    sha256 TEXT NOT NULL,       -- of that page, as it was received
    pages INTEGER NOT NULL,     -- packed with it so far
    ratio REAL NOT NULL,        -- size by packed size, a mean in which the latest pages weigh most
    best REAL NOT NULL          -- the largest that `ratio` has been
);
CREATE INDEX dicts_host ON dicts (host, id);
"""


class Damaged(Exception):
    """A packed page can't be unpacked; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A page's body as a row has it."""

    body: bytes
    codec: str
    dict_id: int | None


class Packer:
    """Packs and unpacks bodies over a connection to the pages file; one thread uses it.

    `pack` writes what it learns of the host's dictionary, in the caller's transaction.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._cache: OrderedDict[int, zstandard.ZstdCompressionDict] = OrderedDict()
        self._plain = zstandard.ZstdCompressor(level=LEVEL)

    def pack(self, body: bytes, host: str) -> Packed:
        if len(body) < SMALLEST or not host:
            return self._without(body)
        latest = self._conn.execute(
            "SELECT id, pages, ratio, best FROM dicts WHERE host = ? ORDER BY id DESC LIMIT 1",
            (host,),
        ).fetchone()
        if latest is None:
            learned = self._learn(body, host)  # not stored twice: the page is packed with itself
            return self._without(body) if learned is None else self._with(body, learned)
        packed = self._with(body, latest["id"])
        self._note(latest, body, len(body) / len(packed.body), host)
        return packed

    def unpack(self, row: sqlite3.Row) -> bytes:
        """Give a row's body back; raises Damaged."""
        try:
            body = self._decompress(row)
        except (zlib.error, zstandard.ZstdError, LookupError) as error:
            raise Damaged(str(error)) from error
        if sha256(body).hexdigest() != row["sha256"]:
            raise Damaged("its checksum differs")
        return body

    def _decompress(self, row: sqlite3.Row) -> bytes:
        if row["codec"] == "zlib":
            return _inflated(row["body"])
        if row["codec"] != "zstd":
            raise LookupError(f"this Broadsheet knows no codec {row['codec']!r}")
        known = None if row["dict_id"] is None else self._dictionary(row["dict_id"])
        return _unpacked(row["body"], known)

    def forget(self, digest: str) -> None:
        """Remove the dictionaries that are a page of this SHA-256; their pages are packed anew."""
        for (dict_id,) in self._conn.execute(
            "SELECT id FROM dicts WHERE sha256 = ?", (digest,)
        ).fetchall():
            self._repack(dict_id)
            self._conn.execute("DELETE FROM dicts WHERE id = ?", (dict_id,))
            self._cache.pop(dict_id, None)

    def _repack(self, dict_id: int) -> None:
        ids = self._conn.execute("SELECT id FROM pages WHERE dict_id = ?", (dict_id,)).fetchall()
        for (page_id,) in ids:
            row = self._conn.execute("SELECT * FROM pages WHERE id = ?", (page_id,)).fetchone()
            packed = self._without(self.unpack(row))
            self._conn.execute(
                "UPDATE pages SET body = ?, codec = ?, dict_id = NULL WHERE id = ?",
                (packed.body, packed.codec, page_id),
            )

    def _with(self, body: bytes, dict_id: int) -> Packed:
        known = self._dictionary(dict_id)
        packed = zstandard.ZstdCompressor(level=LEVEL, dict_data=known).compress(body)
        return Packed(body=packed, codec="zstd", dict_id=dict_id)

    def _without(self, body: bytes) -> Packed:
        return Packed(body=self._plain.compress(body), codec="zstd", dict_id=None)

    def _learn(self, body: bytes, host: str) -> int | None:
        """Make a page the dictionary of its host; None where it is too large."""
        if len(body) > LARGEST:
            return None
        return self._conn.execute(
            "INSERT INTO dicts (host, page, sha256, pages, ratio, best) VALUES (?, ?, ?, 0, 1, 1)",
            (host, self._plain.compress(body), sha256(body).hexdigest()),
        ).lastrowid

    def _note(self, latest: sqlite3.Row, body: bytes, ratio: float, host: str) -> None:
        """Keep the mean; a page becomes the next dictionary when the site has changed its look."""
        pages = latest["pages"] + 1
        mean = latest["ratio"] + (ratio - latest["ratio"]) / min(pages, LEARN_AFTER)
        best = max(latest["best"], mean)
        self._conn.execute(
            "UPDATE dicts SET pages = ?, ratio = ?, best = ? WHERE id = ?",
            (pages, mean, best, latest["id"]),
        )
        if pages >= LEARN_AFTER and mean < best / 2:
            self._learn(body, host)

    def _dictionary(self, dict_id: int) -> zstandard.ZstdCompressionDict:
        known = self._cache.get(dict_id)
        if known is None:
            row = self._conn.execute("SELECT page FROM dicts WHERE id = ?", (dict_id,)).fetchone()
            if row is None:
                raise LookupError(f"its dictionary {dict_id} is missing")
            page = _unpacked(row["page"])
            known = zstandard.ZstdCompressionDict(page, zstandard.DICT_TYPE_RAWCONTENT)
            self._cache[dict_id] = known
        self._cache.move_to_end(dict_id)
        while len(self._cache) > CACHED:
            self._cache.popitem(last=False)
        return known


def _inflated(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    body = inflater.decompress(packed, LARGEST_BODY)
    if not inflater.eof:
        raise zlib.error(f"it is cut off, or larger than {LARGEST_BODY >> 20} MB")
    return body


def _unpacked(packed: bytes, known: zstandard.ZstdCompressionDict | None = None) -> bytes:
    # what a frame claims is allocated at once
    if zstandard.frame_content_size(packed) > LARGEST_BODY:
        raise zstandard.ZstdError(f"it is larger than {LARGEST_BODY >> 20} MB")
    return zstandard.ZstdDecompressor(dict_data=known).decompress(packed)
