"""Images: lazy ones made plain, addresses absolute, and which one leads."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from lxml.etree import _Element as Element

from crawler.extract.metadata import Metadata, absolute
from crawler.extract.tree import marks

_LAZY = (
    "data-original", "data-src", "data-lazy-src", "data-lazy", "data-actualsrc", "data-url",
    "data-original-src", "data-hi-res-src", "data-image", "original", "_src", "file",
)  # fmt: skip
_SETS = ("data-srcset", "srcset", "data-lazy-srcset")
_BLANK = re.compile(
    r"^data:|blank\.|placeholder|spacer|pixel\.|1x1|loading\.|lazyload|grey\.gif|transparent", re.I
)
_FURNITURE = re.compile(
    r"(?<![a-z])(?:logos?|icons?|favicon|avatars?|sprites?|badges?|emojis?|tracking)(?![a-z])"
    r"|qr_?code|erweima|share\.(?:png|jpe?g)|\.(?:svg|ico)(?=$|[?#\s])"
    # files of a site's theme, and advertisements; a picture of the newsroom lies elsewhere
    r"|/(?:themes?|skins?|layout|branding)/|branded_|/(?:ads?|banners?)/|banner[^/]*\.gif",
    re.I,
)
_RESIZED = re.compile(
    r"[?&](?:url|src|image|img)=(https?(?::|%3A)[^&]+?\.(?:jpe?g|png|webp|gif)[^&]*)", re.I
)
_CONTENT_ID = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-z])[0-9a-f]{24,}", re.I
)
_FLAT = 5  # times as wide as high: a banner
_DIMENSIONS = re.compile(r"(?<!\d)(\d{2,4})[x*](\d{2,4})(?!\d)")
_CANDIDATE = re.compile(r"(\S+?)(?:\s+([\d.]+)([wx]))?\s*(?:,\s+|,(?=https?:|/)|,?$)")
_MIN_WIDTH = 100  # a candidate of a set below this is a preview
_EDITION = re.compile(
    r"^https?://[^/]+|(?:\.[a-z]\w{2,3})+(?:[?#].*)?$"
    r"|(?<![a-z\d])(?:\d+x\d+|[wh]_?\d{2,4}|\d{2,4}[wh])(?![a-z\d])",
    re.I,
)


def claimed_images(tree: Element) -> frozenset[str]:
    """The keys of the images that the page names as the article's own."""
    names = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image")
    metas = (m for m in tree.iter("meta") if (m.get("property") or m.get("name")) in names)
    return frozenset(image_key(m.get("content") or "") for m in metas) - {""}


def image_key(address: str) -> str:
    """What two editions of one image share: the path without host, size and format.

    The query counts only where the path has no format: `/image?id=7`.
    """
    return _EDITION.sub("", address)


def shown_image(image: Element, base: str) -> str:
    """The absolute address of an image that is content; '' for icons and trackers."""
    address = absolute(base, unwrapped(found)) if (found := image_address(image)) else ""
    named = f"{address} {marks(image)}"
    if _is_tracker(image) or _FURNITURE.search(named) or _is_banner(image, address):
        return ""
    return address


def unwrapped(address: str) -> str:
    """The picture's own address where a service that resizes it has that in its query."""
    match = _RESIZED.search(address)
    return unquote(match[1]) if match else address


def _is_banner(image: Element, address: str) -> bool:
    sizes = [(image.get("width") or "", image.get("height") or "")]
    sizes += _DIMENSIONS.findall(address.rpartition("/")[2])
    return any(
        wide.isdigit() and high.isdigit() and int(wide) >= _FLAT * int(high) > 0
        for wide, high in sizes
    )


def image_address(image: Element) -> str:
    """The best edition a browser could show at last: the widest, else the lazy one, else src."""
    sets = _sets(image)
    wide = [(float(size), a) for s in sets for a, size, unit in s if unit == "w" and _is_real(a)]
    if wide and max(wide)[0] >= _MIN_WIDTH:
        return max(wide, key=lambda candidate: candidate[0])[1]
    for name in (*_LAZY, "src"):
        value = (image.get(name) or "").strip()
        if _is_real(value) and " " not in value:
            return value
    dense = [(float(size or 1), a) for s in sets for a, size, _ in s if _is_real(a)]
    return max(dense, key=lambda candidate: candidate[0])[1] if dense else ""


def _is_real(address: str) -> bool:
    return bool(address) and not _BLANK.search(address)


def _sets(image: Element) -> list[list[tuple[str, str, str]]]:
    """The candidates (address, size, unit) of an image's sets and of its <picture>'s."""
    # libxml2 knows no void <source>: the <img> after it becomes its child
    picture = next(image.iterancestors("picture"), None)
    owners = [image, *(picture.iter("source") if picture is not None else ())]
    values = [(owner.get(name) or "")[:8000] for owner in owners for name in _SETS]
    return [_CANDIDATE.findall(value.strip()) for value in values if value.strip()]


def _is_tracker(image: Element) -> bool:
    sizes = (image.get("width") or "", image.get("height") or "")
    return any(re.fullmatch(r"[0-4]?\d(?:px)?", size.strip()) for size in sizes)


def find_lead_image(metadata: Metadata, in_body: tuple[str, ...]) -> tuple[str, str]:
    """Return the absolute address of the lead image and what gave it; ('', '') without one.

    og:image and JSON-LD are the editors' choice, unless it is the site's logo. They are cut, and
    stamped with the site's name, for sharing: of the same picture the body's edition is taken.
    """
    claims = [("og", metadata.first("og:image:secure_url", "og:image:url", "og:image"))]
    claims += [("jsonld", address) for address in _ld_images(metadata.article.get("image"))]
    claims.append(("twitter", metadata.first("twitter:image", "twitter:image:src")))
    claims += [("body", address) for address in in_body]
    for origin, claim in claims:
        address = absolute(metadata.base, unwrapped(claim)) if claim else ""
        if address and not _FURNITURE.search(address) and not _BLANK.search(address):
            return next((shown for shown in in_body if _is_same(shown, address)), address), origin
    return "", ""


def _is_same(address: str, other: str) -> bool:
    return bool(set(_CONTENT_ID.findall(address)) & set(_CONTENT_ID.findall(other)))


def _ld_images(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _ld_images(value.get("url") or value.get("contentUrl"))
    if isinstance(value, list):
        return [address for item in value[:5] for address in _ld_images(item)]
    return []
