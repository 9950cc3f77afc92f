"""The persons who wrote the article: no agencies, no editors, no sites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from archive.text.han import count_han
from archive.text.lines import letters
from crawler.extract.head import byline_zh
from crawler.extract.head.metadata import Json, Metadata
from crawler.extract.head.persons import BY, is_account, is_full_name, persons, site_key
from crawler.extract.tree import SILENT, lines, marks, select, visible_text
from crawler.text.dates import find_moments

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
    r"|Written by|Posted by|Geschrieben von|Reporting by|Publié par)"
    r"(?:\s*:?\s+|(?<=By)(?=[A-Z][a-z]))"
    rf"(?P<n>{_LATIN_NAME}(?:(?:, | and | und | et | y | & ){_LATIN_NAME}){{0,3}})"
    r"(?:\s*[,|–—(•·-].{0,60}|\s+(?:Illustration|Fotos?|Photos?|Fotografie|Bilder)\b.{0,60}"
    r"|\s+\d.{0,40}|\s+(?:am|on|le|el|il)\b.{0,40})?"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BARE_BY = re.compile(r"By|BY|Von|VON|Par|Por|Author|Autor(?:in)?|Written by|Reporting by")
_POSTED = re.compile(r"(?:posted|published)\b.{0,40}?\bby\s+(?P<n>.{3,60})", re.I)
_AUTHOR_MARK = re.compile(
    r"(?:^|[\s_-])(?:authors?(?:name)?|autor(?:en|es)?|auteurs?|autore|byline|bylines|verfasser|redacteur"
    r"|writers?|reporter|journalist|contributor|wrote)(?:$|[\s_-]|\d)",
    re.I,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_IN_NAMES = re.compile(r"\s[|•·–—-]\s|\s*\||\n|\s(?=\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PARTS = re.compile(r"\s*[|·•]\s*|\s+[-–—/]\s+")
_TWO_WORDS = re.compile(rf"{_CAPITAL}(?: [A-Z]\.)? {_CAPITAL}")
_MAX_LINES, _DATED_LINES = 500, 3
_MAX_PRINTED_CHARS = 120
_MOST_MARKED = 40


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
    hidden = _hidden_accounts(tree, metadata)
    claims = _chinese_claims(tree, metadata, text) if chinese else _claims(tree, metadata)
    silent = True
    for origin, claimed in claims:
        if origin in _WEAK and not silent:
            break
        named = list(claimed)
        names = persons(named, avoid=avoid, accounts=origin in _WITH_ACCOUNTS)
        if origin in ("meta", "label"):
            names = tuple(name for name in names if " " in name or count_han(name))  # no accounts
        uploaded = bool(names) and hidden.issuperset(map(letters, names))
        names = tuple(name for name in names if letters(name) not in hidden)
        if names:
            return names, _EVIDENCE.get(origin, origin)
        silent = silent and bool(chinese or uploaded or not named)
    return (), ""


Claims = Iterator[tuple[str, Iterable[str]]]
_WEAK = ("text",)
_ACCOUNT = "/schema/person/"
_WITH_ACCOUNTS = ("markup", "element")
_EVIDENCE = {"markup": "byline", "element": "byline", "label": "meta"}


def _claims(tree: Element, metadata: Metadata) -> Claims:
    stated = list(_from_jsonld(metadata))
    yield "jsonld", _longer(stated, metadata)
    for name in _META:
        yield "meta", metadata.meta.get(name, ())
    yield "label", _labelled(metadata)
    yield "markup", _printed(list(_people(tree)), accounts=True)
    yield "byline", _marked(tree)
    yield "text", _in_lines(tree)


def _chinese_claims(tree: Element, metadata: Metadata, text: str) -> Claims:
    yield "jsonld", _from_jsonld(metadata)
    yield "text", byline_zh.in_text(text)
    yield "byline", byline_zh.in_page(tree)
    yield "element", byline_zh.in_authors_element(tree)
    yield "meta", byline_zh.in_meta(metadata)


def _hidden_accounts(tree: Element, metadata: Metadata) -> frozenset[str]:
    """The accounts of the CMS that the page names to machines alone: who put it online.

    WordPress' usual plugin states the account as author, in this form, whoever wrote the text.
    """
    accounts = [item for item in metadata.objects if _ACCOUNT in str(item.get("@id"))]
    names = {str(item.get("name") or "").strip() for item in accounts} - {""}
    return frozenset(letters(name) for name in names if not _is_shown(name, tree))


def _is_shown(name: str, tree: Element) -> bool:
    """Whether the surname stands in the page, not hidden: bylines abbreviate given names."""
    surname = name.split()[-1]
    spellings = (surname, surname.upper())
    return any(
        any(spelling in text for spelling in spellings) and not _is_hidden(element)
        for element, text in _own_texts(tree)
    )


def _own_texts(tree: Element) -> Iterator[tuple[Element, str]]:
    """Every element of the body that a reader sees, with the text directly in it or after it."""
    body = tree.find(".//body")
    for element in body.iter() if body is not None else ():
        if isinstance(element.tag, str) and element.tag not in SILENT and element.text:
            yield element, element.text
        parent = element.getparent()
        if element.tail and parent is not None:
            yield parent, element.tail


def _is_hidden(element: Element) -> bool:
    """Whether a style hides it: themes say so to machines who uploaded the text."""
    around = (element, *element.iterancestors())
    return any(_HIDDEN.search(node.get("style") or "") for node in around) or any(
        "snippet-hidden" in marks(node) for node in around
    )


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


def _people(tree: Element) -> Iterator[Element]:
    """The elements that say by a standard that they name the author; inside them, the name."""
    for element in list(filter(_is_by_standard, tree.iterdescendants())):
        inner = select(element, 'descendant::*[@itemprop="name"]')
        yield from inner if element.get("itemprop") == "author" and inner else [element]


def _is_by_standard(element: Element) -> bool:
    if element.get("rel") == "author" or element.get("itemprop") == "author":
        return True
    name = element.get("class")
    return name is not None and "vcard" in name and "author" in name


def _marked(tree: Element) -> Iterator[str]:
    """Bylines in elements that the site's classes call an author's."""
    body = tree.find(".//body")
    marked = filter(_is_marked, body.iterdescendants()) if body is not None else ()
    yield from _printed(list(islice(marked, _MOST_MARKED)), accounts=False)


def _is_marked(element: Element) -> bool:
    name, key = element.get("class"), element.get("id")
    return bool((name and _names_author(name)) or (key and _names_author(key)))


@lru_cache(4096)  # a site's pages have the same few hundred classes
def _names_author(name: str) -> bool:
    return _AUTHOR_MARK.search(_HUMP.sub("-", name)) is not None


def _printed(elements: list[Element], *, accounts: bool) -> Iterator[str]:
    """The first byline among elements, and those that stand beside it under the same name.

    `accounts`: the markup says "author", so the first may be a single word.
    """
    first: Element | None = None
    for element in elements[:_MOST_MARKED]:
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
        part = _NOT_IN_NAMES.split(BY.sub("", posted["n"] if posted else line))[0].strip(" :")
        names = persons([part])
        if names and (single or posted or BY.match(line) or all(map(is_full_name, names))):
            return names
        if names:
            return ()
        if single and is_account(part):
            return (part,)
    return ()


def _in_lines(tree: Element) -> Iterator[str]:
    """The first line of the page that is a byline, else a name beside the day."""
    body = tree.find(".//body")
    found = lines(body)[:_MAX_LINES] if body is not None else []
    yield from _byline(found) or _beside_date(found)


def _byline(found: list[str]) -> list[str]:
    """Such as "By Ann Lee and Bo Ek", in one line or two."""
    for before, line in pairwise(["", *found]):
        whole = f"{before} {line}" if _BARE_BY.fullmatch(before) else line
        if len(line) < 160 and (match := _LINE.fullmatch(whole)) and persons([match["n"]]):
            return [match["n"]]
    return []


def _beside_date(found: list[str]) -> list[str]:
    """The name that shares a line with the day alone: "Ann Lee | 9 Dec 2021", "9.12.2021 - …".

    Only the page's first days: further down each comment has such a line.
    """
    for line in islice(filter(_is_dated, found), _DATED_LINES):
        parts = (BY.sub("", part) for part in _PARTS.split(line) if not part.isupper())
        if named := [part for part in parts if _TWO_WORDS.fullmatch(part) and persons([part])]:
            return named[:1]
    return []


def _is_dated(line: str) -> bool:
    if len(line) > _MAX_PRINTED_CHARS or not _YEAR.search(line):
        return False
    return next(find_moments(line, UTC), None) is not None


def _is_elsewhere(element: Element) -> bool:
    if _is_hidden(element):
        return True
    for node in (element, *element.iterancestors()):
        if node.tag in _FRAMES:
            continue
        if node.tag in _APART:
            return True
        if _ELSEWHERE.search(marks(node)):
            return node.find(".//h1") is None  # what holds the headline too is no margin
    return False
