"""A corpus page in other clothes, and without its article, as a list of others.

What the judge must hold for is pages of sites that nobody has seen, of which no name and no tag
helps, and those of the 2000s.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from lxml import etree
from lxml.html import HtmlElement

from archive.text.lines import letters

LAYOUTS = ("plain", "nameless", "old")
LISTS = ("emptied", "listed")
_NAMES = ("class", "id", "itemprop", "role")
_CLAIMS = ("og:type", "og:description", "description", "twitter:description", "og:title")
_DESCRIBED, _KINDS = 0.6, ("website", "website", "article")
_LEAST = 40  # letters of a block that is known again as the article's


def dressed(tree: HtmlElement, layout: str) -> HtmlElement:
    """The page in another layout, in place."""
    if layout in ("nameless", "old"):
        _without_names(tree)
    if layout == "old":
        _without_claims(tree)
        _in_breaks(tree)
    return tree


def _without_claims(tree: HtmlElement) -> None:
    """What the page says of itself to machines goes, but for its <title>."""
    for claim in list(tree.iter("script", "meta", "time")):
        named = (claim.get("property") or claim.get("name") or "").lower()
        is_claim = named in _CLAIMS or "published" in named or "date" in named
        if claim.get("type") == "application/ld+json" or is_claim or claim.tag == "time":
            claim.drop_tree()


def _without_names(tree: HtmlElement) -> None:
    for element in tree.iter(etree.Element):
        for name in _NAMES:
            element.attrib.pop(name, None)
        if element.tag in ("article", "main"):
            element.tag = "div"


def _in_breaks(tree: HtmlElement) -> None:
    """No <p>: every paragraph is a line that two <br> end; no HTML 5."""
    for element in list(tree.iter("section", "header", "aside", "nav", "footer", "figure")):
        element.tag = "div"
    for paragraph in list(tree.iter("p")):
        if paragraph.getparent() is None:
            continue
        first, second = (paragraph.makeelement("br") for _ in range(2))
        second.tail, paragraph.tail = paragraph.tail, None
        paragraph.addnext(second)
        paragraph.addnext(first)
        paragraph.drop_tag()


def listed(
    tree: HtmlElement, body: Sequence[str], teasers: Sequence[tuple[str, str]], seed: int
) -> HtmlElement:
    """The page without its article, in place: with `teasers` (headline, text) where that stood.

    What the page said of itself, as of an article, is taken out with it.
    """
    _without_claims(tree)
    chance = random.Random(seed)
    if teasers and chance.random() < _DESCRIBED and (top := tree.find(".//head")) is not None:
        about = chance.choice(teasers)
        etree.SubElement(top, "meta", name="description", content=about[chance.randrange(2)][:200])
        etree.SubElement(top, "meta", property="og:type", content=chance.choice(_KINDS))
    known = letters("".join(body))
    gone = [b for b in tree.iter("p", "div", "li", "td", "h2", "blockquote") if _is_of(b, known)]
    places = [(block.getparent(), block) for block in gone]
    if teasers and places and places[0][0] is not None:
        box = _box(teasers, chance)
        places[0][1].addprevious(box)
    for block in gone:
        if block.getparent() is not None:
            block.drop_tree()
    return tree


def _is_of(block: HtmlElement, known: str) -> bool:
    text = letters("".join(map(str, block.itertext())))
    return len(text) >= _LEAST and text in known


def _box(teasers: Sequence[tuple[str, str]], chance: random.Random) -> HtmlElement:
    """A list of teasers, in one of the forms that fronts have."""
    box = etree.Element("div")
    heading, excerpt = (
        chance.choice(("h2", "h3", "h4", "div", "b")),
        chance.choice(("p", "div", "p")),
    )
    cut = chance.choice((0, 60, 120, 200, 300, 300))
    dated, more, linked = (chance.random() < share for share in (0.5, 0.3, 0.2))
    item = chance.choice(("div", "li", "article"))
    holder = etree.SubElement(box, "ul") if item == "li" else box
    for number, (headline, text) in enumerate(teasers):
        card = etree.SubElement(holder, item)
        link = etree.SubElement(etree.SubElement(card, heading), "a", href=f"/n/{number}.html")
        link.text = headline
        if dated:
            etree.SubElement(card, "span").text = f"2024-05-{number % 28 + 1:02}"
        if cut:
            shown = etree.SubElement(card, excerpt)
            told = text if len(text) <= cut else f"{text[:cut]}…"
            if linked:
                etree.SubElement(shown, "a", href=f"/n/{number}.html").text = told
            else:
                shown.text = told
        if more:
            etree.SubElement(card, "a", href=f"/n/{number}.html").text = "Read more"
    return box
