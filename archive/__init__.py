"""The record: SQLite, Markdown files, raw pages. Knows no Scrapy, no HTTP and no HTML parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.reader import Archive, open_archive

__all__ = ["Archive", "open_archive"]


def __getattr__(name: str) -> object:
    # Imported when asked for (PEP 562): extraction workers need only archive.model.
    if name in __all__:
        from archive import reader

        return getattr(reader, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
