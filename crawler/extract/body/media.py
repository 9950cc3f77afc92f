"""Images, videos and sound go back to where they stood among the extracted blocks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from lxml import etree
from lxml.etree import _Element as Element

from archive.text.lines import letters
from crawler.extract.body.images import (
    claimed_images,
    edition_key,
    image_address,
    is_without_address,
    shown_image,
)
from crawler.extract.tree import (
    BLOCKS,
    LINE_END,
    MEDIUM,
    SILENT,
    cut_lines,
    marks,
    text_sheet,
    visible_text,
    whole_text,
)
from crawler.text.addresses import absolute, same_site

_Run: TypeAlias = "tuple[int, int, _Run | None]"  # the last line, its block, the run before them

_IMAGES = frozenset({"img", "amp-img"})
_EMBEDS = frozenset({"iframe", "video", "audio", "amp-youtube", "amp-iframe"})
_MEDIA = _IMAGES | _EMBEDS
_UNREAD = SILENT | _EMBEDS
_FLOW = text_sheet(
    ends_line=BLOCKS,
    silent=SILENT - _EMBEDS - {"noscript"},
    more=f"""
  <xsl:template match="{"|".join(_IMAGES)}">
    <xsl:text>{LINE_END}{MEDIUM}</xsl:text><xsl:apply-templates/><xsl:text>{LINE_END}</xsl:text>
  </xsl:template>
  <xsl:template match="{"|".join(_EMBEDS)}">
    <xsl:text>{LINE_END}{MEDIUM}{LINE_END}</xsl:text>
  </xsl:template>
  <!-- the image that a browser without scripts would show -->
  <xsl:template match="noscript">
    <xsl:for-each select="{"|".join(f".//{tag}" for tag in _IMAGES)}">
      <xsl:text>{MEDIUM}</xsl:text>
    </xsl:for-each>
  </xsl:template>""",
)
_PLAYER = re.compile(
    r"youtube|youtu\.be|vimeo|dailymotion|bilibili|youku|ixigua|v\.qq\.com|soundcloud|spotify"
    r"|podcast|brightcove|jwplayer|jwplatform|/(?:video|audio|player|embed)s?\b|\.(?:mp4|m3u8|mp3)\b",
    re.I,
)
_OTHERS = frozenset({"nav", "footer", "aside", "form"})
_WRAPPERS = frozenset({"picture", "source"})  # libxml2 puts what follows a <source> into it
_TEXT_BLOCKS = frozenset({"p", "head", "quote", "item", "cell", "code"})
_KEY_CHARS, _BEGIN = 40, 3
_SAME_LINES = 40  # blocks that one of many like lines may have become
_READINGS = 2  # of a text that the page has twice
_NEAR_LINES = 3  # caption, credit and byline may stand between
MAX_MEDIA = 200  # of an article; the corpus' longest gallery has 92 pictures
_TEASER_CHARS = 12  # an image whose link has a headline elsewhere is another article's
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)|^(?:#|javascript:)", re.I)
_PERSONS_AND_PROMOTION = re.compile(
    r"author|autor|byline|(?<!has-)profile|related|recommend|teaser|promo|newsletter|sidebar|taboola"
    r"|outbrain|sponsor|advert|membership|(?<![a-z])ads?(?![a-z])",
    re.I,
)
_CLIMB = 3  # an outer box is named after all that is in it


def place_media(body: Element, source: Element, base: str, title: str) -> tuple[str, ...]:
    """Put the source's media back among the extracted blocks; return the images' addresses.

    trafilatura told to keep images also keeps galleries, teasers and captions around them (it
    costs a point of F1), so it extracts the text alone and every image goes after the kept
    block that it followed in the page, or before the first one. An image further than a few
    lines from any kept block is not the article's, unless it stands under the headline or the
    page names it as the article's (og:image). A video or a sound becomes a link to it.
    """
    media = list(_media(source))
    if not media:
        return ()
    kept, blocks = _kept_lines(body)
    headline = letters(title)[:_KEY_CHARS]
    nodes = _flow(source, media, kept, headline)
    claimed = claimed_images(source)
    nearness = _near(nodes, kept, headline)
    near = [n for n, is_near in zip(nodes, nearness, strict=True) if is_near]
    headlines = _headline_links(source, (n for n in near if not isinstance(n, str)), base)
    stands = _stands(nodes, kept)
    here = shown = -1  # the blocks that stand before, and before the last medium
    anchor: Element | None = None
    placed: dict[str, str] = {}
    for place, (node, is_near) in enumerate(zip(nodes, nearness, strict=True)):
        if len(placed) >= MAX_MEDIA:
            break
        if isinstance(node, str):
            if (stand := stands.get(place, -1)) >= max(shown, 0):
                if here < 0 or blocks[stand] is not blocks[here]:
                    anchor = blocks[stand]
                here = stand
            continue
        is_own = is_near and _is_own(node, headlines)
        block = _block(node, base, is_own, claimed)
        for part in _parts(node, block, base, kept, placed) if block or is_own else ():
            anchor, shown = _insert(body, anchor, part), here
    return tuple(filter(None, placed.values()))


def _kept_lines(body: Element) -> tuple[dict[str, list[int]], list[Element]]:
    """Where each line's key stands among the blocks of the body; lines that open alike by all."""
    lines = [(line, top) for top in body for line in _lines(top)]
    kept: dict[str, list[int]] = {}
    for place, (line, _) in enumerate(lines):
        kept.setdefault(_key(line), []).append(place)
    for places in [places for places in kept.values() if len(places) > 1]:
        for whole, place in [(letters(lines[place][0]), place) for place in places]:
            if len(whole) > _KEY_CHARS:
                kept.setdefault(whole, []).append(place)
    return kept, [top for _, top in lines]


def _stands(nodes: list[str | Element], kept: dict[str, list[int]]) -> dict[int, int]:
    """By the place of a node that is a line, the block that it became: both in one order.

    A line that a summary told before, or a paragraph that opens as others do, leads nowhere by
    itself: what counts is the longest run that stands in one order in the page and in the body.
    Where the page goes on with the text once more, its lines are read once more.
    """
    found: dict[int, int] = {}
    for _ in range(_READINGS):
        run = _longest_run(nodes, kept, max(found, default=-1) + 1)
        found.update(run)
    return found


def _longest_run(
    nodes: list[str | Element], kept: dict[str, list[int]], start: int
) -> dict[int, int]:
    """The longest common subsequence of lines and blocks, the earliest (Hunt and Szymanski)."""
    ends: list[int] = []  # by length, the lowest block that a run can end with
    runs: list[_Run] = []
    seen: Counter[str] = Counter()
    for place, node in enumerate(islice(nodes, start, None), start):
        if not isinstance(node, str) or node not in kept:
            continue
        last = len(kept[node]) - _SAME_LINES // 2
        first = max(0, min(seen[node], last) - _SAME_LINES // 2)
        seen[node] += 1
        for block in reversed(kept[node][first : first + _SAME_LINES]):
            length = bisect_left(ends, block)
            if length < len(ends) and ends[length] == block:
                continue
            ends[length : length + 1] = [block]
            runs[length : length + 1] = [(place, block, runs[length - 1] if length else None)]
    found: dict[int, int] = {}
    run = runs[-1] if runs else None
    while run is not None:
        place, block, run = run
        found[place] = block
    return found


def _parts(
    node: Element,
    block: tuple[str, Element] | None,
    base: str,
    kept: dict[str, list[int]],
    placed: dict[str, str],
) -> Iterator[Element]:
    """The medium's block and caption, each noted in `placed`; without an address, the caption."""
    if block is None:
        caption = _caption(node, kept) if _is_lost(node, base) else None
        if caption is not None and (told := whole_text(caption)) not in placed:
            placed[told] = ""
            yield caption
    elif (key := edition_key(block[0])) not in placed:
        placed[key] = block[0] if block[1].tag == "graphic" else ""
        yield block[1]
        if (caption := _caption(node, kept)) is not None:
            yield caption


def _near(nodes: list[str | Element], kept: dict[str, list[int]], headline: str) -> list[bool]:
    before = _distances(nodes, kept)
    after = _distances(nodes[::-1], kept)[::-1]
    headed = _under_headline(nodes, kept, headline)
    inside = _between_blocks(nodes, kept)
    return [
        min(b, a) <= _NEAR_LINES
        or place in headed
        or (place in inside and _is_figure(nodes[place]))
        for place, (b, a) in enumerate(zip(before, after, strict=True))
    ]


def _between_blocks(nodes: list[str | Element], kept: dict[str, list[int]]) -> range:
    """The places from the body's first block to its last: captions fill a gallery's lines."""
    places = [n for n, node in enumerate(nodes) if isinstance(node, str) and node in kept]
    return range(places[0], places[-1]) if places else range(0)


def _is_figure(node: str | Element) -> bool:
    return not isinstance(node, str) and any(True for _ in node.iterancestors("figure", "picture"))


def _under_headline(nodes: list[str | Element], kept: dict[str, list[int]], headline: str) -> range:
    """The places between the headline and the first block of the body."""
    first = next((n for n, node in enumerate(nodes) if isinstance(node, str) and node in kept), 0)
    heads = [n for n in range(first) if headline and _opening(nodes[n]) == headline]
    return range(heads[-1], first) if heads else range(0)


def _opening(node: str | Element) -> str:
    return node[:_KEY_CHARS] if isinstance(node, str) else ""


def _block(
    node: Element, base: str, is_own: bool, claimed: frozenset[str]
) -> tuple[str, Element] | None:
    """The address and the Markdown element of a medium that is the article's."""
    if node.tag in _EMBEDS:
        found = _embedded(node) if is_own else ""
        address = absolute(base, found) if found else ""
        return (address, _link(node, address)) if address else None
    if not is_own and not _may_be_claimed(node, claimed):
        return None
    address = shown_image(node, base)
    if not address or (edition_key(address) not in claimed and not is_own):
        return None
    alt = " ".join((node.get("alt") or "").split())
    return address, etree.Element("graphic", src=address, alt=alt)


def _is_lost(node: Element, base: str) -> bool:
    """Whether no image of a figure has an address: its caption stays."""
    figure = next(node.iterancestors("figure"), None)
    if node.tag not in _IMAGES or figure is None or not is_without_address(node, base):
        return False
    return not any(shown_image(image, base) for image in figure.iter(*_IMAGES))


def _may_be_claimed(image: Element, claimed: frozenset[str]) -> bool:
    """By the file's name alone: to resolve the address of each of a page's images costs 1 ms."""
    name = edition_key(image_address(image)).rpartition("/")[2] if claimed else ""
    return any(claim.endswith(name) for claim in claimed)


def _headline_links(source: Element, media: Iterable[Element], base: str) -> frozenset[str]:
    """Where the links lead that have a headline in one place and a medium in another."""
    linked = {a.get("href") or "" for medium in media for a in medium.iterancestors("a")}
    linked = {href for href in linked if not _PICTURE_FILE.search(href) and _is_inside(href, base)}
    links = ((a.get("href") or "", a) for a in source.iter("a")) if linked else ()
    return frozenset(
        href for href, a in links if href in linked and len(visible_text(a)) >= _TEASER_CHARS
    )


def _is_inside(href: str, base: str) -> bool:
    """Whether a link stays on the site: what is shown with a link to a shop is the article's."""
    return same_site(absolute(base, href) or base, base)


def _is_own(medium: Element, headlines: frozenset[str]) -> bool:
    """Whether a medium is neither in the page's margins nor the picture of a linked headline."""
    around = (node for node in medium.iterancestors() if node.tag not in _WRAPPERS)
    for height, node in enumerate(around):
        if node.tag in _OTHERS or (node.tag == "a" and node.get("href") in headlines):
            return False
        if height < _CLIMB and _PERSONS_AND_PROMOTION.search(marks(node)):
            return False
    return True


def _embedded(node: Element) -> str:
    source = node.find("source[@src]")
    candidates = [node.get(name) for name in ("src", "data-src", "data-lazy-src")]
    candidates.append(source.get("src") if source is not None else None)
    if video := node.get("data-videoid"):
        candidates.append(f"https://www.youtube.com/watch?v={video}")
    return next((c for c in candidates if c and _PLAYER.search(c)), "")


def _link(node: Element, address: str) -> Element:
    paragraph = etree.Element("p")
    link = etree.SubElement(paragraph, "ref", target=address)
    kind = "Audio" if node.tag == "audio" else "Video"
    link.text = " ".join((node.get("title") or kind).split())
    return paragraph


def _caption(medium: Element, kept: dict[str, list[int]]) -> Element | None:
    """The figure's caption in italics, unless the body has it already."""
    figure = next(medium.iterancestors("figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    text = visible_text(caption) if caption is not None else ""
    if not text or letters(text)[:_KEY_CHARS] in kept:
        return None
    paragraph = etree.Element("p")
    etree.SubElement(paragraph, "hi", rend="#i").text = text[:500]
    return paragraph


def _lines(block: Element) -> list[str]:
    texts = (whole_text(b) for b in block.iter(*_TEXT_BLOCKS))
    return [text for text in texts if _key(text)]


def _flow(
    source: Element, media: list[Element], kept: dict[str, list[int]], headline: str
) -> list[str | Element]:
    """The page's lines, as keys, and its media between them; as '' a line that begins like no kept
    one: to make a key of each costs more than all the rest."""
    shown = iter(media)
    begins = {key[:_BEGIN] for key in (*kept, headline)}
    nodes: list[str | Element] = []
    for raw in cut_lines(_FLOW, source):
        line = raw.strip()
        if MEDIUM in line:
            nodes += islice(shown, line.count(MEDIUM))
            line = line.replace(MEDIUM, "").strip()
        if (begin := line[:_BEGIN]).isalpha() and begin.casefold()[:_BEGIN] not in begins:
            nodes.append("")
        elif line and (key := _key(line)):
            opens_alike = len(kept.get(key, ())) > 1
            nodes.append(whole if opens_alike and (whole := letters(line)) in kept else key)
    return nodes


def _media(source: Element) -> Iterator[Element]:
    """The media that a reader sees; of those in <noscript> the images, without scripts shown."""
    for medium in source.iter(*_MEDIA):
        if not (around := list(medium.iterancestors(*_UNREAD))) or (
            around[-1].tag == "noscript" and medium.tag in _IMAGES
        ):
            yield medium


def _key(line: str) -> str:
    begin = letters(line[: 2 * _KEY_CHARS])[:_KEY_CHARS]
    if len(begin) == _KEY_CHARS or len(line) <= 2 * _KEY_CHARS:
        return begin
    return letters(line[: 4 * _KEY_CHARS])[:_KEY_CHARS]


def _distances(nodes: list[str | Element], kept: dict[str, list[int]]) -> list[int]:
    """For every node, how many lines ago a kept block, or a figure beside one, ended."""
    distances, distance = [], _NEAR_LINES + 1
    for node in nodes:
        if isinstance(node, str):
            distance = 0 if node in kept else distance + 1
        elif distance <= _NEAR_LINES and _is_figure(node):
            distance = 0  # a gallery: each figure carries the next
        distances.append(distance)
    return distances


def _insert(body: Element, anchor: Element | None, block: Element) -> Element:
    if anchor is None:
        body.insert(0, block)
        return block
    anchor.addnext(block)
    block.tail, anchor.tail = anchor.tail, None
    return block
