"""Documents of our own writing, and a short way to read them."""

from __future__ import annotations

from typing import Any

from config.model import Source
from crawler.discover.model import Discovered
from crawler.discover.read import read_document

PAGE = "http://news.example.com/finance/"


def source(language: str = "zh", **fields: Any) -> Source:
    return Source(id="paper", name="Paper", url=PAGE + "feed.xml", language=language, **fields)


def read(
    body: bytes | str,
    declared: Source | None = None,
    *,
    kind: str | None = None,
    content_type: str = "",
    url: str = PAGE,
) -> Discovered:
    data = body.encode() if isinstance(body, str) else body
    return read_document(
        data, url=url, content_type=content_type, source=declared or source(), kind=kind
    )


def rss(items: str, encoding: str = "utf-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>财经要闻</title>{items}</channel></rss>"
    )
