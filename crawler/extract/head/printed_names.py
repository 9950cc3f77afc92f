"""The names that a page prints as its byline: by a standard's markup, by classes, by a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from itertools import islice, pairwise

from lxml.etree import _Element as Element

from crawler.extract.head.persons import (
    BY,
    is_account,
    is_full_name,
    persons,
    unglued,
    without_place,
)
from crawler.extract.outline import PageOutline
from crawler.extract.tree import BLOCKS, SILENT, first_text, marks, select
from crawler.text.dates import find_moments

_ELSEWHERE = re.compile(
    r"(?<!no-)comment(?!s?-(?:open|closed|status|off|count))|reply|related|listing|(?<![a-z]-)sidebar|teaser|recommend|author-bio|newsletter|popular"
    r"|caption|credit(?!s\b)|licen[cs]e|copyright|most-read|promo",
    re.I,
)
_FRAMES = ("html", "body", "article", "main")  # "comments-open" is no comment
_APART = ("figure", "figcaption", "aside", "nav", "form")
_CAPITAL = r"[A-ZÀ-ÞŠŽ][\w.'’-]*"
_LATIN_NAME = (
    rf"{_CAPITAL}(?: (?:de|la|van|von|der|den|di|da|dos|del|bin|al))*(?: {_CAPITAL}){{1,3}}"
)
_LABEL = (
    r"(?:(?:an?|ein|das|une?)\s+)?(?:interview|gastbeitrag|analyse|essay|kolumne|reportage)"
    r"\s+(?:von|de)"
    r"|(?:(?:an?|the)\s+)?(?:analysis|opinion|commentary|essay|column|interview|story|review)\s+by"
    r"|(?:(?:written|posted|published|reported|reporting|compiled|words|story|text|report)\s+)?by"
    r"|authors?|author\(s\)|writers?|reporter|text(?:\s+von|e\s+de)?|von"
    r"|(?:geschrieben|verfasst) von"
    r"|autor(?:in(?:nen)?|en|es|as|a)?(?:\s?[/:*_·]\s?(?:autor(?:in|a)?|in(?:nen)?|r|a))?"
    r"|verfasser(?:in)?|redakteur(?:in)?|auteur(?:e|s)?|autrice|autor[ei]"
    r"|(?:publié |écrit |rédigé )?par"
    r"|(?:escrito |publicado )?por|(?:scritto )?da|di|door|av|skrevet av|tekst|redactor(?:a)?"
)
_LINE = re.compile(
    rf"(?i:{_LABEL})(?:\s*[:：]\s*|\s+)"
    rf"(?P<n>{_LATIN_NAME}(?:(?:, | and | und | et | y | & | / ){_LATIN_NAME}){{0,3}})"
    r"(?:\s*[,|–—(•·-].{0,60}|\s+(?:Illustration|Fotos?|Photos?|Fotografie|Bilder)\b.{0,60}"
    r"|\s+\d.{0,40}|\s+(?:am|on|in|at|for|le|el|il|um)\b.{0,60})?"
)
_POSTED_BY = re.compile(  # an account has one word
    r"(?:[Pp]osted|[Ww]ritten|[Pp]ublished|[Vv]erfasst|[Gg]eschrieben) (?:by|von):?"
    r" (?P<n>[A-Z]\w{2,29})"
    r"(?:\s*[,|@–—•·-].{0,40}|\s+(?:am|on|in|at|um)\b.{0,40})?"
)
_BARE_LABEL = re.compile(rf"(?:{_LABEL})\s*[:：]?", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_POSTED = re.compile(r"(?:posted|published)\b.{0,40}?\bby\s+(?P<n>.{3,60})", re.I)
_AUTHOR_MARK = re.compile(
    r"(?:^|[\s_-])(?:authors?(?:name)?|autor(?:en|es)?|auteurs?|autore|byline|bylines|verfasser|redacteur"
    r"|writers?|reporter|journalist|contributor|wrote)(?:$|[\s_-]|\d)",
    re.I,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_IN_NAMES = re.compile(r"\s[|•·–—-]\s|\s*\||\n|\s(?=\d)")
_HANGING = re.compile(r"\s+(?:on|at|in|am|um|im|le|el|il|@)$")  # the day was cut off
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PARTS = re.compile(r"\s*[|·•]\s*|\s+[-–—/]\s+")
_TWO_WORDS = re.compile(rf"{_CAPITAL}(?: [A-Z]\.)? {_CAPITAL}")
_MAX_LINES, _DATED_LINES = 500, 3
_MAX_PRINTED_CHARS, _MAX_LINE_CHARS = 120, 160
_MOST_MARKED, _MAX_LABEL_CHARS = 40, 20


def marked_names(page: PageOutline, *, itemprop: bool) -> tuple[list[str], list[str]]:
    """The names in elements that say by a standard (rel, itemprop, hCard) that they are the
    author's, and those in elements that the site's own classes call so.

    `itemprop`: whether the page has one for its author, which is known.
    """
    body = page.body
    if body is None:
        return [], []
    standard = [link for link in body.iter("a", "span") if link.get("rel") == "author"]
    if itemprop:
        standard += select(body, 'descendant::*[@itemprop="author"]')
    wanted = page.named(lambda name, key: _names_author(name) or _names_author(key))
    named = [element for element in wanted if element is not body]
    for element in named:
        name = element.get("class") or ""
        if "vcard" in name and "author" in name:
            standard.append(element)
    people = [person for element in standard for person in _people(element)]
    by_standard = list(_printed(people, accounts=True))
    return by_standard, list(_printed(named[:_MOST_MARKED], accounts=False))


def _people(element: Element) -> list[Element]:
    inner = select(element, 'descendant::*[@itemprop="name"]')
    return inner if element.get("itemprop") == "author" and inner else [element]


def _names_author(name: str) -> bool:
    plain = name.lower()
    # nearly all end here, in a tenth of the time that the expression takes
    if not (
        "aut" in plain or "byline" in plain or "write" in plain or "report" in plain
        or "journalist" in plain or "contrib" in plain or "verf" in plain or "redac" in plain
        or "wrote" in plain
    ):  # fmt: skip
        return False
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
    if not 3 < len(first_text(element, _MAX_PRINTED_CHARS)) < _MAX_PRINTED_CHARS:
        return ()
    labelled = False
    for line in _lines_apart(element):
        if _BARE_LABEL.fullmatch(line):
            labelled = True
            continue
        posted = _POSTED.search(line)
        bare = BY.sub("", posted["n"] if posted else line)
        labelled = labelled or bare != line
        part = _HANGING.sub("", without_place(_NOT_IN_NAMES.split(bare)[0].strip(" :")))
        names = persons([part])
        if names and _are_words(names, part):
            return ()
        if names and (single or labelled or all(map(is_full_name, names))):
            return names
        if names:
            return ()
        if (single or labelled) and is_account(part):
            return (part,)
        if labelled and part:
            return ()  # a desk, and what follows it are sections
    return ()


def _are_words(names: tuple[str, ...], part: str) -> bool:
    """Whether they are single words of a longer list: its sections or brands, no names."""
    return part.isascii() and names != (part,) and not any(" " in name for name in names)


def _lines_apart(element: Element) -> list[str]:
    """The element's lines; where two elements meet without white space, a line ends too.

    So a label, a name and a day that only a style parts are told apart.
    """
    pieces: list[str] = []
    pending: list[Element | str] = [element]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            _add_piece(pieces, node)
            continue
        if not isinstance(node.tag, str) or node.tag in SILENT:
            continue
        ends = "\n" if node.tag in BLOCKS else ""
        pieces.append(ends)
        pending.append(ends)
        _add_piece(pieces, node.text or "")
        for child in reversed(node):
            pending += [child.tail or "", child]
    return [line for raw in "".join(pieces).split("\n") if (line := " ".join(raw.split()))]


def _add_piece(pieces: list[str], text: str) -> None:
    if text == "\n":  # a block's end; white space of the source is a space
        pieces.append(text)
    elif text:
        before = next((piece for piece in reversed(pieces) if piece), " ")
        meets = (before[-1].islower() or before[-1].isdigit()) and not text[0].islower()
        pieces.append("\n" if meets and text[0].isalnum() else "")
        pieces.append(re.sub(r"\s", " ", text))


def in_lines(page: PageOutline, *, labelled: bool) -> list[str]:
    """The first line of the page that is a byline, else a name beside the day.

    `labelled`: the latter is not enough.
    """
    found = page.lines[:_MAX_LINES]
    return _byline(found) or ([] if labelled else _beside_date(found))


def _byline(found: list[str]) -> list[str]:
    """Such as "By Ann Lee and Bo Ek", in one line or two."""
    for before, line in pairwise(["", *found]):
        if len(line) >= _MAX_LINE_CHARS:
            continue
        labelled = len(before) <= _MAX_LABEL_CHARS and _BARE_LABEL.fullmatch(before)
        whole = f"{before} {line}" if labelled else unglued(line)
        match = _LINE.fullmatch(whole) or _POSTED_BY.fullmatch(whole)
        if match and persons([match["n"]]):
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
    if is_hidden(element):
        return True
    for node in (element, *element.iterancestors()):
        if node.tag in _FRAMES:
            continue
        if node.tag in _APART:
            return True
        if _ELSEWHERE.search(marks(node)):
            return node.find(".//h1") is None  # what holds the headline too is no margin
    return False


def is_hidden(element: Element) -> bool:
    """Whether a style hides it: themes say so to machines who uploaded the text."""
    around = (element, *element.iterancestors())
    return any(_HIDDEN.search(node.get("style") or "") for node in around) or any(
        "snippet-hidden" in marks(node) for node in around
    )
