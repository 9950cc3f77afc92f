"""An article as one of the two archives has it, and the versions of several put together."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from archive.articles.columns import VERSIONED, Value
from archive.articles.revisions import RevisionKind, Version, likeness_form

_ARTICLE = """
SELECT a.*, s.name AS outlet FROM articles AS a JOIN sources AS s ON s.id = a.source_id
WHERE a.id = ?
"""
_BESIDE = tuple(n for n in VERSIONED if n not in ("title", "text", "markdown", "content_hash"))
# not the view `revisions`: a stranger's file has whatever view its maker liked
_VERSIONS = f"""
SELECT number, seen, kind, {", ".join(VERSIONED)} FROM superseded WHERE article_id = :id
UNION ALL SELECT revision, version_seen, version_kind, {", ".join(VERSIONED)}
FROM articles WHERE id = :id ORDER BY 1
"""  # noqa: S608
_ADDRESSES = "SELECT url FROM article_urls WHERE article_id = ? ORDER BY url"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stored:
    """One version. They are ordered by the time they were seen, whoever saw them."""

    seen: str
    number: int
    content_hash: str
    title: str
    text: str
    markdown: str
    extraction: bool  # the page was the same, a later program read it otherwise
    beside: tuple[tuple[str, Value], ...] = field(default=(), compare=False)  # what else it says

    @property
    def content(self) -> tuple[str, ...]:
        """What makes it the same version in both archives."""
        return (self.seen, self.content_hash, self.title, self.text, self.markdown)


@dataclass(frozen=True, kw_only=True)
class Record:
    """An article with all that is told of it; `ours` says of which archive."""

    row: sqlite3.Row
    ours: bool
    versions: tuple[Stored, ...]
    addresses: tuple[str, ...]  # that led to it, its own included

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def url(self) -> str:
        return str(self.row["url"])

    @property
    def outlet(self) -> str:
        return str(self.row["outlet"])

    @cached_property
    def titles(self) -> frozenset[str]:
        return frozenset(filter(None, (likeness_form(version.title) for version in self.versions)))

    @cached_property
    def texts(self) -> frozenset[str]:
        """The hashes of its texts; an empty one says nothing of two articles."""
        found = (Version.of("", v.text).text_hash for v in self.versions if v.text.strip())
        return frozenset(found)

    def shares_version(self, other: Record) -> bool:
        """Tell whether one version of each is the very same, seen at the same time."""
        seen = {version.content for version in self.versions}
        return any(version.content in seen for version in other.versions)

    def agrees(self, other: Record) -> bool:
        """Tell whether one version of each has the same title or the same text."""
        return not (self.titles.isdisjoint(other.titles) and self.texts.isdisjoint(other.texts))


def read_record(conn: sqlite3.Connection, article_id: int, *, ours: bool) -> Record:
    """Read an article that is there."""
    return Record(
        row=conn.execute(_ARTICLE, (article_id,)).fetchone(),
        ours=ours,
        versions=tuple(_versions(conn, article_id)),
        addresses=tuple(row[0] for row in conn.execute(_ADDRESSES, (article_id,))),
    )


def unite_versions(versions: Iterable[Stored]) -> tuple[Stored, ...]:
    """Put versions in order, each once, and number them.

    What two archives saw unchanged one after the other is one version, that which was seen first;
    only what a later extraction made of the same page is kept beside it.
    """
    kept: list[Stored] = []
    for version in sorted(_distinct(versions)):
        again = kept and kept[-1].content_hash == version.content_hash
        if not again or version.extraction:
            kept.append(version)
    return tuple(replace(version, number=at) for at, version in enumerate(kept, 1))


def has_all(known: Record, other: Record) -> bool:
    """Tell whether `known` has every version of `other`, seen at the same time."""
    return {v.content for v in other.versions} <= {v.content for v in known.versions}


def newest_holder(records: Sequence[Record], head: Stored) -> Record:
    """Give the record whose latest version is `head`, of several the one that was checked last."""
    able = [r for r in records if any(v.content == head.content for v in r.versions)]
    return max(able, key=lambda r: (r.row["checked"], r.ours, r.url))


def without_texts(versions: Iterable[Stored], texts: Collection[str]) -> list[Stored]:
    """Leave out the versions whose text is a placeholder; `texts` has the hashes of those."""
    if not texts:
        return list(versions)
    return [v for v in versions if Version.of("", v.text).text_hash not in texts]


def _distinct(versions: Iterable[Stored]) -> Iterable[Stored]:
    # the higher number of two: a version never falls behind one that it was merged behind before
    found: dict[tuple[str, ...], Stored] = {}
    for version in sorted(versions):
        before = found.get(version.content)
        extraction = version.extraction or (before is not None and before.extraction)
        found[version.content] = replace(version, extraction=extraction)
    return found.values()


def _versions(conn: sqlite3.Connection, article_id: int) -> Iterable[Stored]:
    rows = conn.execute(_VERSIONS, {"id": article_id})
    for row in rows:
        yield Stored(
            seen=row["seen"],
            number=row["number"],
            content_hash=Version.of(row["title"], row["text"]).content_hash,  # whatever is stored
            title=row["title"],
            text=row["text"],
            markdown=row["markdown"],
            extraction=row["kind"] == RevisionKind.EXTRACTION,
            beside=tuple((name, row[name]) for name in _BESIDE),
        )
