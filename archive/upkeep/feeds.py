"""A choice of articles as a feed: RSS 2.0, Atom and JSON Feed 1.1; with their full texts, if given.

What an article says in plain text is written as the HTML of that text where readers take a field
for HTML. Atom says so by `type`; RSS does not, and readers do it with descriptions at least.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from xml.etree import ElementTree

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator

from archive.database.times import from_text, to_text
from archive.files.bodies import html_fragment
from archive.record import Record

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2
_ATOM = "http://www.w3.org/2005/Atom"
_WITHDRAWN = "withdrawn"  # category of what its site has taken down
NAMESPACE = "urn:broadsheet:feed"  # of the elements in RSS and Atom that no standard has
# When it was known: which version an item is, and since when it, and the article, was seen.
_KNOWN = ("first_seen", "version", "version_seen")


def _as_stored(_url: str, image: str) -> str:
    return image


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """What a feed says of itself; `now` is when it was made.

    A record that has a `page`, an address where this archive shows it, leads there, and to its own
    address as where it came from.
    """

    title: str
    link: str
    now: datetime
    self_link: str = ""  # the feed's own address, where it has one
    picture_of: Callable[[str, str], str] = _as_stored  # of an article's address, and its image


class _Namespace(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    def extend_ns(self) -> dict[str, str]:
        return {"broadsheet": NAMESPACE}


class _WhenKnown(BaseEntryExtension):  # type: ignore[misc]
    """An item's elements in our namespace."""

    record: Record

    def extend_rss(self, entry: Any) -> Any:
        for name in _KNOWN:
            if name in self.record:
                element = entry.makeelement(f"{{{NAMESPACE}}}{name}")
                element.text = str(self.record[name])
                entry.append(element)
        return entry

    extend_atom = extend_rss


def rss(channel: FeedHead, found: Sequence[Record]) -> str:
    """Write RSS 2.0. An item's guid is the article's canonical address."""
    return str(_feed(channel, found, content_type="CDATA").rss_str(pretty=True).decode())


def atom(channel: FeedHead, found: Sequence[Record]) -> str:
    """Write Atom (RFC 4287). An entry's id is the article's canonical address."""
    ElementTree.register_namespace("", _ATOM)
    ElementTree.register_namespace("broadsheet", NAMESPACE)
    written = _feed(channel, found, content_type="html").atom_str()
    root = ElementTree.fromstring(written)  # noqa: S314 (it is ours)
    for title in root.iter(f"{{{_ATOM}}}title"):  # feedgen knows no type of a title
        title.set("type", "html")
    for entry in root.iter(f"{{{_ATOM}}}entry"):  # nor writes an entry's rel: one is alternate
        for link in entry.findall(f"{{{_ATOM}}}link")[1:]:
            link.set("rel", "via")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def json_feed(channel: FeedHead, found: Sequence[Record]) -> str:
    """Write JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.link,
        "items": [_item(record, channel.picture_of) for record in found],
    }
    if channel.self_link:
        feed["feed_url"] = channel.self_link
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _feed(channel: FeedHead, found: Sequence[Record], *, content_type: str) -> FeedGenerator:
    feed = FeedGenerator()
    feed.register_extension("broadsheet", _Namespace, _WhenKnown)
    feed.id(channel.self_link or channel.link)
    title = _shown if content_type == "html" else _unmarked
    feed.title(title(channel.title))
    feed.link(href=channel.link)
    if channel.self_link:
        feed.link(href=channel.self_link, rel="self", replace=False)
    feed.description(_shown(channel.title))
    feed.updated(channel.now)
    feed.lastBuildDate(channel.now)
    for record in found:
        _add_entry(feed, record, content_type)
    return feed


def _add_entry(feed: FeedGenerator, record: Record, content_type: str) -> None:
    entry = feed.add_entry(order="append")
    entry.broadsheet.record = record
    entry.id(record["url"])
    entry.guid(record["url"], permalink=True)
    entry.link(href=record.get("page", record["url"]))
    if "page" in record:
        entry.link(href=record["url"], rel="via")
    title = _shown if content_type == "html" else _unmarked  # else `S&amp;P` in many a reader
    entry.title(title(str(record["title"])) or str(record["url"]))
    entry.author(name=_unmarked(str(record["author"] or record["source_name"])))
    entry.published(from_text(str(record["published"])))
    entry.updated(from_text(str(record["updated"] or record["published"])))
    # without a summary feedgen would put the whole text in RSS's description
    words = str(record["summary"] or str(record["text"]).partition("\n")[0])
    entry.summary(_shown(_withdrawn(record) + words), type="html")
    if record["markdown"]:
        entry.content(_legal(html_fragment(str(record["markdown"]))), type=content_type)
    tags = record["tags"]
    assert isinstance(tags, list)
    for tag in (*tags, *[_WITHDRAWN] * bool(record["withdrawn"])):
        entry.category(term=_unmarked(tag))


def _item(record: Record, picture_of: Callable[[str, str], str]) -> dict[str, object]:
    item: dict[str, object] = {
        "id": record["url"],
        "url": record.get("page", record["url"]),
        "title": record["title"],
        "date_published": record["published"],
        "authors": [{"name": record["author"] or record["source_name"]}],
        "tags": record["tags"],
        "language": record["language"],
    }
    ours = {name: record[name] for name in _KNOWN if name in record}
    given: dict[str, object] = {"summary": record["summary"], "_broadsheet": ours}
    given["image"] = picture_of(str(record["url"]), str(record["image"]))
    if record["markdown"]:
        given["content_html"] = html_fragment(str(record["markdown"]))
    else:
        given["content_text"] = given.pop("summary")
    if "page" in record:
        given["external_url"] = record["url"]
    if record["withdrawn"]:
        told = "summary" if record["markdown"] else "content_text"
        given[told] = f"{_withdrawn(record)}{record['summary']}".strip()
        ours["withdrawn"] = record["withdrawn"]
    given["date_modified"] = to_text(from_text(str(record["updated"]))) if record["updated"] else ""
    return item | {name: value for name, value in given.items() if value}


def _withdrawn(record: Record) -> str:
    """What a reader is told first of an article that its site has taken down."""
    day = str(record["withdrawn"] or "")[:10]
    return f"Withdrawn by its site: gone since {day}. " if day else ""


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _shown(text: str) -> str:
    """The HTML that shows a text."""
    return escape(_legal(text), quote=False)


def _unmarked(text: str) -> str:
    """What no form says to be HTML (a name, a tag): written as HTML only where it has a `<`."""
    return _shown(text) if "<" in text else _legal(text)
