"""Records that SQLite keeps whole, and the parts of a URL that the archive asks for."""

from __future__ import annotations

import dataclasses
import re
from operator import attrgetter
from typing import Any, TypeVar
from urllib.parse import urlsplit

from archive.model import Article, Entry, Visit
from archive.text import strings

_HOST_FORM = re.compile(r"^(?:www|m|wap|amp|mobile)\.")

_VALUES = {
    kind: attrgetter(*(field.name for field in dataclasses.fields(kind)))
    for kind in (Article, Entry, Visit)
}

Record = TypeVar("Record", Article, Entry, Visit)


def storable_record(record: Record) -> Record:
    """Return the record without NUL characters and lone surrogates in any of its strings."""
    if strings.is_storable("".join(_strings(_VALUES[type(record)](record)))):
        return record  # all but always
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        clean = _clean(value)
        if clean != value:
            changes[field.name] = clean
    return dataclasses.replace(record, **changes) if changes else record


def host_of(url: str) -> str:
    """Return the host in lower case, without port: what delays and limits belong to; '' if none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def same_host(one: str, other: str) -> bool:
    """Tell whether two addresses are on one host, but for `www.` and the mobile forms.

    What may revise an article or claim an address: `a.blog.example` never for `b.blog.example`.
    """
    hosts = [_HOST_FORM.sub("", host_of(url), count=1) for url in (one, other)]
    return hosts[0] != "" and hosts[0] == hosts[1]


def same_outlet_host(one: str, other: str) -> bool:
    """Tell whether two hosts are evidently one site's: `rss.example.com.cn`, `www.example.com.cn`.

    Without a list of public suffixes: two common labels, three below a two-letter country whose
    second label is short (`com.cn`, `co.uk`). Decides only which source's name an article bears.
    """
    if one == other:
        return True
    labels, others = (host.split(".")[::-1] for host in (one, other))
    if labels[0].isdigit():  # an IP address
        return False
    needed = 3 if len(labels[0]) == 2 and len(labels) > 1 and len(labels[1]) <= 3 else 2
    return len(labels) >= needed and labels[:needed] == others[:needed]


def _strings(values: tuple[object, ...]) -> list[str]:
    found: list[str] = []
    groups = [values]
    for group in groups:  # it grows as tuples within tuples are met
        found += [value for value in group if isinstance(value, str)]
        groups += [value for value in group if isinstance(value, tuple)]
    return found


def _clean(value: object) -> object:
    if isinstance(value, str):
        return strings.storable(value)
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    return value
