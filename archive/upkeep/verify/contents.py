"""Articles against what is computed from them: hashes, newest version, fingerprint, file order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from archive.articles.columns import COMPUTED, SAID, version_values
from archive.articles.revisions import Version, is_hash_of
from archive.copies.fingerprints import Words, bands
from archive.database.connect import snapshot
from archive.database.times import from_text
from archive.files.orders import file_content
from archive.files.posts import FileSettings
from archive.upkeep.verify.damage import Damage, DamageKind

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Contents:
    """Compares articles one by one; what is equal for all of them is read once."""

    conn: sqlite3.Connection
    settings: FileSettings

    @classmethod
    def of(cls, conn: sqlite3.Connection) -> Contents:
        return cls(conn, FileSettings.read(conn))

    def check(self, article_id: int) -> Iterator[Damage]:
        """Yield what disagrees with an article; nothing where there is none."""
        with snapshot(self.conn):
            found = list(self._check(article_id))
        yield from found

    def _check(self, article_id: int) -> Iterator[Damage]:
        article = self.conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
        if article is None or not all(isinstance(article[name], str) for name in SAID):
            return  # value-malformed says so
        yield from self._check_version(article)
        try:
            published = from_text(article["published"])
        except ValueError:
            return  # value-malformed says so
        words = Words.of(article["text"], article["title"], article["source_name"])
        if article["fingerprint"] and article["fingerprint"] != words.fingerprint:
            yield _damage(DamageKind.FINGERPRINT_WRONG, article, "has another text's fingerprint")
        elif article["held"] is None and not self._is_listed(article, published):
            yield _damage(DamageKind.BAND_MISSING, article, "is not listed for near copies")
        if article["copy_of"] is None and self._is_stale(article):
            yield _damage(
                DamageKind.FILE_ORDER_STALE, article, "has changed since its file was ordered"
            )

    def _check_version(self, article: sqlite3.Row) -> Iterator[Damage]:
        title, text = article["title"], article["text"]
        wanted = version_values(Version.of(title, text))
        if is_hash_of(article["content_hash"], title, text):
            wanted["content_hash"] = article["content_hash"]
        if any(wanted[name] != article[name] for name in COMPUTED):
            yield _damage(
                DamageKind.HASH_WRONG, article, "has the hashes or the length of another text"
            )

    def _is_listed(self, article: sqlite3.Row, published: datetime) -> bool:
        day = published.toordinal() - _EPOCH
        return all(
            self.conn.execute(
                "SELECT 1 FROM near_bands WHERE band = ? AND day = ? AND article_id = ?",
                (band, day, article["id"]),
            ).fetchone()
            for band in bands(article["fingerprint"])
        )

    def _is_stale(self, story: sqlite3.Row) -> bool:
        order = self.conn.execute(
            "SELECT wanted_hash FROM files WHERE article_id = ? AND wanted_hash IS NOT NULL",
            (story["id"],),
        ).fetchone()
        if order is None or not self.settings.enabled:
            return False  # file-not-ordered says so
        content = file_content(self.conn, story, self.settings)
        return bool(order["wanted_hash"] != sha256(content).hexdigest())


def check_old_versions(conn: sqlite3.Connection) -> Iterator[Damage]:
    """Yield earlier versions whose hash is not that of their text."""
    rows = conn.execute("SELECT article_id, number, title, text, content_hash FROM superseded")
    for row in rows:
        if not is_hash_of(row["content_hash"], row["title"], row["text"]):
            yield Damage(
                kind=DamageKind.HASH_WRONG,
                where=f"article {row['article_id']}",
                detail=f"version {row['number']} has the hash of another text",
                key=row["article_id"],
            )


def _damage(kind: DamageKind, article: sqlite3.Row, detail: str) -> Damage:
    return Damage(kind=kind, where=f"article {article['id']}", detail=detail, key=article["id"])
