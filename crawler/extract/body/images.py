"""Images: lazy ones made plain, addresses absolute, and which one leads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any
from urllib.parse import unquote

from lxml.etree import _Element as Element

from crawler.extract.head.metadata import Metadata
from crawler.extract.tree import marks
from crawler.text.image_addresses import image_url

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
_HINTS = (
    "logo", "ico", "avatar", "sprite", "badge", "emoji", "tracking", "qr", "erweima", "share.",
    ".svg", "theme", "skin", "layout", "brand", "/ad", "banner",
)  # fmt: skip
_RESIZED = re.compile(
    r"[?&](?:url|src|image|img)=(https?(?::|%3A)[^&]+?\.(?:jpe?g|png|webp|gif)[^&]*)", re.I
)
_CONTENT_ID = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-z])[0-9a-f]{24,}", re.I
)
_FLAT = 5  # times as wide as high: a banner
_DIMENSIONS = re.compile(r"(?<!\d)(\d{2,4})[x*](\d{2,4})(?!\d)")
# an address ends before a space or comma: nowhere else is the rest tried
_CANDIDATE = re.compile(
    r"(\S[^\s,]*+(?:,[^\s,]*+)*?)(?:\s+([\d.]+)([wx]))?\s*(?:,\s+|,(?=https?:|/)|,?$)"
)
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
    return frozenset(edition_key(m.get("content") or "") for m in metas) - {""}


@lru_cache(4096)
def edition_key(address: str) -> str:
    """What two editions of one image share: the path without host, size and format.

    The query counts only where the path has no format: `/image?id=7`.
    """
    return _EDITION.sub("", address)


def shown_image(image: Element, base: str) -> str:
    """The absolute address of an image that is content; '' for icons and trackers."""
    address = image_url(base, original_address(found)) if (found := image_address(image)) else ""
    if _is_tracker(image) or _is_furniture(f"{address} {marks(image)}"):
        return ""
    if _is_banner(image, address):
        return ""
    return address


def _is_furniture(named: str) -> bool:
    small = named.lower()
    hinted = any(hint in small for hint in _HINTS)  # cheap: most pictures are content
    return hinted and _FURNITURE.search(named) is not None


def original_address(address: str) -> str:
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
    wide = _first_real((_number(size), a) for s in sets for a, size, unit in s if unit == "w")
    if wide[0] >= _MIN_WIDTH:
        return wide[1]
    for name in (*_LAZY, "src"):
        value = (image.get(name) or "").strip()
        if value and " " not in value and _is_real(value):
            return value
    return _first_real((_number(size or "1"), a) for s in sets for a, size, _ in s)[1]


def _first_real(candidates: Iterable[tuple[float, str]]) -> tuple[float, str]:
    """The largest candidate that is no placeholder, the first of equals; (0, '') without one."""
    largest_first = sorted(candidates, key=itemgetter(0), reverse=True)
    return next((sized for sized in largest_first if _is_real(sized[1])), (0.0, ""))


def _number(size: str) -> float:
    """Read a candidate's width or density; 0 for what is no number, such as `1.2.3`."""
    return float(size) if size.count(".") <= 1 and size != "." else 0.0


def _is_real(address: str) -> bool:
    return bool(address) and not _BLANK.search(address)


def _sets(image: Element) -> list[list[tuple[str, str, str]]]:
    """The candidates (address, size, unit) of an image's sets and of its <picture>'s."""
    # libxml2 knows no void <source>: the <img> after it becomes its child
    picture = next(image.iterancestors("picture"), None)
    owners = [image, *(picture.iter("source") if picture is not None else ())]
    values = (owner.get(name) for owner in owners for name in _SETS)
    sets = (value[:8000].strip() for value in values if value)
    return [_CANDIDATE.findall(value) for value in sets if value]


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
        address = image_url(metadata.base, original_address(claim)) if claim else ""
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
