"""Sitemaps: plain, news, index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from .feeds import Head, Item

_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(head: Head, items: Sequence[Item]) -> str:
    rows = "\n".join(
        f"<url><loc>{escape(item.url)}</loc>"
        f"<lastmod>{_stamp(item, head)}</lastmod><changefreq>weekly</changefreq></url>"
        for item in items
    )
    return f"{_XML}\n<urlset {_NS}>\n{rows}\n</urlset>\n"


def news(head: Head, items: Sequence[Item]) -> str:
    """The Google News extension, with keywords and images."""
    rows = "\n".join(
        f"<url><loc>{escape(item.url)}</loc><news:news><news:publication>"
        f"<news:name>{escape(head.outlet.name)}</news:name>"
        f"<news:language>{head.outlet.language}</news:language></news:publication>"
        f"<news:publication_date>{item.published.astimezone(head.outlet.zone).isoformat()}"
        f"</news:publication_date><news:title>{escape(item.title)}</news:title>"
        f"<news:keywords>{escape(', '.join(item.categories))}</news:keywords></news:news>"
        + (f"<image:image><image:loc>{item.image}</image:loc></image:image>" if item.image else "")
        + "</url>"
        for item in items
    )
    return (
        f'{_XML}\n<urlset {_NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        f' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n{rows}\n</urlset>\n'
    )


def plain(_head: Head, items: Sequence[Item]) -> str:
    return "".join(f"{item.url}\n" for item in items)


def index(children: Iterable[tuple[str, str]]) -> str:
    """Of (address, lastmod) pairs."""
    rows = "\n".join(
        f"<sitemap><loc>{escape(url)}</loc><lastmod>{stamp}</lastmod></sitemap>"
        for url, stamp in children
    )
    return f"{_XML}\n<sitemapindex {_NS}>\n{rows}\n</sitemapindex>\n"


def _stamp(item: Item, head: Head) -> str:
    return (item.updated or item.published).astimezone(head.outlet.zone).isoformat()
