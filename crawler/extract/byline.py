"""The persons who wrote the article: no agencies, no editors, no sites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import _Element as Element
from trafilatura.metadata import extract_author

from crawler.extract import byline_zh
from crawler.extract.metadata import Json, Metadata, clean
from crawler.extract.persons import BY, is_account, is_full_name, persons, site_key
from crawler.extract.tree import letters, lines, marks, select, visible_text

_META = (
    "parsely-author", "sailthru.author", "author", "article:author", "og:article:author", "byl",
    "dc.creator", "dcterms.creator", "citation_author", "cxenseparse:author", "article.author",
    "articleauthor", "shareaholic:article_author_name",
)  # fmt: skip
_WRITTEN_BY = re.compile(
    r"written by|by|author|verfasst von|geschrieben von|autor(?:in)?|von|par|[ée]crit par|auteur"
    r"|escrito por|publicado por|scritto da|autore|geschreven door|skrevet av|skriven av",
    re.I,
)
_ELSEWHERE = re.compile(
    r"(?<!no-)comment(?!s?-(?:open|closed|status|off|count))|reply|related|(?<![a-z]-)sidebar|teaser|recommend|author-bio|newsletter|popular"
    r"|caption|credit|copyright|most-read|promo",
    re.I,
)
_FRAMES = ("html", "body", "article", "main")  # "comments-open" is no comment
_APART = ("figure", "figcaption", "aside", "nav", "form")
_CAPITAL = r"[A-ZÀ-ÞŠŽ][\w.'’-]*"
_LATIN_NAME = (
    rf"{_CAPITAL}(?: (?:de|la|van|von|der|den|di|da|dos|del|bin|al))*(?: {_CAPITAL}){{1,3}}"
)
_LINE = re.compile(
    r"(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|[Pp]or|Di|Door|Av|Autor(?:in|es)?|Authors?|Text(?: von)?"
    r"|Written by|Posted by|Geschrieben von|Reporting by|Publié par)\s*:?\s+"
    rf"(?P<n>{_LATIN_NAME}(?:(?:, | and | und | et | y | & ){_LATIN_NAME}){{0,3}})"
    r"(?:\s*[,|–—(•·-].{0,60}|\s+\d.{0,40}|\s+(?:am|on|le|el|il)\b.{0,40})?"
)
_POSTED = re.compile(r"(?:posted|published)\b.{0,40}?\bby\s+(?P<n>.{3,60})", re.I)
_AUTHOR_MARK = re.compile(
    r"(?:^|[\s_-])(?:authors?|autor(?:en|es)?|auteurs?|autore|byline|bylines|verfasser|redacteur"
    r"|writers?|reporter|journalist|contributor|wrote)(?:$|[\s_-]|\d)",
    re.I,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_IN_NAMES = re.compile(r"\s[|•·–—-]\s|\s*\||\n|\s(?=\d)")
_PEOPLE = (
    './/*[@rel="author"] | .//*[@itemprop="author"]//*[@itemprop="name"]'
    ' | .//*[@itemprop="author"][not(.//*[@itemprop="name"])]'
    ' | .//*[contains(@class,"vcard")][contains(@class,"author")]'
)
_MAX_LINES = 500
_MAX_PRINTED_CHARS = 120


def find_authors(
    tree: Element, metadata: Metadata, *, url: str, text: str, chinese: bool
) -> tuple[tuple[str, ...], str]:
    """Return the authors and what gave them (jsonld, meta, byline, text).

    JSON-LD first, without its organisations; on Chinese pages then the byline as printed, which
    is kept with more care than their meta tags; elsewhere meta tags, then the printed byline.
    A page that names an agency or itself to machines has no other author: lines further down
    belong to other articles.
    """
    avoid = _site_words(metadata, url)
    claims = _chinese_claims(tree, metadata, text) if chinese else _claims(tree, metadata)
    silent = True
    for origin, claimed in claims:
        if origin in _WEAK and not silent:
            break
        named = list(claimed)
        if names := persons(named, avoid=avoid, accounts=origin == "markup"):
            return names, _EVIDENCE.get(origin, origin)
        silent = silent and (chinese or not named)
    return (), ""


Claims = Iterator[tuple[str, Iterable[str]]]
_WEAK = ("text", "trafilatura")
_EVIDENCE = {"trafilatura": "byline", "markup": "byline", "label": "meta"}


def _claims(tree: Element, metadata: Metadata) -> Claims:
    stated = list(_from_jsonld(metadata))
    yield "jsonld", _longer(stated, metadata)
    for name in _META:
        yield "meta", metadata.meta.get(name, ())
    yield "label", _labelled(metadata)
    yield "markup", _printed(select(tree, _PEOPLE), accounts=True)
    yield "byline", _marked(tree)
    yield "text", _line(tree)
    yield "trafilatura", _found_by_trafilatura(tree)


def _chinese_claims(tree: Element, metadata: Metadata, text: str) -> Claims:
    yield "jsonld", _from_jsonld(metadata)
    yield "text", byline_zh.in_text(text)
    yield "byline", byline_zh.in_page(tree)
    yield "byline", byline_zh.in_authors_element(tree)
    yield "meta", byline_zh.in_meta(metadata)


def _site_words(metadata: Metadata, url: str) -> frozenset[str]:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = [metadata.site_name, host, *host.split(".")[:2]]
    return frozenset(site_key(name) for name in names if len(name) > 2)


def _from_jsonld(metadata: Metadata) -> Iterator[str]:
    by_id = {item["@id"]: item for item in metadata.objects if isinstance(item.get("@id"), str)}
    author = metadata.article.get("author") or metadata.article.get("creator")
    for item in author if isinstance(author, list) else [author]:
        yield from _ld_names(item, by_id)


def _ld_names(item: Any, by_id: dict[str, Json]) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    if not isinstance(item, dict):
        return
    if not item.get("name"):
        item = by_id.get(str(item.get("@id")), {})
    if "Organization" in str(item.get("@type")):
        yield ""  # an author is named, and no person
        return
    name = item.get("name")
    yield from (n for n in (name if isinstance(name, list) else [name]) if isinstance(n, str))


def _longer(stated: list[str], metadata: Metadata) -> list[str]:
    """JSON-LD often holds the first author only; a meta tag that names him and more is whole."""
    known = {letters(name) for name in persons(stated)}
    for name in _META:
        listed = persons(metadata.meta.get(name, ()))
        if known and known < {letters(person) for person in listed}:
            return list(listed)
    return stated


def _labelled(metadata: Metadata) -> Iterator[str]:
    """`twitter:label1` "Written by" with `twitter:data1`, as WordPress sites have it."""
    for place in ("1", "2"):
        if _WRITTEN_BY.fullmatch(metadata.first(f"twitter:label{place}")):
            yield metadata.first(f"twitter:data{place}")


def _marked(tree: Element) -> Iterator[str]:
    """Bylines in elements that the site's classes call an author's."""
    body = tree.find(".//body")
    if body is None:
        return
    elements = [e for e in select(body, ".//*[@class or @id]") if _is_authors(e)]
    yield from _printed(elements, accounts=False)


def _is_authors(element: Element) -> bool:
    return _AUTHOR_MARK.search(_HUMP.sub("-", marks(element))) is not None


def _printed(elements: list[Element], *, accounts: bool) -> Iterator[str]:
    """The first byline among elements, and those that stand beside it under the same name.

    `accounts`: the markup says "author", so the first may be a single word.
    """
    first: Element | None = None
    for element in elements[:40]:
        if first is not None and not _beside(first, element):
            return
        single = accounts and first is None
        if _is_elsewhere(element) or not (names := _cut_names(element, single)):
            continue
        first = element if first is None else first
        yield from names


def _beside(first: Element, other: Element) -> bool:
    if first.get("class") != other.get("class"):
        return other in list(first.iterdescendants())
    near = list(first.iterancestors())[:3]
    return any(parent in near for parent in list(other.iterancestors())[:3])


def _cut_names(element: Element, single: bool) -> tuple[str, ...]:
    """The names in a byline's element: "By Ann Lee | 9 Dec", "von: Ann Lee, Bo Ek"."""
    if not 3 < len(visible_text(element)) < _MAX_PRINTED_CHARS:
        return ()
    for line in lines(element):
        posted = _POSTED.search(line)
        part = _NOT_IN_NAMES.split(BY.sub("", posted["n"] if posted else line))[0].strip()
        names = persons([part])
        if names and (single or posted or BY.match(line) or all(map(is_full_name, names))):
            return names
        if names:
            return ()
        if single and is_account(part):
            return (part,)
    return ()


def _line(tree: Element) -> Iterator[str]:
    """The first line of the page that is a byline: "By Ann Lee and Bo Ek"."""
    body = tree.find(".//body")
    for line in lines(body)[:_MAX_LINES] if body is not None else ():
        if len(line) < 160 and (match := _LINE.fullmatch(line)):
            yield match["n"]
            return


def _is_elsewhere(element: Element) -> bool:
    around = (element, *element.iterancestors())
    return any(
        node.tag in _APART or (node.tag not in _FRAMES and _ELSEWHERE.search(marks(node)))
        for node in around
    )


def _found_by_trafilatura(tree: Element) -> Iterator[str]:
    """trafilatura's own rules for bylines, where ours are silent; full names only."""
    names = [name for name in (extract_author(tree) or "").split(";") if is_full_name(clean(name))]
    if not names:
        return
    marked = (e for e in select(tree, ".//body//*[@class or @id]") if _is_authors(e))
    others = {letters(visible_text(element)) for element in marked if _is_elsewhere(element)}
    yield from (name for name in names if letters(name) not in others)
