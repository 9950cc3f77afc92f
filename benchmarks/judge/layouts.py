"""A corpus page in other clothes, and without its article, as a list of others.

What the judge must hold for is pages of sites that nobody has seen, of which no name and no tag
helps, and those of the 2000s.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.text.lines import letters
from crawler.extract.tree import parse_html

LAYOUTS = ("plain", "nameless", "old")
LISTS = ("emptied", "listed")
BARE = "bare"
_NAMES = ("class", "id", "itemprop", "role")
_CLAIMS = ("og:type", "og:description", "description", "twitter:description", "og:title")
_DESCRIBED, _KINDS = 0.6, ("website", "website", "article")
_LEAST = 40  # letters of a block that is known again as the article's
_RENAMED, _SECTION_CHARS = 0.7, (2, 24)


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


def bare(tree: HtmlElement, body: Sequence[str], title: str, chance: random.Random) -> HtmlElement:
    """The article alone, or its beginning, as a page without a template shows it: it claims
    nothing; that it has no menu, day or headline, or a list of headlines beside it, tells nothing.
    """
    links = [" ".join("".join(map(str, link.itertext())).split()) for link in tree.iter("a")]
    low, high = _SECTION_CHARS
    names = [name for name in links if low <= len(name) <= high] or ["News"]
    headlines = [name for name in links if len(name) > high]
    root = etree.Element("html")
    shown = title if chance.random() < 0.6 else chance.choice(names)
    if shown and chance.random() < 0.9:
        etree.SubElement(etree.SubElement(root, "head"), "title").text = shown
    top = etree.SubElement(root, "body")
    _put_links(top, names, chance.choice((0, 0, 4, 12)), chance)
    above, below = chance.choice(((0, 0), (0, 0), (0, 12), (20, 0), (6, 6)))
    _put_links(top, headlines, above, chance)
    if title and chance.random() < 0.6:
        etree.SubElement(top, "h1").text = title
    kind = chance.choice(("", "article", "div", "div"))
    box = etree.SubElement(top, kind) if kind else top
    is_old = chance.random() < 0.3
    for line in body[: chance.choice((1, 2, 3, 4, 6, 100))]:
        etree.SubElement(box, "span" if is_old else "p").text = line
        if is_old:
            etree.SubElement(box, "br")
    _put_links(top, headlines, below, chance)
    return reparsed(root)


def _put_links(box: HtmlElement, texts: Sequence[str], count: int, chance: random.Random) -> None:
    """Links whose addresses have one form, the page's own or another."""
    form = chance.choice(
        ("/news/a[n].html", "/n/[n].html", "/2024/05/[n]/", "/x/one-two-three-[n]")
    )
    for text in chance.sample(texts, min(len(texts), count)):
        item = etree.SubElement(box, "li")
        address = form.replace("[n]", str(chance.randrange(10, 9_000)))
        etree.SubElement(item, "a", href=address).text = text


def reparsed(tree: HtmlElement) -> HtmlElement:
    """The tree as a page that is read."""
    again = parse_html(etree.tostring(tree, encoding="unicode", method="html"))
    assert again is not None
    return again


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
    if teasers and chance.random() < _RENAMED:
        _rename(tree, chance)
    if teasers and places and places[0][0] is not None:
        box = _box(teasers, chance)
        places[0][1].addprevious(box)
    for block in gone:
        if block.getparent() is not None:
            block.drop_tree()
    return tree


def _rename(tree: HtmlElement, chance: random.Random) -> None:
    """Head the page by one of its own sections, as its menu calls it."""
    low, high = _SECTION_CHARS
    names = [" ".join("".join(map(str, link.itertext())).split()) for link in tree.iter("a")]
    names = [name for name in names if low <= len(name) <= high]
    if not names:
        return
    name = chance.choice(names)
    for heading in list(tree.iter("h1", "title"))[:2]:
        site = (heading.text or "").rpartition("|")[2] if heading.tag == "title" else ""
        for child in list(heading):
            child.drop_tree()
        heading.text = f"{name} | {site}" if site else name


def list_address(address: str, seed: int) -> str:
    """An address that a list has where the article has this one: mostly of the folder above it."""
    chance, parts = random.Random(seed), urlsplit(address)
    above = [part for part in parts.path.split("/") if part][:-1]
    above = [part for part in above if not any(sign.isdigit() for sign in part)]
    folder = "/".join(["", *above, ""])
    number = chance.randrange(10, 90_000)
    paths = (
        *(folder, folder, folder, folder.rstrip("/") or "/", f"{folder}index.html"),
        *(f"{folder}page/{number % 40}/", f"{folder}list-{number}.html", f"/topics/{number}"),
        *(f"{folder}2024/05/", f"/tag/what-is-next-for-{number % 90}", parts.path),
    )
    return urlunsplit((parts.scheme, parts.netloc, chance.choice(paths), "", ""))


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
