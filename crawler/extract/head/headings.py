"""A page's first-level headings as headlines: without kickers, subtitles and mastheads."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from archive.text.lines import letters
from crawler.extract.tree import marks, visible_text
from crawler.text.addresses import absolute

_KICKER = re.compile(
    r"kicker|eyebrow|over-?line|over-?title|top-?line|top-?title|pre-?title|roof-?line|dachzeile"
    r"|spitzmarke|sub-?title|surtitre|antetitulo|occhiello|section|categor|rubri[ck]|topic|label",
    re.I,
)
_SUBTITLE = re.compile(
    r"sub-?(?:title|head|line)|untertitel|unterzeile|\bdec?k\b|standfirst|tag-?line|chapo|sottotitolo"
    r"|subt[ií]tulo|bajada|summary|副标题|副標題|(?:^|[\s_-])(?:date|time|author|byline)",
    re.I,
)
_MIN_TITLE_CHARS = 6
_LONGEST_HEADING = 220
_MOST_PIECES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a page says its title is, as letters: to machines (`told`), in its <title>, and the
    parts of both between separators."""

    told: frozenset[str]
    title: str
    parts: frozenset[str]


def headings(tree: Element, base: str, claims: Callable[[], Claims]) -> list[str]:
    """The headlines that a page's <h1> elements hold, without repeats.

    `claims` is asked where a heading has elements of its own: most have none.
    """
    elements = [element for element in tree.iter("h1") if not _is_masthead(element, base)]
    known = claims() if any(len(element) for element in elements) else _NO_CLAIMS
    found = (_headline(element, known) for element in elements)
    return [text for text in dict.fromkeys(found) if 4 <= len(text) <= _LONGEST_HEADING]


_NO_CLAIMS = Claims(told=frozenset(), title="", parts=frozenset())


def _is_masthead(element: Element, base: str) -> bool:
    """Whether the heading is the site's name: nothing but a link to its home page."""
    link = element.find(".//a[@href]")
    if link is None or letters(visible_text(link)) != letters(visible_text(element)):
        return False
    return urlsplit(absolute(base, link.get("href") or "-")).path in ("", "/")


def _headline(element: Element, claims: Claims) -> str:
    """A heading's text without the elements of its own that the site marks as something else.

    The part of it that a claim repeats is the headline; then its last child goes where it is a
    subtitle, and its first where it is a kicker. Either stays where a claim or the title repeats
    the whole, the kicker only where it is joined by a colon.
    """
    text = visible_text(element)
    if not len(element):
        return text
    pieces = _pieces(element)
    repeated = any(claim.startswith(letters(text)) for claim in (*claims.told, claims.title))
    if letters(text) not in claims.told:
        run = _claimed(pieces, claims.told)
        if not run and not repeated:
            run = _claimed_beside_marked(pieces, claims.parts)
        if run:
            return run
    if len(pieces) > 1 and not repeated and _is_subtitle(pieces[-1][1]):
        rest = _joined(pieces[:-1])
        text, pieces = (rest, pieces[:-1]) if len(rest) >= _MIN_TITLE_CHARS else (text, pieces)
    return _without_kicker(text, pieces, repeated=repeated)


Piece = tuple[str, Element | None]  # what stands in a child of the heading, or between two


def _pieces(element: Element) -> list[Piece]:
    """The heading's text by its children; a child that holds all of it is looked into."""
    while len(element) == 1 and not (element.text or "").strip():
        only = element[0]
        if (only.tail or "").strip() or not len(only):
            break
        element = only
    found: list[Piece] = [((element.text or "").strip(), None)]
    for child in element:
        found += [(visible_text(child), child), ((child.tail or "").strip(), None)]
    return [(" ".join(text.split()), node) for text, node in found if text.strip()]


def _claimed(pieces: list[Piece], claims: Collection[str]) -> str:
    """The longest run of pieces that says what a claim says."""
    return next((run for run, _ in _runs(pieces) if letters(run) in claims), "")


def _claimed_beside_marked(pieces: list[Piece], parts: Collection[str]) -> str:
    """A run that is a part of a claim, where all that is left of the heading is marked."""
    for run, rest in _runs(pieces):
        if letters(run) in parts and all(_is_marked(piece) for piece in rest):
            return run
    return ""


def _runs(pieces: list[Piece]) -> list[tuple[str, list[Piece]]]:
    """Every run of pieces but the whole, the longest first, with what is left."""
    count = min(len(pieces), _MOST_PIECES)
    spans = [(start, end) for start in range(count) for end in range(start + 1, count + 1)]
    found = [
        (_joined(pieces[start:end]), pieces[:start] + pieces[end:])
        for start, end in spans
        if end - start < len(pieces)
    ]
    return sorted(
        ((run, rest) for run, rest in found if len(letters(run)) >= _MIN_TITLE_CHARS),
        key=lambda found: -len(found[0]),
    )


def _joined(pieces: list[Piece]) -> str:
    return " ".join(text for text, _ in pieces).strip(":-–|·/ ")


def _is_marked(piece: Piece) -> bool:
    text, node = piece
    return not letters(text) or _is_subtitle(node) or _is_kicker(node)


def _is_subtitle(node: Element | None) -> bool:
    return node is not None and (node.tag == "small" or bool(_SUBTITLE.search(marks(node))))


def _is_kicker(node: Element | None) -> bool:
    return node is not None and bool(_KICKER.search(marks(node)))


def _without_kicker(text: str, pieces: list[Piece], *, repeated: bool) -> str:
    if len(pieces) < 2 or not _is_kicker(pieces[0][1]):
        return text
    headline = _joined(pieces[1:])
    joined = ":" in text[: len(text) - len(headline)]
    return text if len(headline) < _MIN_TITLE_CHARS or (joined and repeated) else headline
