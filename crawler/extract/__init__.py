"""Pure: the bytes of a page become an article, or a reason why they are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.extract.article import extract_article

__all__ = ["extract_article"]


def __getattr__(name: str) -> Any:
    # PEP 562: importing crawler.text.dates must not import trafilatura (0.3 s)
    if name == "extract_article":
        from crawler.extract.article import extract_article

        return extract_article
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
