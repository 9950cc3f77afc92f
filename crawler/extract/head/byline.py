"""The persons who wrote the article: no agencies, no editors, no sites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from archive.text.han import HAN, KANA_HANGUL
from archive.text.lines import letters
from crawler.extract.head import byline_zh
from crawler.extract.head.agreement import Candidate, Decision, believe
from crawler.extract.head.metadata import Json, Metadata
from crawler.extract.head.persons import is_full_name, persons, site_key
from crawler.extract.head.printed_names import in_lines, is_hidden, marked_names
from crawler.extract.outline import PageOutline
from crawler.extract.tree import SILENT

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
_BYLINE_CHARS, _HEAD_PARAGRAPHS, _LEAST_REST = 70, 3, 3
_JOINED_CHARS = 5  # " and ", " und "
_CJK = re.compile(f"[{HAN}{KANA_HANGUL}]")
_OWNED = re.compile(r"©|\(c\)|copyright|版权所有|版權所有", re.I)


def find_authors(
    page: PageOutline, metadata: Metadata, *, url: str, text: str, chinese: bool
) -> tuple[tuple[str, ...], str]:
    """Return the authors and what gave them (jsonld, meta, byline, text; `agreement`).

    Each source's persons are a candidate, JSON-LD's without its organisations; the most weight
    decides. A page that names an agency or itself to machines has no other author: lines further
    down belong to other articles. A name that only meta tags give, and that owns the page by its
    copyright line, is the publisher's.
    """
    found = _candidates(page, metadata, url=url, text=text, chinese=chinese)
    decision = believe(found, _are_same)
    tagged = decision is not None and all(c.origin == "meta" for c in decision.agreed)
    if decision and tagged and _own_the_page(decision.chosen.value, page, metadata):
        decision = believe([c for c in found if c not in decision.agreed], _are_same)
    if decision is None:
        return (), ""
    names = max((c.value for c in decision.agreed), key=lambda value: _completes(value, decision))
    return names, decision.evidence


Names = tuple[str, ...]
Claims = Iterator[tuple[str, float, Iterable[str]]]
_ACCOUNT = "/schema/person/"
_WITH_ACCOUNTS = ("markup", "element")
_EVIDENCE = {"markup": "byline", "element": "byline", "label": "meta"}


def _candidates(
    page: PageOutline, metadata: Metadata, *, url: str, text: str, chinese: bool
) -> list[Candidate[Names]]:
    avoid = _site_words(metadata, url)
    hidden = _hidden_accounts(page.tree, metadata)
    claims = _chinese_claims(page, metadata, text) if chinese else _claims(page, metadata)
    found: list[Candidate[Names]] = []
    # whether nobody is named; and whether so but for meta tags, which templates fill
    silent = untold = True
    for source, weight, claimed in claims:
        named = list(claimed)
        names = persons(named, avoid=avoid, accounts=source in _WITH_ACCOUNTS)
        if source in ("meta", "label"):
            names = tuple(filter(_is_full, names))  # no accounts
        uploaded = bool(names) and hidden.issuperset(map(letters, names))
        names = tuple(name for name in names if letters(name) not in hidden)
        if names:
            origin = _EVIDENCE.get(source, source)
            found.append(Candidate(value=names, origin=origin, weight=weight))
        stated = bool(named) and not uploaded
        silent, untold = silent and not stated, untold and not (stated and source != "meta")
    known = any(_is_full(name) for candidate in found for name in candidate.value)
    if not chinese and not known and (found or untold):
        lined = persons(in_lines(page, labelled=not silent), avoid=avoid)
        found += [Candidate(value=lined, origin="text", weight=1.0)] if lined else []
    if not found and not chinese and (over := persons(_over_text(text), avoid=avoid)):
        found.append(Candidate(value=over, origin="text", weight=1.0))
    return found


def _over_text(text: str) -> list[str]:
    """A short paragraph right over the first long one, of names alone that the text has no more.

    Those of persons that a text is about come back in it.
    """
    paragraphs = text.split("\n\n")
    long = (n for n, line in enumerate(paragraphs) if len(line) > _BYLINE_CHARS)
    place = next(long, 0)
    if not 0 < place <= _HEAD_PARAGRAPHS or len(paragraphs) < place + _LEAST_REST:
        return []
    line, said = paragraphs[place - 1], "\n".join(paragraphs[place:])
    names = persons([line])
    if not all(is_full_name(name) and name.split()[-1] not in said for name in names):
        return []
    between = sum(map(len, names)) + _JOINED_CHARS * (len(names) - 1)
    return [line] if len(line) <= between else []


def _is_full(name: str) -> bool:
    return " " in name or _CJK.search(name) is not None


def _are_same(one: Names, other: Names) -> bool:
    """Whether two bylines have a person in common; `Todd` is Todd Bates."""
    return any(_is_same(a, b) for a in one for b in other)


def _is_same(one: str, other: str) -> bool:
    if letters(one) == letters(other):
        return True
    shorter, longer = sorted((one.casefold().split(), other.casefold().split()), key=len)
    return len(shorter) == 1 and len(longer) > 1 and shorter[0] in (longer[0], longer[-1])


def _completes(names: Names, decision: Decision[Names]) -> tuple[int, int]:
    """How much more than the chosen candidate one that says the same tells, if it has it all."""
    chosen = decision.chosen.value
    whole = all(any(_is_same(name, other) for other in names) for name in chosen)
    return (len(names), sum(len(name.split()) for name in names)) if whole else (0, 0)


def _own_the_page(names: Names, page: PageOutline, metadata: Metadata) -> bool:
    stated = metadata.first("copyright", "dc.publisher", "dcterms.publisher", "publisher")
    publisher = metadata.article.get("publisher")
    named = str(publisher.get("name") or "") if isinstance(publisher, dict) else ""
    owners = [stated, named, *(text for _, text in _own_texts(page.tree) if _OWNED.search(text))]
    told = letters(" ".join(owners))
    return all(letters(name) in told for name in names)


def _claims(page: PageOutline, metadata: Metadata) -> Claims:
    yield "jsonld", 3.0, _from_jsonld(metadata)
    for name in _META:
        if claimed := metadata.meta.get(name):
            yield "meta", 2.0, claimed
    yield "label", 1.5, _labelled(metadata)
    by_standard, by_class = marked_names(page, itemprop="author" in metadata.microdata)
    yield "markup", 1.9, by_standard
    yield "byline", 1.8, by_class


def _chinese_claims(page: PageOutline, metadata: Metadata, text: str) -> Claims:
    yield "jsonld", 3.0, _from_jsonld(metadata)
    yield "text", 2.5, byline_zh.in_text(text)
    yield "byline", 2.4, byline_zh.in_page(page)
    yield "element", 1.2, byline_zh.in_authors_element(page)
    yield "meta", 1.1, byline_zh.in_meta(metadata)


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
        any(spelling in text for spelling in spellings) and not is_hidden(element)
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


def _labelled(metadata: Metadata) -> Iterator[str]:
    """`twitter:label1` "Written by" with `twitter:data1`, as WordPress sites have it."""
    for place in ("1", "2"):
        if _WRITTEN_BY.fullmatch(metadata.first(f"twitter:label{place}")):
            yield metadata.first(f"twitter:data{place}")
