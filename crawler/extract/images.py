"""Images: lazy ones made plain, addresses absolute, and which one leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract.metadata import Metadata, absolute
from crawler.extract.tree import BLOCKS, SILENT, letters, marks

_LAZY = (
    "data-original", "data-src", "data-lazy-src", "data-lazy", "data-actualsrc", "data-url",
    "data-original-src", "data-hi-res-src", "data-image", "original", "_src", "file",
)  # fmt: skip
_SETS = ("data-srcset", "srcset", "data-lazy-srcset")
_BLANK = re.compile(
    r"^data:|blank\.|placeholder|spacer|pixel\.|1x1|loading\.|lazyload|grey\.gif|transparent", re.I
)
_FURNITURE = re.compile(
    r"logo|icon|avatar|sprite|qrcode|qr_code|erweima|badge|emoji|tracking", re.I
)

_TEXT_BLOCKS = frozenset({"p", "head", "quote", "item", "cell", "code"})
_KEY_CHARS = 40
_NEAR_LINES = 3  # caption, credit and byline may stand between


def place_images(body: Element, source: Element, base: str) -> tuple[str, ...]:
    """Put the source's images back among the extracted blocks; return their addresses.

    trafilatura told to keep images also keeps galleries, teasers and captions around them (it
    costs a point of F1), so it extracts the text alone and every image goes after the kept
    block that it followed in the page, or before the first one. An image further than a few
    lines from any kept block is not the article's.
    """
    kept = {key: top for top in body for key in _keys(top)}
    nodes = list(_flow(source))
    following = _distances(nodes[::-1], kept)[::-1]
    anchor: Element | None = None
    placed: dict[str, None] = {}
    for node, before, after in zip(nodes, _distances(nodes, kept), following, strict=True):
        if isinstance(node, str):
            anchor = kept.get(node, anchor)
        elif min(before, after) <= _NEAR_LINES and (address := _shown(node, base)):
            if address not in placed:
                anchor = _insert(body, anchor, address, node.get("alt") or "")
            placed[address] = None
    return tuple(placed)


def _keys(block: Element) -> list[str]:
    pieces = ["".join(map(str, b.itertext())) for b in block.iter() if b.tag in _TEXT_BLOCKS]
    return [key for piece in pieces if (key := letters(piece)[:_KEY_CHARS])]


def _flow(source: Element) -> Iterator[str | Element]:
    """The page's lines, as keys, and its images between them."""
    line: list[str] = []
    pending = [(source, False)]
    while pending:
        node, is_tail = pending.pop()
        if not isinstance(node.tag, str) or (node.tag in SILENT and not is_tail):
            continue
        if node.tag in BLOCKS or node.tag == "img":
            if key := letters("".join(line))[:_KEY_CHARS]:
                yield key
            line = []
        if node.tag == "img" and not is_tail:
            yield node
        line.append((node.tail if is_tail else node.text) or "")
        if not is_tail:
            for child in reversed(node):
                pending += [(child, True), (child, False)]
    yield letters("".join(line))[:_KEY_CHARS]


def _distances(nodes: list[str | Element], kept: dict[str, Element]) -> list[int]:
    """For every node, how many lines ago a kept block ended."""
    distances, distance = [], _NEAR_LINES + 1
    for node in nodes:
        if isinstance(node, str):
            distance = 0 if node in kept else distance + 1
        distances.append(distance)
    return distances


def _insert(body: Element, anchor: Element | None, address: str, alt: str) -> Element:
    graphic = etree.Element("graphic", src=address, alt=" ".join(alt.split()))
    if anchor is None:
        body.insert(0, graphic)
        return graphic
    anchor.addnext(graphic)
    graphic.tail, anchor.tail = anchor.tail, None
    return graphic


def _shown(image: Element, base: str) -> str:
    """The absolute address of an image that is content; '' for icons and trackers."""
    address = absolute(base, image_address(image))
    named = f"{address} {marks(image)}"
    return "" if _is_tracker(image) or _FURNITURE.search(named) else address


def image_address(image: Element) -> str:
    """The address a browser would show at last: the lazy one, else src, else the largest."""
    for name in _LAZY:
        value = (image.get(name) or "").strip()
        if value and not _BLANK.search(value) and " " not in value:
            return value
    source = (image.get("src") or "").strip()
    if source and not _BLANK.search(source):
        return source
    return next((a for name in _SETS if (a := _largest((image.get(name) or "")[:4000]))), "")


def _largest(srcset: str) -> str:
    """The candidate of a srcset with the greatest width or density."""
    best, best_size = "", -1.0
    for address, size in re.findall(r"(\S+?)(?:\s+([\d.]+)[wx])?\s*(?:,\s+|,?$)", srcset.strip()):
        if float(size or 0) > best_size and not address.startswith("data:"):
            best, best_size = address, float(size or 0)
    return best


def _is_tracker(image: Element) -> bool:
    sizes = (image.get("width") or "", image.get("height") or "")
    return any(re.fullmatch(r"[0-4]?\d(?:px)?", size.strip()) for size in sizes)


def find_lead_image(metadata: Metadata, in_body: tuple[str, ...]) -> tuple[str, str]:
    """Return the absolute address of the lead image and what gave it; ('', '') without one.

    og:image and JSON-LD are the editors' choice, unless it is the site's logo.
    """
    claims = [("og", metadata.first("og:image:secure_url", "og:image:url", "og:image"))]
    claims += [("jsonld", address) for address in _ld_images(metadata.article.get("image"))]
    claims.append(("twitter", metadata.first("twitter:image", "twitter:image:src")))
    claims += [("body", address) for address in in_body]
    for origin, claim in claims:
        address = absolute(metadata.base, claim) if claim else ""
        if address and not _FURNITURE.search(address) and not _BLANK.search(address):
            return address, origin
    return "", ""


def _ld_images(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _ld_images(value.get("url") or value.get("contentUrl"))
    if isinstance(value, list):
        return [address for item in value[:5] for address in _ld_images(item)]
    return []
