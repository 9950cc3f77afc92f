"""What crosses into a worker process: the bytes of one page and all that is known about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from archive.model import MAX_TEXT_BYTES, Entry, Reason, Rejection
from config.model import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched page with the entry that announced it and the source it belongs to."""

    url: str  # the address that answered, after redirects
    body: bytes = field(repr=False)
    content_type: str = ""  # the Content-Type header, '' when absent
    fetched: datetime  # aware
    source: Source
    entry: Entry
    boilerplate: frozenset[str] = frozenset()  # lines and images learned of the source's outlet


def refuse_length(texts: Iterable[str]) -> Rejection | None:
    """Refuse what is a book, a data dump or an attack; None for an article of bearable length."""
    size = sum(len(text.encode(errors="replace")) for text in texts)
    if size <= MAX_TEXT_BYTES:
        return None
    detail = f"a text of {size / 1e6:.1f} MB, over {MAX_TEXT_BYTES / 1e6:.0f} MB"
    return Rejection(reason=Reason.TOO_LONG, detail=detail)
