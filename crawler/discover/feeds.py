"""RSS 0.9x, 1.0 and 2.0, Atom and JSON Feed: bytes to entries.

XML goes through feedparser, as UTF-8 bytes: it is decoded here first, since feedparser believes a
label that contradicts the bytes and then gives mojibake without any flag (research/anchors.md §1).
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import feedparser

from archive.model import Entry
from archive.text.lines import letters
from config.model import Source
from crawler.discover.entry import Bases, Carried, make_entry
from crawler.discover.hints import feed_hints, hub_and_topic, older_page
from crawler.discover.json_feed import json_links, read_json_items
from crawler.discover.model import Discovered
from crawler.text.addresses import absolute, canonical_url, item_url
from crawler.text.json_dialects import is_json, read_json_text
from crawler.text.long_names import without_blank_head, without_long_names
from crawler.text.plain import one_line, paragraphs, text_length, xml_bytes

FULL_TEXT_CHARS = 600  # a description this long with paragraphs is the article: teasers end at 300

_XML_BASE = "xml:base"
_IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|br|div|li)\b", re.IGNORECASE)
# bound to a word's start: else quadratic
_EMAIL = re.compile(r"(?<![^\s(<\[])[^\s@()<>\[\]]+@[^\s()<>\[\]]+")
_EMPTY = re.compile(r"\(\s*\)|<\s*>|\[\s*\]")
_ENCLOSED = re.compile(r"[(<\[]([^()<>\[\]]*)[)>\]]")
# `<link uri="at://…">http://h/1</link>`: feedparser believes the attribute, and loses the text
_WORDED_LINK = re.compile(
    r"<(?:[\w-]+:)?link(\s[^<>]*[^<>/\s])\s*>(?=\s*(?:<!\[CDATA\[\s*)?(?:https?:/)?/)", re.I
)
_ADDRESS = re.compile(
    r"\s(?:ur[il]\s*=\s*(?:\"[^\"]*\"|'[^']*')|href\s*=\s*([\"'])(?!\s*https?:)[^\"']*\1)", re.I
)
_ALTERNATE = re.compile(r"(?:http://www\.iana\.org/assignments/relation/)?alternate|", re.I)


def read_feed(text: str, *, url: str, source: Source) -> Discovered:
    """Read a feed of any format out of its decoded text."""
    if not text.startswith("<") and is_json(text):
        return _read_json_feed(text, url=url, source=source)
    text, overlong = without_long_names(without_blank_head(text))
    parsed = _parse(text, url)
    if isinstance(parsed, str):
        return Discovered(kind="feed", error=f"not a readable feed: {parsed}")
    if not parsed.entries and (parsed.get("bozo") or not parsed.get("version")):
        fault = parsed.get("bozo_exception") or "no <rss>, <rdf:RDF> or <feed> in it"
        return Discovered(kind="feed", error=f"not a readable feed: {fault}")
    bases = Bases(document=url, site="" if _XML_BASE in text else _site(parsed.feed))
    title = one_line(_text(parsed.feed, "title"))
    heads = _heads(parsed, (title, source.name))
    items = (_carried(raw, parsed, bases, heads) for raw in parsed.entries)
    links = _dicts(parsed.feed, "links")
    hub, topic = hub_and_topic(links, url)
    discovered = _discovered(items, title, len(parsed.entries), source)
    hints, older = feed_hints(parsed.feed, text), older_page(links, url)
    return replace(
        discovered, hints=hints, hub=hub, topic=topic, next_page=older, overlong=overlong
    )


def _site(channel: Any) -> str:
    return absolute("", _text(channel, "link"))


def _heads(parsed: Any, names: Iterable[str]) -> list[str]:
    """The persons that an Atom feed names for all its entries (RFC 4287 §4.2.1), not the outlet."""
    outlets = {letters(name) for name in names}
    named = _authors(parsed.feed) if parsed.get("version", "").startswith("atom") else []
    return [name for name in named if letters(name) not in outlets]


def _parse(text: str, url: str) -> Any | str:
    """Run feedparser; a str says how it failed."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    if _XML_BASE in text:  # else feedparser keeps one item's base for all that follow
        headers["content-location"] = url  # it makes relative guids absolute, too
    try:
        return feedparser.parse(
            io.BytesIO(xml_bytes(_WORDED_LINK.sub(_without_address, text))),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # another's parser on hostile bytes
        return f"{type(error).__name__}: {error}"


def _read_json_feed(text: str, *, url: str, source: Source) -> Discovered:
    try:
        document = read_json_text(text)
        title, items = read_json_items(document, base=url)
    except (ValueError, RecursionError) as error:
        return Discovered(kind="feed", error=f"not a readable JSON Feed: {error}")
    links = json_links(document)
    hub, topic = hub_and_topic(links, url)
    discovered = _discovered(items, title, len(items), source)
    return replace(discovered, hub=hub, topic=topic, next_page=older_page(links, url))


def _discovered(items: Iterable[Carried], title: str, found: int, source: Source) -> Discovered:
    items = _addressed(list(items), source) if source.full_content == "feed" else items
    made = (make_entry(item, source=source) for item in items)
    entries = tuple(_whole(entry, source) for entry in made if entry)
    return Discovered(
        kind="feed",
        title=title,
        found=found,
        entries=entries,
        unaddressed=max(0, found - len(entries)),
    )


def _whole(entry: Entry, source: Source) -> Entry:
    """Take a description for the full text where it is one (RSSHub and many Chinese feeds)."""
    if entry.content or not entry.summary or source.full_content == "page":
        return entry
    long = text_length(entry.summary) >= FULL_TEXT_CHARS and _BLOCK.search(entry.summary)
    if long or source.full_content == "feed":
        return replace(entry, content=entry.summary)
    return entry


def _addressed(items: list[Carried], source: Source) -> Iterator[Carried]:
    """Give every item of a source whose items are the articles an address of its own.

    Flash news without pages has no link, or the same one in every item.
    """
    shared = Counter(canonical_url(item.link) for item in items)
    for item in items:
        if shared[canonical_url(item.link)] > 1 or not canonical_url(item.link):
            guid = item.guid if item.guid != item.link else ""
            yield replace(item, link=item_url(source.url, guid or _fingerprint(item)))
        else:
            yield item


def _fingerprint(item: Carried) -> str:
    """Name an item that has neither link nor guid; a corrected text is another item."""
    words = f"{item.title}\n{item.published}\n{item.content or item.summary}"
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:20]


def _carried(raw: Any, parsed: Any, bases: Bases, heads: list[str]) -> Carried:
    guid = _text(raw, "id")
    link, otherwise = bases.resolve(_link(raw, guid))
    published, updated = _dates(raw)
    content = _content(raw)
    summary = _text(raw, "summary")
    return Carried(
        link=link,
        otherwise=otherwise,
        guid=guid,
        title=_text(raw, "title"),
        published=published,
        updated=updated,
        authors=_authors(raw) or heads,
        summary="" if summary == content else summary,
        content=content,
        categories=[_text(tag, "term") or _text(tag, "label") for tag in _dicts(raw, "tags")],
        images=list(_images(raw, bases.document)),
        language=_text(raw, "language") or _text(parsed.feed, "language"),
    )


def _text(fields: Any, key: str) -> str:
    # dict.get: FeedParserDict answers `updated` with `published`, and warns
    value = dict.get(fields, key)
    return value if isinstance(value, str) else ""


def _dicts(fields: Any, key: str) -> list[Any]:
    value = dict.get(fields, key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _link(raw: Any, guid: str) -> str:
    """Choose the item's own page: a proxy's original, the link, then a guid that is an address."""
    if original := _text(raw, "feedburner_origlink"):
        return original
    pages, others = _links(raw)
    link = _text(raw, "link")
    if link in others and link not in pages:  # feedparser takes any link that has words for it
        link = ""
    if not link or link == guid:  # feedparser copies a guid to an absent link, address or not
        link = next(iter(pages), "")
    if link:
        return link
    return guid if guid.startswith(("http://", "https://", "/")) else ""


def _links(raw: Any) -> tuple[list[str], list[str]]:
    """Give the addresses of an item's pages (rel=alternate), and those of all else."""
    pages: list[str] = []
    others: list[str] = []
    for link in _dicts(raw, "links"):
        is_page = _ALTERNATE.fullmatch(_text(link, "rel").strip())
        (pages if is_page else others).append(_text(link, "href"))
    return [address for address in pages if address], others


def _without_address(link: re.Match[str]) -> str:
    """A link's words go before its attributes."""
    return link[0].replace(link[1], _ADDRESS.sub("", link[1]))


def _dates(raw: Any) -> tuple[str, str]:
    """Give (published, updated) as written.

    RSS 1.0 has only dc:date, which feedparser calls `updated`; an Atom entry without `published`
    has only `updated`, which is then the one moment it tells (RFC 4287 requires no other).
    """
    updated = _text(raw, "updated")
    return _text(raw, "published") or _text(raw, "created") or updated, updated


def _authors(raw: Any) -> list[str]:
    names = [_text(author, "name") for author in _dicts(raw, "authors")]
    if len(names) < 2:  # as written: feedparser knows no email at paper.finance
        names = [_text(raw, "author") or next(iter(names), "")]
    return [name for written in names if (name := _without_email(written))]


def _without_email(written: str) -> str:
    """Give the name in `Name (mailto:a@b)`, `a@b (Name)`, `Name <a@b>`."""
    name = _EMPTY.sub("", _EMAIL.sub("", written)).strip()
    enclosed = _ENCLOSED.fullmatch(name)
    return enclosed[1].strip() if enclosed else name


def _content(raw: Any) -> str:
    """Give the longest full text the item carries, as HTML."""
    texts = [
        paragraphs(_text(part, "value"))
        if _text(part, "type") == "text/plain"
        else _text(part, "value")
        for part in _dicts(raw, "content")
    ]
    return max(texts, key=len, default="")


def _images(raw: Any, base: str) -> Iterator[str]:
    for media in (*_dicts(raw, "media_content"), *_dicts(raw, "links")):
        address = _text(media, "url") or _text(media, "href")
        if _text(media, "rel") in ("", "enclosure") and _is_image(media, address):
            yield absolute(base, address)
    for thumbnail in _dicts(raw, "media_thumbnail"):
        yield absolute(base, _text(thumbnail, "url"))
    cover = dict.get(raw, "image")
    yield absolute(base, _text(cover, "href")) if isinstance(cover, dict) else ""


def _is_image(media: Any, address: str) -> bool:
    kind = (_text(media, "type") or _text(media, "medium")).removeprefix("text/html")
    return kind.startswith("image") or (not kind and bool(_IMAGE_FILE.search(address)))
