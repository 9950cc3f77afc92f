"""What crosses into a worker process: the bytes of one page and all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from archive.model import Entry
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
