"""The pages that are measured, with what is known to be right about them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zlib import crc32

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"

ANY_REASON = "any reason"  # a page that is no article, whatever it is refused for

# datasets that say who wrote a page; where they name nobody, nobody is named
_NAMES_AUTHORS = {"fundus-tests", "gne", "gerapy", "mozilla-zh", "trafilatura-eval"}
_NO_ADDRESS, _HOST_SLASHES = {"gne", "gerapy", "mozilla-zh"}, 3
# Fundus lists what stands in the markup, and these stand where a lazy picture will be
_NO_PICTURE = ("placeholder", "/imgs/icon_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and its gold. A field that is None is not known and not scored.

    `record` is the corpus' own line, for its scorer; `html` is empty when `path` holds it.
    """

    id: str
    url: str
    group: str  # zh en other
    site: str
    path: Path | None = None
    html: bytes = field(default=b"", repr=False)
    content_type: str = ""
    zone: tzinfo = UTC
    record: dict[str, Any] = field(default_factory=dict, repr=False)
    images: tuple[str, ...] | None = None
    published: str | None = None  # ISO, with or without zone, or "no time"
    also_published: tuple[str, ...] = ()
    authorless: bool = False  # known to name nobody
    persons: tuple[str, ...] | None = None  # who wrote it, without agencies, desks and editors
    refusal: str | None = None  # the reason why it is no article, or ANY_REASON
    no_article: str = ""  # why the gold's page is none after all: refusing it is not false

    @property
    def has_address(self) -> bool:
        """Whether `url` is the page's own, and none that stands in."""
        return "url" not in self.record or self.url == self.record["url"]

    def read(self) -> bytes:
        return gzip.decompress(self.path.read_bytes()) if self.path else self.html


def fold_of(site: str, folds: int) -> int:
    """The same for ever: pages of one site never part."""
    return crc32(site.encode()) % folds


def corpus_pages(corpus: Path) -> list[Page]:
    """Every page of gold.jsonl but the silver ones, whose gold another extractor made."""
    times = {line["id"]: line for line in read_lines(HERE / "labels_time.jsonl")}
    pictures = {line["id"]: line["images"] for line in read_lines(HERE / "labels_images.jsonl")}
    persons = {line["id"]: line["persons"] for line in read_lines(HERE / "labels_authors.jsonl")}
    none = {line["id"]: line["why"] for line in read_lines(HERE / "labels_no_article.jsonl")}
    return [
        replace(
            _corpus_page(record, corpus, times.get(record["id"], {}), pictures),
            persons=_persons(record, persons),
            no_article=none.get(record["id"], ""),
        )
        for record in read_lines(corpus / "gold.jsonl")
        if not record.get("silver")
    ]


def _corpus_page(
    record: dict[str, Any],
    corpus: Path,
    time: dict[str, Any],
    pictures: dict[str, list[str]],
) -> Page:
    return Page(
        id=record["id"],
        url=_address(record),
        group=record["lang"] if record["lang"] in ("zh", "en") else "other",
        site=record["site"],
        path=corpus / "pages" / f"{record['id']}.html.gz",
        record=record,
        images=_images(record, pictures),
        published=time.get("published"),
        also_published=tuple(time.get("also", ())),
        authorless=record["dataset"] in _NAMES_AUTHORS and not record.get("authors"),
    )


def _address(record: dict[str, Any]) -> str:
    """The page's; of Chinese pages the corpus knows the host alone: one that an article has.

    Else they would stand where a site's front does.
    """
    url: str = record.get("url") or ""
    if record["dataset"] in _NO_ADDRESS and url.count("/") <= _HOST_SLASHES and url.endswith("/"):
        return f"{url}a/{10_000 + crc32(record['id'].encode()) % 90_000}.html"
    return url


def _persons(record: dict[str, Any], labelled: dict[str, list[str]]) -> tuple[str, ...] | None:
    """The label where the gold names no person, or where the page names more than it."""
    if record["id"] in labelled:
        return tuple(labelled[record["id"]])
    known = record["dataset"] in _NAMES_AUTHORS
    return tuple(record.get("authors") or ()) if known else None


def _images(record: dict[str, Any], labelled: dict[str, list[str]]) -> tuple[str, ...] | None:
    if record["id"] in labelled:
        return tuple(labelled[record["id"]])
    given = [url for url in record.get("images") or () if not any(n in url for n in _NO_PICTURE)]
    return tuple(given) or None


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
