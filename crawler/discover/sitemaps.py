"""Sitemaps (sitemaps.org 0.9): urlset, index, Google News and image extensions, plain text.

The parser follows no entity and no address, and goes on behind broken markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import tzinfo
from functools import lru_cache
from itertools import islice

from lxml import etree

from archive.model import Document, Entry
from config.model import Source
from crawler.discover.entry import MAX_ENTRIES, Carried, first_of_each_url, make_entry, moment
from crawler.discover.model import Discovered
from crawler.text.addresses import absolute
from crawler.text.plain import xml_bytes

_ROOTS = ("urlset", "sitemapindex")
_LOC = re.compile(r"<(?:\w+:)?loc\b", re.IGNORECASE)


def read_sitemap(text: str, *, url: str, source: Source) -> Discovered:
    """Read a sitemap out of its decoded text; the children of an index become `documents`.

    `published` comes from the News extension only: `lastmod` moves with every edit of a page, and
    on many sites with every build, so that it counts as `updated`. What follows the first
    MAX_ENTRIES is not read.
    """
    if not text.startswith("<"):
        return _read_plain(text, source)
    entries: list[Entry | None] = []
    documents: list[Document] = []
    nodes = _nodes(text)
    for kind, node in islice(nodes, MAX_ENTRIES):
        if kind == "url":
            entries.append(_entry(node, url, source))
        elif (child := _document(node, url, source.zone())) is not None:
            documents.append(child)
    if not entries and not documents and (problem := _unread(text)):
        return Discovered(kind="sitemap", error=problem)
    return _discovered(entries, documents, beyond=next(nodes, None) is not None)


def _discovered(
    entries: list[Entry | None], documents: list[Document], *, beyond: int = 0
) -> Discovered:
    return Discovered(
        kind="sitemap",
        entries=tuple(entry for entry in entries if entry),
        documents=first_of_each_url(documents),
        found=len(entries) + beyond,
        unaddressed=entries.count(None),
        beyond=beyond,
    )


def _read_plain(text: str, source: Source) -> Discovered:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    items = (Carried(link=absolute("", line)) for line in lines[:MAX_ENTRIES])
    entries = [make_entry(item, source=source) for item in items]
    if not any(entries):
        return Discovered(kind="sitemap", error="no sitemap: neither XML nor lines of addresses")
    return _discovered(entries, [], beyond=max(0, len(lines) - MAX_ENTRIES))


def _unread(text: str) -> str:
    """Say why nothing was read; '' of a sitemap that is empty, as news sitemaps are at weekends."""
    if "<urlset" not in text and "<sitemapindex" not in text and ":urlset" not in text:
        return "no sitemap: neither <urlset> nor <sitemapindex>"
    if addresses := len(_LOC.findall(text)):
        return f"not a readable sitemap: it has {addresses} <loc>, but no <url> or <sitemap>"
    return ""


def _nodes(text: str) -> Iterator[tuple[str, etree._Element]]:
    """Yield ("url" | "sitemap", element) one at a time, each freed behind the reader."""
    events = etree.iterparse(
        io.BytesIO(xml_bytes(text)), events=("end",), recover=True, encoding="utf-8",
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
    )  # fmt: skip
    try:
        for _, node in events:
            kind = _local(node)
            if kind in ("url", "sitemap"):
                yield kind, node
                node.clear()
                _free_before(node)
    except etree.XMLSyntaxError:
        return  # beyond recovery: what was read so far stands


def _free_before(node: etree._Element) -> None:
    """Drop the entries already read, never the fields of one that encloses this by mistake."""
    parent = node.getparent()
    while parent is not None and _local(parent) in _ROOTS and node.getprevious() is not None:
        del parent[0]


def _local(node: etree._Element) -> str:
    return _local_name(node.tag) if isinstance(node.tag, str) else ""


@lru_cache(maxsize=256)
def _local_name(tag: str) -> str:
    # a prefix that was never declared stays in the tag: `news:title`
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _fields(node: etree._Element) -> dict[str, str]:
    """Map each direct child's local name to its text, the first of a name."""
    found: dict[str, str] = {}
    for child in node.iterchildren(etree.Element):  # neither comments nor instructions
        texts = (str(text) for text in child.itertext())
        found.setdefault(_local(child), "".join(texts).strip())
    return found


def _address(node: etree._Element, fields: dict[str, str]) -> str:
    """The `<loc>`, or the words of an element that has its address straight in it."""
    return fields.get("loc") or (node.text or "").strip()


def _child(node: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in node if _local(child) == name), None)


def _document(node: etree._Element, base: str, zone: tzinfo) -> Document | None:
    fields = _fields(node)
    address = absolute(base, _address(node, fields))
    if not address:
        return None
    return Document(url=address, lastmod=moment(fields.get("lastmod", ""), zone))


def _entry(node: etree._Element, base: str, source: Source) -> Entry | None:
    fields = _fields(node)
    news_node = _child(node, "news")
    news = _fields(news_node) if news_node is not None else {}
    publication = _child(news_node, "publication") if news_node is not None else None
    about = _fields(publication) if publication is not None else {}
    item = Carried(
        link=absolute(base, _address(node, fields)),
        title=news.get("title", ""),
        published=news.get("publication_date", ""),
        updated=fields.get("lastmod", ""),
        categories=_keywords(news),
        images=_images(node),
        language=about.get("language", ""),
    )
    return make_entry(item, source=source)


def _keywords(news: dict[str, str]) -> list[str]:
    words = news.get("keywords", "").replace("，", ",").replace("、", ",").split(",")
    return [word.strip() for word in words]


def _images(node: etree._Element) -> list[str]:
    return [_fields(child).get("loc", "") for child in node if _local(child) == "image"]
