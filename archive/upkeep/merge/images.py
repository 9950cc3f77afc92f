"""Their pictures, looked at again: what lies in their folder may be anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from archive.database.connect import transaction
from archive.files.orders import want_file
from archive.folder import DataFolder
from archive.images.formats import Picture, picture_of
from archive.images.rows import ImageState
from archive.images.store import ImageFile, ImageStore
from archive.upkeep.merge.pairing import Pair
from archive.upkeep.merge.takedown import is_taken_down

LARGEST = 100 * 2**20  # bytes of a file: [images] max_mb goes no further

_THEIRS = "SELECT * FROM images WHERE id > ? ORDER BY id LIMIT 1"
_LED = """
SELECT a.id, a.url, x.position FROM article_images AS x JOIN articles AS a ON a.id = x.article_id
WHERE x.image_id = ? ORDER BY a.id
"""
_ARTICLE_AT = "SELECT article_id FROM article_urls WHERE url = ?"
_COLUMNS = (
    *("url", "host", "state", "reason", "sha256", "type", "bytes", "width", "height", "fetched"),
    *("attempts", "not_before"),
)
_ADD = f"""
INSERT OR IGNORE INTO images({", ".join(_COLUMNS)}) VALUES ({", ".join(f":{c}" for c in _COLUMNS)})
"""  # noqa: S608
_FILL = """
UPDATE images SET state = 'kept', reason = NULL, sha256 = :sha256, type = :type, bytes = :bytes,
  width = :width, height = :height, fetched = :fetched WHERE url = :url AND state <> 'kept'
"""
_LINK = """
INSERT OR IGNORE INTO article_images(article_id, image_id, position)
SELECT :article, id, :position FROM images WHERE url = :url
"""


@dataclass(slots=True)
class ImageSums:
    new: int = 0  # addresses whose picture ours did not have
    damaged: int = 0  # theirs whose file is missing, altered, or no picture that is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMerge:
    """Copies pictures; the articles that lead to them are here already."""

    pair: Pair
    ours: ImageStore
    theirs: ImageStore
    taken_down: frozenset[str]
    sums: ImageSums

    def copy_all(self) -> None:
        """Copy every picture that ours doesn't have, each in a transaction of its own."""
        last = -1
        while (row := self.pair.theirs.execute(_THEIRS, (last,)).fetchone()) is not None:
            last = row["id"]
            articles = self._articles(last)
            if articles:
                self._copy(row, articles)

    def _articles(self, image_id: int) -> Mapping[int, int]:
        """Which of ours lead to it, with its position in each."""
        found: dict[int, int] = {}
        for row in self.pair.theirs.execute(_LED, (image_id,)).fetchall():
            at = self.pair.ours.execute(_ARTICLE_AT, (row["url"],)).fetchone()
            if at is not None and not is_taken_down(self.pair.theirs, row["id"], self.taken_down):
                found[int(at["article_id"])] = row["position"]
        return found

    def _copy(self, row: sqlite3.Row, articles: Mapping[int, int]) -> None:
        values = {name: row[name] for name in _COLUMNS}
        is_kept = row["state"] == ImageState.KEPT
        if is_kept and not self._is_copied(values):
            self.sums.damaged += 1
            values |= {"state": ImageState.OWED.value, "reason": None, "sha256": None, "type": None}
            values |= {"bytes": None, "width": None, "height": None, "fetched": None}
            is_kept = False
        with transaction(self.pair.ours) as conn:
            added = conn.execute(_ADD, values).rowcount
            if is_kept:
                added = conn.execute(_FILL, values).rowcount or added
            self.sums.new += bool(is_kept and added)
            changed = [
                article
                for article, position in articles.items()
                if conn.execute(
                    _LINK, {"article": article, "position": position, "url": row["url"]}
                ).rowcount
                or (is_kept and added)
            ]
            for article in changed:
                want_file(conn, article)

    def _is_copied(self, values: dict[str, object]) -> bool:
        """Bring a file over, and say of it what its own bytes say."""
        digest, kind = values["sha256"], values["type"]
        if not isinstance(digest, str) or not isinstance(kind, str):
            return False
        path = self.theirs.folder / ImageFile(digest, kind).name
        if not path.is_file() or path.stat().st_size > LARGEST:
            return False
        body = path.read_bytes()
        found = picture_of(body)
        if sha256(body).hexdigest() != digest or not isinstance(found, Picture):
            return False
        if found.type != kind:
            return False
        values |= {"bytes": len(body), "width": found.width, "height": found.height}
        self.ours.save(body, found.type)
        return True


def merge_images(pair: Pair, data: Path, taken_down: frozenset[str]) -> ImageSums:
    """Bring in the pictures of articles that are not taken down; `data` is the folder of ours."""
    sums = ImageSums()
    ImageMerge(
        pair=pair,
        ours=ImageStore(DataFolder(data).images),
        theirs=ImageStore(DataFolder.of(pair.theirs).images),
        taken_down=taken_down,
        sums=sums,
    ).copy_all()
    return sums
