"""Records that SQLite keeps whole."""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import Any, TypeVar

from archive.model import Article, Entry, Visit
from archive.text import strings

_VALUES = {
    kind: attrgetter(*(field.name for field in dataclasses.fields(kind)))
    for kind in (Article, Entry, Visit)
}

_LINES = frozenset({"title", "authors"})

Record = TypeVar("Record", Article, Entry, Visit)


def storable_record(record: Record) -> Record:
    """Return the record without lone surrogates, control sequences and characters and bidirectional
    overrides in any of its strings, and its title and names without what has no width."""
    found: list[str] = []
    groups = [_VALUES[type(record)](record)]
    for group in groups:  # it grows as tuples within tuples are met
        found += [value for value in group if isinstance(value, str)]
        groups += [value for value in group if isinstance(value, tuple)]
    if strings.is_clean("".join(found)):
        return record  # all but always
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        clean = _clean(value)
        if field.name in _LINES:
            clean = _seen(clean)
        if clean != value:
            changes[field.name] = clean
    return dataclasses.replace(record, **changes) if changes else record


def _seen(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(seen for item in value if (seen := _seen(item)) or not item)
    return strings.without_unseen(value) if isinstance(value, str) else value


def _clean(value: object) -> object:
    if isinstance(value, str):
        return strings.without_commands(value)
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    return value
