"""What a page says of itself to machines, read in one pass."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from archive.text.lines import letters
from archive.text.strings import storable
from crawler.extract.tree import select, visible_text
from crawler.text.addresses import absolute
from crawler.text.image_addresses import page_base

# schema.org types that are articles, the most telling first
_ARTICLE_TYPES = (
    "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "Article", "BlogPosting",
    "TechArticle", "Report", "AdvertiserContentArticle", "ScholarlyArticle",
    "SocialMediaPosting", "Review", "Recipe", "HowTo", "CreativeWork",
    "ItemPage", "WebPage",
)  # fmt: skip
_RANK = {name: rank for rank, name in enumerate(_ARTICLE_TYPES)}
_PAGES = ("ItemPage", "WebPage")
_WRAPPERS = ("@graph", "mainEntity", "mainEntityOfPage")
_LD_SHELL = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_LD_FIELD = re.compile(
    r'"(@type|headline|datePublished|dateModified|articleSection|inLanguage|url)"\s*:\s*'
    r'"((?:[^"\\]|\\.)*)"(?=\s*[,}])'
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_RELATIONS = frozenset({"canonical", "next"})
_MAX_OBJECTS = 2000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The machine-readable claims of one page; nothing in it is checked."""

    meta: dict[str, list[str]]  # lower-case name, property or itemprop → contents
    objects: list[Json]  # every JSON-LD object
    article: Json  # the JSON-LD object of the article, {} without one
    links: dict[str, list[str]]  # canonical and next → absolute addresses
    microdata: dict[str, list[str]]  # itemprop → values
    language: str  # <html lang>
    base: str  # what relative addresses are relative to

    def first(self, *names: str) -> str:
        """The first non-empty meta content among the names, in their order."""
        claims = (plain_value(v) for name in names for v in self.meta.get(name, ()))
        return next(filter(None, claims), "")

    def claim(self, key: str) -> str:
        """A string of the JSON-LD article, '' when absent or of another shape."""
        value = self.article.get(key)
        value = value[0] if isinstance(value, list) and value else value
        return plain_value(value) if isinstance(value, str | int | float) else ""

    @property
    def site_name(self) -> str:
        publisher = self.article.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else ""
        return self.first("og:site_name", "application-name") or (
            plain_value(name) if isinstance(name, str) else ""
        )


def plain_value(text: object) -> str:
    """Text of an attribute or JSON string: entities and tags resolved, white space single."""
    plain = html.unescape(str(text or ""))
    if "<" in plain:
        plain = _MARKUP.sub(" ", plain)
    return " ".join(plain.split())


def read_metadata(tree: Element, url: str) -> Metadata:
    """Read everything a page claims about itself; never raises."""
    base = _base(tree, url)
    objects = list(_ld_objects(tree))
    return Metadata(
        meta=_metas(tree),
        objects=objects,
        article=_article_object(objects, url),
        links=_links(tree, base),
        microdata=_microdata(tree),
        language=_html_language(tree),
        base=base,
    )


def _base(tree: Element, url: str) -> str:
    element = tree.find(".//base[@href]")
    return page_base(url, (element.get("href") or "") if element is not None else "")


def _html_language(tree: Element) -> str:
    xml_lang = tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return tree.get("lang") or tree.get("xml:lang") or xml_lang or ""


def _metas(tree: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            if not content or not (name := element.get(attribute)):
                continue
            if attribute != "itemprop" or not _is_cited(element):
                found.setdefault(name.strip().lower(), []).append(content)
    return found


def _is_cited(element: Element) -> bool:
    """Whether a claim is made about a work that the article cites, or about a comment."""
    around = ((node.get("itemprop") or "").lower() for node in element.iterancestors())
    return any(name in ("citation", "comment", "review") for name in around)


def _links(tree: Element, base: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    related = ((element, element.get("rel")) for element in tree.iter("link", "a"))
    for element, relation in related:
        for rel in _RELATIONS & set(relation.lower().split()) if relation else ():
            if address := absolute(base, element.get("href") or ""):
                found.setdefault(rel, []).append(address)
    return found


def _microdata(tree: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in select(tree, "descendant::*/@itemprop/parent::*[not(self::meta)]"):
        value = element.get("content") or element.get("datetime") or visible_text(element)[:500]
        for name in (element.get("itemprop") or "").split():
            if value:
                found.setdefault(name.lower(), []).append(value)
    return found


def _ld_objects(tree: Element) -> Iterator[Json]:
    """Yield the objects of every JSON-LD block, those inside lists and @graph too."""
    pending: list[Any] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            pending.append(_read_json(script.text))
    count = 0
    while pending and count < _MAX_OBJECTS:
        value = pending.pop(0)
        count += 1
        if isinstance(value, list):
            pending = value[:_MAX_OBJECTS] + pending
        elif isinstance(value, dict):
            yield value
            pending += [value[key] for key in _WRAPPERS if isinstance(value.get(key), dict | list)]


def _read_json(text: str) -> Any:
    """Parse JSON as sites write it: in comments, with raw line breaks and trailing commas."""
    bare = text.strip()
    if bare[:1] not in "{[" or bare[-1:] not in "}]":
        bare = _LD_SHELL.sub("", _LD_SHELL.sub("", bare)).strip().rstrip(";")
    for candidate in (bare, re.sub(r",\s*([}\]])", r"\1", bare)):
        try:
            value = json.loads(candidate, strict=False)
            return _without_surrogates(value) if _SURROGATE.search(candidate) else value
        except (ValueError, RecursionError):
            continue
    return _fields(bare)


def _without_surrogates(value: Any) -> Any:
    """JSON may hold half a character, which goes into no message to another process, nor a file."""
    return json.loads(storable(json.dumps(value, ensure_ascii=False)))


def _fields(broken: str) -> Json:
    """The first of each plain field in what is no JSON: a quotation mark in a headline does that.

    The outer object's come first, as schema.org's examples have it and sites copy it.
    """
    found: Json = {}
    for match in _LD_FIELD.finditer(broken):
        found.setdefault(match[1], match[2])
    return found


def _types(item: Json) -> Iterable[str]:
    kind = item.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return (str(name).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in kinds)


def _article_object(objects: list[Json], url: str) -> Json:
    """Choose the object that describes this page's article, not a teaser's.

    The one that names this page's address wins, then articles before mere pages, then the
    one that says most.
    """
    ranked = []
    for place, item in enumerate(objects):
        rank = min((_RANK.get(name, 99) for name in _types(item)), default=99)
        if "pubDate" in item and "@type" not in item:  # Baidu's vocabulary has no types
            rank = len(_RANK)
        if rank < 99:
            fullness = sum(bool(item.get(k)) for k in ("headline", "datePublished", "author"))
            is_page = any(name in _PAGES for name in _types(item))
            ranked.append((is_page, not _names_page(item, url), -fullness, rank, place, item))
    return min(ranked, key=lambda entry: entry[:5])[5] if ranked else {}


def _names_page(item: Json, url: str) -> bool:
    page = item.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    claims = (item.get("url"), page, item.get("@id"))
    path = letters(urlsplit(url).path)
    return bool(path) and any(isinstance(c, str) and path in letters(c) for c in claims)
