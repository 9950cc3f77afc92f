"""What a source's document announced."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import Document, Entry
from config.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A document read: its entries, or in `error` why it is unreadable ('' when it was read)."""

    kind: Kind
    title: str = ""
    entries: tuple[Entry, ...] = ()
    documents: tuple[Document, ...] = ()  # children of a sitemap index
    next_page: str = ""  # absolute URL of the next page of a listing or an endpoint
    error: str = ""
    found: int = 0  # items listed, those without a usable address included
