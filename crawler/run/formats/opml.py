"""OPML 2.0: the list of sources as feed readers write and read it.

What OPML has no word for (id, kind, language) goes into attributes of a namespace of ours, so that
a list comes back as it was; other readers skip them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from archive.errors import UnreadableList
from config.model import Source

OURS = "urn:broadsheet:opml"
MOST_OUTLINES = 10_000
_KEPT = ("id", "kind", "language", "timezone")
_LONGEST = 2000  # characters of an attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One subscription. `folder`: the innermost it lies in, '' for none; `kept`: our own keys."""

    title: str
    url: str
    folder: str = ""
    kept: tuple[tuple[str, str], ...] = ()


def read_opml(document: bytes) -> list[Outline]:
    """Read the subscriptions, in order. Raises UnreadableList; follows no entity nor address."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableList(f"no XML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise UnreadableList("no OPML: its first element is not <opml>")
    found: list[Outline] = []
    for node in root.iter("outline"):
        if url := _attribute(node, "xmlUrl", "xmlurl", "xmlURL", "url"):
            found.append(_outline(node, url))
        if len(found) > MOST_OUTLINES:
            raise UnreadableList(f"over {MOST_OUTLINES:,} subscriptions")
    return found


def _outline(node: etree._Element, url: str) -> Outline:
    above = node.getparent()
    folder = above if above is not None and above.tag == "outline" else None
    kept = ((key, node.get(f"{{{OURS}}}{key}", "")[:_LONGEST]) for key in _KEPT)
    return Outline(
        title=_attribute(node, "title", "text"),
        url=url,
        folder="" if folder is None else _attribute(folder, "title", "text"),
        kept=tuple((key, value) for key, value in kept if value),
    )


def _attribute(node: etree._Element, *names: str) -> str:
    found = (" ".join(str(node.get(name) or "").split()) for name in names)
    return next(filter(None, found), "")[:_LONGEST]


def write_opml(sources: Iterable[Source], *, now: datetime) -> bytes:
    """Write sources as subscriptions, each in the folder of its section."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"broadsheet": OURS})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Broadsheet's sources"
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {"": body}
    for source in sources:
        if source.section not in folders:
            names = {"text": source.section, "title": source.section}
            folders[source.section] = etree.SubElement(body, "outline", names)
        etree.SubElement(folders[source.section], "outline", dict(_attributes(source)))
    written = io.BytesIO()
    etree.ElementTree(root).write(
        written, encoding="utf-8", xml_declaration=True, pretty_print=True
    )
    return written.getvalue()


def _attributes(source: Source) -> Iterator[tuple[str, str]]:
    """As readers know it: a feed by type and xmlUrl, anything else as a link."""
    is_feed = source.kind in (None, "feed")
    yield from (("text", source.name), ("title", source.name))
    yield "type", "rss" if is_feed else "link"
    yield "xmlUrl" if is_feed else "url", source.url
    for key in _KEPT:
        if value := getattr(source, key):
            yield f"{{{OURS}}}{key}", value
