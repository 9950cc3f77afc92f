"""Images: lazy ones made plain, addresses absolute, and which one leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
# As HTML parses a srcset: an address ends before a blank, what follows it before a comma. A comma
# before the next address ends one, too, which the standard does not say and many pages need.
_CANDIDATE = re.compile(
    r"[\s,]*+([^\s,]++(?:,(?!\s|\Z|https?:|/)[^\s,]*+)*+)([^,]*+)(?:,|\Z)", re.ASCII
)
_SIZE = re.compile(r"([\d.]+)([wxh])", re.ASCII)
_INNER_LINE_ENDS = re.compile(r"[\t\r\n]+")
_CONTROLS_AND_SPACE = "".join(map(chr, range(0x21)))
# of an attribute with blanks, which may hold a sentence or a set as well
_SPACED_ADDRESS = re.compile(
    r"(?:https?:/)?\.{0,2}/|[^?#]*\.(?:jpe?g|png|webp|gif|avif)(?=\Z|[?#])", re.I
)
_SET_OF_SIZES = re.compile(r"\s[\d.]+[wx](?=\s*(?:,|\Z))")
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
    return frozenset(edition_key(_as_browsers_read(m.get("content") or "")) for m in metas) - {""}


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


def is_without_address(image: Element, base: str) -> bool:
    """Whether an image is content, and nothing of it can be asked for: inline, too long, private.

    Its caption is told all the same.
    """
    found = image_address(image) or (image.get("src") or "")[:200]
    if image_url(base, original_address(found)):
        return False
    dropped = _is_tracker(image) or _is_furniture(f"{found} {marks(image)}")
    return not (dropped or _is_banner(image, found))


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
    """The best edition a browser could show at last: the widest, else the lazy one, else src.

    Where all of these have blanks, src goes before a set's, which browsers refuse.
    """
    sets = _sets(image)
    wide = _first_real((_number(size), a) for s in sets for a, size, unit in s if unit == "w")
    if wide[0] >= _MIN_WIDTH:
        return wide[1]
    for name in (*_LAZY, "src"):
        value = (image.get(name) or "").strip(_CONTROLS_AND_SPACE)
        is_one = " " not in value or (name != "src" and _is_one_address(value))
        if value and is_one and _is_real(value):
            return _as_browsers_read(value)
    sized = [(_number(size or "1"), a) for s in sets for a, size, unit in s if unit != "broken"]
    broken = [(_number(size or "1"), a) for s in sets for a, size, unit in s if unit == "broken"]
    plain = _as_browsers_read(image.get("src") or "")
    return _first_real(sized)[1] or (_is_real(plain) and plain) or _first_real(broken)[1]


def _as_browsers_read(address: str) -> str:
    """Without line ends and the blanks around it, those in it encoded (WHATWG URL, its parser)."""
    inner = address.strip(_CONTROLS_AND_SPACE)
    return _INNER_LINE_ENDS.sub("", inner).replace(" ", "%20")


def _is_one_address(value: str) -> bool:
    return bool(_SPACED_ADDRESS.match(value)) and not _SET_OF_SIZES.search(value)


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
    return [list(_candidates(value[:8000])) for value in values if value and value.strip()]


def _candidates(value: str) -> Iterator[tuple[str, str, str]]:
    """A set's candidates; the unit of an address with blanks is `broken`."""
    for address, told in _CANDIDATE.findall(value):
        words = told.split()
        sizes: list[tuple[str, str]] = []
        while words and (size := _SIZE.fullmatch(words[-1])):
            sizes.append((size[1], size[2]))
            words.pop()
        number, unit = next((size for size in sizes if size[1] != "h"), ("", ""))
        whole = "%20".join((address.rstrip(","), *words))
        yield whole, number, "broken" if words else unit


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
