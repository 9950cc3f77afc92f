"""Every column of `articles`, once: what its value is made of, and what becomes of it afterwards.

Insert, revise, re-extract, merge, verify, the exports, Parquet, the reader and `show` are built
from COLUMNS. A further column is a line in archive/schema.py, an entry here (with its field of
StoredArticle, where it is public) and what fills it: tests/archive/articles/test_columns.py adds
one in a copy, and finds it behind every door.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any, Self

from archive.articles.revisions import RevisionKind, Version
from archive.database.json_cells import list_in
from archive.database.times import from_text, to_text
from archive.model import MAX_TEXT_BYTES, Article, Reason, Rejection, SourceState
from archive.text.words import count_words

Value = str | int | float | None
# Bytes of UTF-8 that an article may have of each. Whatever reads pages and feeds bounds them long
# before; this is for posts, spiders of a user's own, and whoever comes next.
_MOST_BYTES = {
    "title": 10_000,
    "summary": 100_000,
    "text": MAX_TEXT_BYTES,
    "markdown": 4 * MAX_TEXT_BYTES,
    "image": 10_000,
}


class Kind(Enum):
    """How a value is stored: by that its form in Python, JSON and Parquet, and from a stranger."""

    TEXT = auto()
    ADDRESS = auto()
    PATH = auto()  # of a Markdown file
    SOURCE = auto()  # a source's id
    TIME = auto()
    NUMBER = auto()
    FLAG = auto()
    SHARE = auto()  # a real number, 0-1
    LIST = auto()  # JSON, of strings


class Later(Enum):
    """What a later version does to it: one that is fetched, and one that merge finds."""

    KEEP = auto()  # nothing: the first archived says what an article is, by its first page
    REPLACE = auto()  # the newest says what it says
    IF_SAID = auto()  # the same, but for a newest that doesn't say
    LATEST = auto()  # the later time stays; merge takes it of what was checked last
    CLEAR = auto()  # NULL; merge takes it of what was checked last
    COUNT = auto()  # one more; merge counts anew
    PAGE = auto()  # written beside, as it tells of the page; merge takes the newest's
    HERE = auto()  # written beside, as it tells of this archive; merge leaves it


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an article where it is saved or read again. Its strings are storable."""

    article: Article
    version: Version
    url: str  # canonical, that it is filed under
    bearer: SourceState  # the source that it is filed under
    outlet: str  # the bearer's name when it was archived
    now: str  # as the archive stores times
    kind: RevisionKind = RevisionKind.FIRST  # why the version differs from the one before


@dataclass(frozen=True, slots=True)
class Column:
    """One column. One of the four after `later` makes its value; else others write it."""

    name: str
    kind: Kind
    later: Later
    version: Callable[[Version], Value] | None = None  # what a version says
    computed: Callable[[Version], Value] | None = None  # follows from that, and can be had again
    page: Callable[[Facts], Value] | None = None  # of page and entry: re-extraction asks again
    filed: Callable[[Facts], Value] | None = None  # of where and when it is filed: asked once
    public: bool = True  # exported, and a field of StoredArticle
    field: str = ""  # its name there, where that is another
    shown: str = ""  # the word before it in `show`, which leaves it out where it says nothing

    @property
    def nothing(self) -> str:
        """What stands, beside NULL, where a page says nothing."""
        return "[]" if self.kind is Kind.LIST else ""

    def says(self, value: Value) -> bool:
        return value is not None and value != self.nothing


def _updated(facts: Facts) -> str | None:
    return to_text(facts.article.updated) if facts.article.updated else None


def _language(facts: Facts) -> str:
    return facts.article.language or facts.bearer.language


def _section(facts: Facts) -> str:
    return facts.bearer.section or facts.article.section


def _tags(facts: Facts) -> str:
    return json.dumps(facts.article.tags, ensure_ascii=False)


def _origin(facts: Facts) -> str:
    from archive.articles.origins import origin_of  # whoever reads rows pays for no rules

    return origin_of(facts.article, facts.outlet)


def _evidence(facts: Facts) -> str:
    return json.dumps(dict(facts.article.evidence), ensure_ascii=False)


def _confidence(facts: Facts) -> float:
    return round(facts.article.confidence, 3)


def _fingerprint(facts: Facts) -> str:
    from archive.copies.fingerprints import Words

    return Words.of(facts.article.text, facts.article.title, facts.outlet).fingerprint


COLUMNS = (  # in the order in which they are exported
    Column("id", Kind.NUMBER, Later.HERE),
    Column("url", Kind.ADDRESS, Later.KEEP, filed=lambda f: f.url),
    Column("source_id", Kind.SOURCE, Later.KEEP, filed=lambda f: f.bearer.id, field="source"),
    Column("source_name", Kind.TEXT, Later.KEEP, filed=lambda f: f.outlet),
    Column("title", Kind.TEXT, Later.REPLACE, version=lambda v: v.title),
    Column("author", Kind.TEXT, Later.IF_SAID, page=lambda f: f.article.author, shown="author"),
    Column("published", Kind.TIME, Later.KEEP, page=lambda f: to_text(f.article.published)),
    Column("published_from", Kind.TEXT, Later.KEEP, page=lambda f: f.article.published_from),
    Column("published_claimed", Kind.TEXT, Later.KEEP, page=lambda f: f.article.published_claimed),
    Column("updated", Kind.TIME, Later.IF_SAID, page=_updated, shown="updated"),
    Column("fetched", Kind.TIME, Later.KEEP, filed=lambda f: f.now),
    Column("first_seen", Kind.TIME, Later.HERE, filed=lambda f: f.now),
    Column("version_seen", Kind.TIME, Later.REPLACE, filed=lambda f: f.now),
    Column("version_kind", Kind.TEXT, Later.REPLACE, filed=lambda f: f.kind.value, public=False),
    Column("checked", Kind.TIME, Later.LATEST, filed=lambda f: f.now),
    Column("page_id", Kind.NUMBER, Later.PAGE, public=False),
    Column("withdrawn", Kind.TIME, Later.CLEAR, shown="withdrawn"),
    Column("language", Kind.TEXT, Later.KEEP, page=_language),
    Column("category", Kind.TEXT, Later.KEEP, filed=lambda f: f.bearer.category),
    Column("section", Kind.TEXT, Later.KEEP, page=_section, shown="section"),
    Column("tags", Kind.LIST, Later.IF_SAID, page=_tags, shown="tags"),
    Column("summary", Kind.TEXT, Later.IF_SAID, page=lambda f: f.article.summary),
    Column("text", Kind.TEXT, Later.REPLACE, version=lambda v: v.text),
    Column("markdown", Kind.TEXT, Later.REPLACE, version=lambda v: v.markdown),
    Column("image", Kind.TEXT, Later.IF_SAID, page=lambda f: f.article.image, shown="image"),
    Column("word_count", Kind.NUMBER, Later.REPLACE, computed=lambda v: count_words(v.text)),
    Column("content_hash", Kind.TEXT, Later.REPLACE, computed=lambda v: v.content_hash),
    Column("text_hash", Kind.TEXT, Later.REPLACE, computed=lambda v: v.text_hash, public=False),
    Column("fingerprint", Kind.TEXT, Later.HERE, filed=_fingerprint, public=False),
    Column("copy_of", Kind.NUMBER, Later.HERE),
    Column("origin", Kind.TEXT, Later.KEEP, page=_origin, shown="origin"),
    Column("revision", Kind.NUMBER, Later.COUNT),
    Column("paywalled", Kind.FLAG, Later.REPLACE, page=lambda f: int(f.article.paywalled)),
    Column("markdown_path", Kind.PATH, Later.HERE, shown="file"),
    Column("page_url", Kind.TEXT, Later.PAGE, public=False),
    Column("page_etag", Kind.TEXT, Later.PAGE, public=False),
    Column("page_last_modified", Kind.TEXT, Later.PAGE, public=False),
    Column("next_check", Kind.TIME, Later.PAGE, public=False),
    Column("attempt", Kind.NUMBER, Later.HERE, public=False),
    Column("held", Kind.TEXT, Later.HERE, public=False),
    Column("evidence", Kind.TEXT, Later.REPLACE, page=_evidence, public=False),
    Column("lead_reason", Kind.TEXT, Later.HERE, shown="leads"),
    Column("confidence", Kind.SHARE, Later.REPLACE, page=_confidence, shown="confidence"),
)


# What REVISE writes for a version that was fetched; a column of any other kind stays as it is.
_SET: Mapping[Later, str] = {
    Later.REPLACE: ":{name}",
    Later.IF_SAID: "iif(coalesce(:{name}, '{nothing}') = '{nothing}', {name}, :{name})",
    Later.LATEST: "max({name}, :{name})",
    Later.CLEAR: "NULL",
    Later.COUNT: "{name} + 1",
}

_BY_NAME = {c.name: c for c in COLUMNS}
_VERSION = tuple((c.name, make) for c in COLUMNS if (make := c.version or c.computed))
_PAGE = tuple((c.name, c.page) for c in COLUMNS if c.page)
_FILED = tuple((c.name, c.filed) for c in COLUMNS if c.filed)
_FIRST = (*_PAGE, *_FILED)
_AGAIN = tuple((c.name, f) for c in COLUMNS if (f := c.page or c.filed) and c.later in _SET)
_INSERTED = [name for name, _ in (*_VERSION, *_FIRST)]
_REVISED = [
    f"{c.name} = {_SET[c.later].format(name=c.name, nothing=c.nothing)}"
    for c in COLUMNS
    if c.later in _SET
]

_OF_BEARER = ("source_id", "source_name", "category")
SAID = tuple(c.name for c in COLUMNS if c.version)  # a difference makes another version
COMPUTED = tuple(c.name for c in COLUMNS if c.computed)
# What a version says, in the order of `revisions`.
VERSIONED = (
    *("title", "text", "markdown", "content_hash", "author", "published", "updated", "language"),
    *("section", "tags", "summary", "image", "paywalled", "confidence", "url", "source_id"),
)

INSERT = f"""
INSERT INTO articles({", ".join(_INSERTED)}) VALUES ({", ".join(f":{n}" for n in _INSERTED)})
"""  # noqa: S608
REVISE = f"UPDATE articles SET {', '.join(_REVISED)} WHERE id = :id"  # noqa: S608


def write_values(
    conn: sqlite3.Connection,
    article_id: int,
    values: Mapping[str, Value],
    *,
    is_version: bool = False,
) -> None:
    """Write columns of an article, in one statement. `is_version`: they are its next version."""
    settings = [f"{name} = :{name}" for name in values]
    if is_version:
        settings.append("revision = revision + 1")
    what = f"UPDATE articles SET {', '.join(settings)} WHERE id = :id"  # noqa: S608
    conn.execute(what, {**values, "id": article_id})


def first_values(facts: Facts) -> dict[str, Value]:
    """Give what INSERT writes of a new article."""
    return version_values(facts.version) | _made(_FIRST, facts)


def later_values(facts: Facts) -> dict[str, Value]:
    """Give what REVISE, which wants an `id` besides, writes of a later version."""
    return version_values(facts.version) | _made(_AGAIN, facts)


def attributed_values(facts: Facts) -> dict[str, Value]:
    """Give what another bearer writes: all that its page and its entry say but the version, and
    what follows from the source."""
    filed = {name: make(facts) for name, make in _FILED if name in _OF_BEARER}
    return _made(_PAGE, facts) | filed


def page_values(facts: Facts) -> dict[str, Value]:
    """Give all that page and entry decide."""
    return version_values(facts.version) | _made(_PAGE, facts)


def without_kept(values: Mapping[str, Value]) -> dict[str, Value]:
    """Leave out of `page_values` what a page that was fetched later doesn't change, like REVISE."""
    found = [(_BY_NAME[name], value) for name, value in values.items()]
    silent = {c.name for c, value in found if c.later is Later.IF_SAID and not c.says(value)}
    return {
        c.name: value for c, value in found if c.later is not Later.KEEP and c.name not in silent
    }


def version_values(version: Version) -> dict[str, Value]:
    """Give all that title, text and Markdown decide."""
    return {name: make(version) for name, make in _VERSION}


def _made(
    columns: Iterable[tuple[str, Callable[[Facts], Value]]], facts: Facts
) -> dict[str, Value]:
    return {name: make(facts) for name, make in columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """One row of `articles`: a story, or with `copy_of` a copy of one. Its fields are the public
    columns; written out, so that a type checker knows them."""

    id: int
    url: str  # canonical
    source: str  # the source's id
    source_name: str
    title: str
    author: str
    published: datetime
    published_from: str
    published_claimed: str
    updated: datetime | None
    fetched: datetime  # first
    first_seen: datetime  # by this archive
    version_seen: datetime  # when its current version was fetched
    checked: datetime  # last
    withdrawn: datetime | None
    language: str
    category: str
    section: str
    tags: tuple[str, ...]
    summary: str
    text: str = field(repr=False)
    markdown: str = field(repr=False)
    image: str
    word_count: int
    content_hash: str
    copy_of: int | None
    origin: str
    revision: int
    paywalled: bool
    markdown_path: str | None
    lead_reason: str  # why it leads its copies; '' without
    confidence: float  # 0-1, how surely the text is this article's

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        return cls(**{name: make(row[column]) for name, column, make in _FIELDS})


def _as_stored(value: Any) -> Any:
    return value


def _listed(value: str) -> tuple[str, ...]:
    return tuple(list_in(value))


_PYTHON: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TIME: from_text,
    Kind.FLAG: bool,
    Kind.LIST: _listed,
}
_FIELDS = tuple(
    (column.field or column.name, column.name, _PYTHON.get(column.kind, _as_stored))
    for column in COLUMNS
    if column.public
)


def refuse_size(article: Article) -> Rejection | None:
    """Refuse what would make one row as large as an archive; None for an article."""
    for name, most in _MOST_BYTES.items():
        size = len(getattr(article, name).encode(errors="replace"))
        if size > most:
            detail = f"{name} of {size:,} bytes, over {most:,}"
            return Rejection(reason=Reason.TOO_LONG, detail=detail)
    return None
