"""What kind of picture some bytes are, and how large: by the file's first bytes, never by its name.

Only the header is read. No decoder of ours ever unpacks a picture, so that one that unpacks to
gigabytes harms nobody here; what it says of itself decides whether a browser is shown it.
SVG is none of these: it is a document that may run scripts.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_PIXELS = 50_000_000  # a browser needs four bytes for each
LEAST_SIDE = 3  # a picture of fewer pixels a side is a tracker, or holds a place
_BOXES = 1000  # of an AVIF that are looked at
_SEGMENTS = 1000  # of a JPEG before its size
_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # that have no length


class PictureType(StrEnum):
    """The types that are kept, as HTTP names them."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    AVIF = "image/avif"


ENDINGS = {
    PictureType.JPEG: "jpg",
    PictureType.PNG: "png",
    PictureType.WEBP: "webp",
    PictureType.GIF: "gif",
    PictureType.AVIF: "avif",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a picture's header says; pixels."""

    type: PictureType
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class NoPicture:
    """Why some bytes are not kept, in words."""

    reason: str


def picture_of(body: bytes) -> Picture | NoPicture:
    """Tell what picture these bytes are, or why they are none that is kept."""
    kind = _type_of(body)
    if kind is None:
        return NoPicture(f"no picture that is kept: {_what(body)}")
    try:
        width, height = _SIZES[kind](body)
    except (struct.error, IndexError, ValueError):
        return NoPicture(f"damaged: {kind} without a size")
    if width * height > MOST_PIXELS:
        return NoPicture(f"too many pixels: {width} × {height}")
    if min(width, height) < LEAST_SIDE:
        return NoPicture(f"too small: {width} × {height}")
    return Picture(type=kind, width=width, height=height)


def _type_of(body: bytes) -> PictureType | None:
    if body.startswith(b"\xff\xd8\xff"):
        return PictureType.JPEG
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureType.PNG
    if body.startswith((b"GIF87a", b"GIF89a")):
        return PictureType.GIF
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return PictureType.WEBP
    if body[4:8] == b"ftyp" and _brands(body) & {b"avif", b"avis"}:
        return PictureType.AVIF
    return None


def _what(body: bytes) -> str:
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return "empty"
    if b"<svg" in head:
        return "SVG, which may run scripts"
    return "HTML" if head.startswith((b"<!doctype html", b"<html")) else "unknown first bytes"


def _brands(body: bytes) -> set[bytes]:
    end = min(int.from_bytes(body[:4]), 256)
    return {body[8:12], *(body[at : at + 4] for at in range(16, end, 4))}


def _jpeg(body: bytes) -> tuple[int, int]:
    at = 2
    for _ in range(_SEGMENTS):
        if body[at] != 0xFF:
            break
        while body[at] == 0xFF:  # fill bytes
            at += 1
        marker = body[at]
        at += 1
        if marker in _SIZE_MARKERS:
            height, width = struct.unpack_from(">HH", body, at + 3)
            return width, height
        if marker not in _BARE_MARKERS:
            at += max(2, struct.unpack_from(">H", body, at)[0])
    raise ValueError("no frame")


def _png(body: bytes) -> tuple[int, int]:
    if body[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    width, height = struct.unpack_from(">II", body, 16)
    return width, height


def _gif(body: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", body, 6)
    return width, height


def _webp(body: bytes) -> tuple[int, int]:
    chunk = body[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[24:27], "little"), 1 + _last_three(body)
    if chunk == b"VP8L" and body[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", body, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and body[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no size")


def _last_three(body: bytes) -> int:
    if len(body) < 30:
        raise ValueError("cut")
    return int.from_bytes(body[27:30], "little")


def _avif(body: bytes) -> tuple[int, int]:
    """The largest that any item of it is said to be: a grid's whole, not its tiles."""
    sizes = [
        struct.unpack_from(">II", body, start + 4)
        for meta in _boxes(body, 0, len(body), b"meta")
        for properties in _boxes(body, meta[0] + 4, meta[1], b"iprp")
        for container in _boxes(body, *properties, b"ipco")
        for start, _ in _boxes(body, *container, b"ispe")
    ]
    if not sizes:
        raise ValueError("no ispe")
    return max(width for width, _ in sizes), max(height for _, height in sizes)


def _boxes(body: bytes, start: int, end: int, kind: bytes) -> Iterator[tuple[int, int]]:
    """Where the contents of the boxes of a kind begin and end (ISO 14496-12)."""
    at, seen = start, 0
    while at + 8 <= end and seen < _BOXES:
        seen += 1
        size, head = int.from_bytes(body[at : at + 4]), 8
        if size == 1:
            size, head = int.from_bytes(body[at + 8 : at + 16]), 16
        elif size == 0:
            size = end - at
        if size < head:
            return
        if body[at + 4 : at + 8] == kind:
            yield at + head, min(at + size, end)
        at += size


_SIZES = {
    PictureType.JPEG: _jpeg,
    PictureType.PNG: _png,
    PictureType.WEBP: _webp,
    PictureType.GIF: _gif,
    PictureType.AVIF: _avif,
}
