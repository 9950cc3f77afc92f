"""One entry point for every kind of document a source may give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Literal

from archive.model import Entry
from config.model import Kind, Source
from crawler.discover.autodiscover import named_feeds
from crawler.discover.entry import MAX_ENTRIES, moment, zone_of
from crawler.discover.feeds import read_feed
from crawler.discover.json_api import read_json
from crawler.discover.listings import is_login_page, read_listing
from crawler.discover.model import Discovered
from crawler.discover.rules import page_selector
from crawler.discover.site.article_page import is_article_page
from crawler.discover.sitemaps import read_sitemap
from crawler.extract.head.metadata import read_metadata
from crawler.extract.tree import parse_html
from crawler.text.json_dialects import is_json
from crawler.text.plain import TooLarge, document_text, unpacked

Form = Literal["feed", "sitemap", "html", "json", "json feed", "addresses", "unknown"]

_PROLOGUE = re.compile(r"\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\])?\s*>", re.S | re.I)
_ROOT = re.compile(r"<(?:[\w-]+:)?([A-Za-z][\w-]*)")
_ROOTS: dict[str, Form] = {
    "rss": "feed", "rdf": "feed", "feed": "feed", "channel": "feed",
    "urlset": "sitemap", "sitemapindex": "sitemap",
}  # fmt: skip
_DOCUMENT = re.compile(
    r"<\?xml\b[^>]*>(?:\s|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^\[>]*>)*<(?:[\w-]+:)?"
    r"(?:rss|rdf|feed|urlset|sitemapindex)\b"
    r"|<(?:rss|feed|urlset|sitemapindex|rdf:rdf)(?=[\s>])",
    re.S | re.I,
)
_PAGE_ROOTS = frozenset({"html", "head", "body", "title", "meta", "link"})
_HTML_ROOTS = frozenset(
    {
        *("html", "head", "body", "title", "meta", "link", "script", "style", "base", "div", "p"),
        *("a", "ul", "table", "h1", "h2", "form", "center", "span", "section", "main", "article"),
    }
)
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
AN_ARTICLE = (
    "its address is an article, not a place where news is listed: `broadsheet sources add` with it"
    ' finds its outlet\'s feed; kind = "listing" takes its links all the same'
)
_HEAD_CHARS = 5000
_PREAMBLE_CHARS = 100_000  # a warning of PHP may be printed for each item
_NOTICES = re.compile(  # as PHP prints them, in HTML or plain
    r"(?:(?:\s|<br\s*/?>|<b>)*(?:PHP )?(?:Warning|Notice|Deprecated|Strict Standards|Parse error)"
    r"(?:</b>)?: [^\n]{1,2000}? on line (?:<b>)?\d+(?:</b>)?(?:\s|<br\s*/?>)*)+"
)
_PAGE_END = re.compile(r"</html\s*>\s*", re.I)
_READERS: dict[Kind, Callable[..., Discovered]] = {
    "feed": read_feed, "sitemap": read_sitemap, "listing": read_listing, "json": read_json,
}  # fmt: skip
_KINDS: dict[Form, Kind] = {
    "feed": "feed", "json feed": "feed", "sitemap": "sitemap", "addresses": "sitemap",
    "json": "json", "html": "listing", "unknown": "listing",
}  # fmt: skip


def read_document(
    body: bytes,
    *,
    url: str,
    content_type: str,
    source: Source,
    kind: str | None,
    now: datetime | None = None,
) -> Discovered:
    """Read what a source's address gave; runs in a worker process.

    `kind` None: the kind is detected, by the bytes first. `now`, aware, is when it was answered:
    dates without a year, and those relative to it, are read by it. Never raises for what a document
    may contain: `Discovered.error` says in words why a document is unreadable.
    """
    found = _read(body, url=url, content_type=content_type, source=source, kind=kind)
    return _dated(found, source, now) if now else found


def _dated(found: Discovered, source: Source, now: datetime) -> Discovered:
    if all(entry.published or not entry.published_raw for entry in found.entries):
        return found
    entries = (
        replace(entry, published=moment(entry.published_raw, _zone_of(entry, source), now=now))
        if entry.published is None
        else entry
        for entry in found.entries
    )
    return replace(found, entries=tuple(entries))


def _zone_of(entry: Entry, source: Source) -> tzinfo:
    return zone_of(source, entry.language, entry.title)


def _read(
    body: bytes, *, url: str, content_type: str, source: Source, kind: str | None
) -> Discovered:
    try:
        text = document_text(unpacked(body), content_type)
    except TooLarge as error:
        return Discovered(kind=_known(kind) or "sitemap", error=f"the document {error}")
    text = without_preamble(text)
    form = detect(text, content_type)
    wanted = _known(kind) or _KINDS[form]
    if not text:
        return Discovered(kind=wanted, error="an empty body")
    if mismatch := _mismatch(wanted, form, text, url):
        return Discovered(kind=wanted, error=mismatch)
    if kind is None and form == "html" and _is_article(body, text, url, content_type):
        return Discovered(kind="listing", error=AN_ARTICLE)
    if wanted == "sitemap" and form == "feed":  # sitemaps.org allows RSS and Atom as a sitemap
        return replace(read_feed(text, url=url, source=source), kind="sitemap")
    return _bounded(_READERS[wanted](text, url=url, source=source))


def _is_article(body: bytes, text: str, url: str, content_type: str) -> bool:
    """Asked of a source whose kind nobody set: the links of an article are other stories."""
    tree = parse_html(text)
    if tree is None:
        return False
    return is_article_page(page_selector(text), body, url, content_type, read_metadata(tree, url))


def _bounded(found: Discovered) -> Discovered:
    """The first entries of a document that lists more than any may."""
    beyond = len(found.entries) - MAX_ENTRIES
    if beyond <= 0:
        return found
    return replace(found, entries=found.entries[:MAX_ENTRIES], beyond=beyond)


def _known(kind: str | None) -> Kind | None:
    return next((known for known in _READERS if known == kind), None)


def detect(text: str, content_type: str) -> Form:
    """Tell what a document is, by its first element or bracket, then by its Content-Type."""
    if text.startswith("<"):
        return _by_root(text, content_type)
    if is_json(text):
        return "json feed" if _JSON_FEED.search(text[:_HEAD_CHARS]) else "json"
    if text.startswith(("http://", "https://")):
        return "addresses"
    return _by_label(content_type)


def without_preamble(text: str) -> str:
    """Cut off what a server printed before a document: warnings of PHP, a banner, an error page.

    All but PHP's own words only where a feed's or a sitemap's own root follows, and never off what
    begins as a page and goes on: pages quote feeds.
    """
    if notices := _NOTICES.match(text, 0, _PREAMBLE_CHARS):
        text = text[notices.end() :]
    name = _root(text)
    if name in _ROOTS or is_json(text):
        return text
    if name in _PAGE_ROOTS:  # an error page, and then the document
        ended = _PAGE_END.search(text, 0, _PREAMBLE_CHARS)
        document = _DOCUMENT.match(text, ended.end()) if ended else None
    else:
        document = _DOCUMENT.search(text, 0, _HEAD_CHARS)
    return text[document.start() :] if document else text


def _root(text: str) -> str:
    """The name of the first element, in lower case; '' where no element comes first."""
    position = 0
    while prologue := _PROLOGUE.match(text, position, position + _HEAD_CHARS):
        position = prologue.end()
    root = _ROOT.match(text, position)
    return root[1].lower() if root else ""


def _by_root(text: str, content_type: str) -> Form:
    name = _root(text)
    return _ROOTS.get(name) or ("html" if name in _HTML_ROOTS else _by_label(content_type))


def _by_label(content_type: str) -> Form:
    label = content_type.partition(";")[0].strip().lower()
    if label in ("application/rss+xml", "application/atom+xml", "application/rdf+xml"):
        return "feed"
    return "html" if label in ("text/html", "application/xhtml+xml") else "unknown"


def _mismatch(wanted: Kind, form: Form, text: str, url: str) -> str:
    """Say in words that a document is not of the kind it should be; '' when it may be."""
    if wanted in ("feed", "sitemap", "json") and form == "html":
        return _html_instead(wanted, text, url)
    if wanted == "listing" and form in ("feed", "sitemap", "json", "json feed", "addresses"):
        return f'a {_KINDS[form]} where a listing was expected: set kind = "{_KINDS[form]}"'
    if wanted == "json" and form in ("feed", "sitemap"):
        return f'a {form} where JSON was expected: set kind = "{form}"'
    return ""


def _html_instead(wanted: Kind, text: str, url: str) -> str:
    page = page_selector(text)
    what = "a login page" if is_login_page(page) else "an HTML page"
    feeds = named_feeds(page, url)[:3] if wanted == "feed" else ()
    hint = f"; it names {', '.join(feeds)}" if feeds else ""
    return f"{what} where a {'JSON answer' if wanted == 'json' else wanted} was expected{hint}"
