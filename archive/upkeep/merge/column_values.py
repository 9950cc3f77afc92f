"""What Broadsheet writes into a column: all that may come from another archive has this form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeGuard

from archive.articles.columns import COLUMNS, Kind
from archive.articles.revisions import RevisionKind
from archive.database.times import from_text
from archive.held.holds import TIMES
from archive.held.walls import TextKind
from archive.images.formats import PictureType
from archive.images.rows import ImageState
from archive.model import EntryState, SourceStatus
from archive.sources.gaps import GapCause
from archive.text.strings import is_storable

Form = Callable[[object], bool]

MOST = 1 << 40  # of any number: sums of them still fit
LONGEST_VALUE = 64 << 20  # bytes of a blob
MAX_URL_CHARS = 8192

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ADDRESS = re.compile(r"(?:https?://|post:)[^\x00-\x1f\x7f]+", re.I)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SOURCE_ID = re.compile(r"[^\s/\\\x00-\x20\x7f]{1,253}")
_ENTRY_TEXTS = frozenset({"other_url", "published_raw", "summary", "content", "language"})
_ENTRY_LISTS = frozenset({"authors", "categories", "images"})


def form_of(table: str, column: str, declared: str) -> Form:
    """Give the test of a value that is not NULL; a blob is given as its length."""
    named = _NAMED.get(f"{table}.{column}") or _NAMED.get(column)
    return named or _DECLARED[declared]


def is_time(value: object) -> bool:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        from_text(value)
    except ValueError:
        return False
    return True


def is_address(value: object) -> bool:
    """Tell whether a browser may be led there, or it names a post without an address."""
    return _is_text(value) and len(value) <= MAX_URL_CHARS and bool(_ADDRESS.fullmatch(value))


def is_path(value: object) -> bool:
    """Tell whether it names a Markdown file below some folder, no hidden one."""
    if not _is_text(value) or not value.endswith(".md") or len(value) > MAX_URL_CHARS:
        return False
    return not any(part[:1] in ("", ".") for part in value.split("/"))


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and is_storable(value)


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST


def _is_signed(value: object) -> bool:
    return isinstance(value, int)


def _is_measure(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value < MOST  # no NaN is


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


def _is_blob(value: object) -> bool:
    return isinstance(value, int) and value <= LONGEST_VALUE


def _is_day(value: object) -> bool:
    return isinstance(value, str) and bool(_DAY.fullmatch(value)) and is_time(f"{value}T00:00:00Z")


def _is_source_id(value: object) -> bool:
    return isinstance(value, str) and bool(_SOURCE_ID.fullmatch(value))


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and bool(_DIGEST.fullmatch(value))


def _is_strings(value: object) -> bool:
    found = _parsed(value)
    return isinstance(found, list) and all(map(_is_text, found))


def _is_payload(value: object) -> bool:
    found = _parsed(value)
    return isinstance(found, dict) and all(map(_is_carried, found, found.values()))


def _is_carried(name: str, value: object) -> bool:
    if name in _ENTRY_TEXTS:
        return _is_text(value)
    return name in _ENTRY_LISTS and isinstance(value, list) and all(map(_is_text, value))


def _is_counters(value: object) -> bool:
    found = _parsed(value)
    return (
        isinstance(found, dict)
        and all(map(_is_text, found))
        and all(map(_is_measure, found.values()))
    )


def _is_headers(value: object) -> bool:
    found = _parsed(value)
    return isinstance(found, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(map(_is_text, pair)) for pair in found
    )


def _is_version(value: object) -> bool:
    """An Article's fields: texts, lists of texts or of pairs, flags, and how sure it is."""
    found = _parsed(value)
    return isinstance(found, dict) and all(map(_is_field, found, found.values()))


def _is_field(name: str, value: object) -> bool:
    if name in TIMES:
        return is_time(value)
    if isinstance(value, list):
        pairs = (part if isinstance(part, list) else [part] for part in value)
        return all(map(_is_text, (text for pair in pairs for text in pair)))
    return isinstance(value, bool) or _is_share(value) or _is_text(value)


def _parsed(value: object) -> object:
    """The JSON in a text; None where there is none."""
    if not _is_text(value):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _one_of(kinds: type[StrEnum]) -> Form:
    values = frozenset(kind.value for kind in kinds)
    return lambda value: value in values


_DECLARED: Mapping[str, Form] = {
    "TEXT": _is_text,
    "INTEGER": _is_number,
    "REAL": _is_measure,
    "BLOB": _is_blob,
}
_TIMES = (
    *("announced", "at", "closed", "ended", "fetched", "first_seen", "healed", "last_new"),
    *("last_seen", "last_success", "lastmod", "next_due", "not_before", "published", "read_at"),
    *("read_lastmod", "seen", "started", "told", "updated"),
)
_OF_KIND: Mapping[Kind, Form] = {
    Kind.TEXT: _is_text,
    Kind.ADDRESS: is_address,
    Kind.PATH: is_path,
    Kind.SOURCE: _is_source_id,
    Kind.TIME: is_time,
    Kind.NUMBER: _is_number,
    Kind.FLAG: _is_number,
    Kind.SHARE: _is_share,
    Kind.LIST: _is_strings,
}
_NAMED: Mapping[str, Form] = {
    **dict.fromkeys(_TIMES, is_time),
    "aliases": _is_strings,
    **{f"articles.{column.name}": _OF_KIND[column.kind] for column in COLUMNS},
    "boilerplate.hash": _is_signed,
    "counters": _is_counters,
    "day": _is_day,
    "entries.raw_url": is_address,
    "entries.state": _one_of(EntryState),
    "entries.url": is_address,
    "images.sha256": _is_digest,
    "images.state": _one_of(ImageState),
    "images.type": _one_of(PictureType),
    "images.url": is_address,
    "gaps.why": _one_of(GapCause),
    "headers": _is_headers,
    "holds.version": _is_version,
    "outlet_lines.most": _is_signed,
    "payload": _is_payload,
    "placeholders.kind": _one_of(TextKind),
    "superseded.kind": _one_of(RevisionKind),
    "superseded.tags": _is_strings,
    "superseded.url": is_address,
    "source_id": _is_source_id,
    "sources.domains": _is_strings,
    "sources.hosts": _is_strings,
    "sources.id": _is_source_id,
    **{f"health_changes.{name}": _one_of(SourceStatus) for name in ("was", "status")},
    "sources.status": _one_of(SourceStatus),
}
