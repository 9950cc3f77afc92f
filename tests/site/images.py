"""Pictures: a PNG of one colour, its own for each path, whatever the path's ending says; below
/img/odd/ those that no archive should keep."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha1

from .http import Response

WIDTH, HEIGHT = 64, 36
SVG = (
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="64" height="36">'
    "<script>alert(document.domain)</script></svg>"
)


def image(path: str) -> Response:
    if path in _ODD:
        body, kind = _ODD[path]
        return Response(body=body, content_type=kind)
    kind = "gif" if path.endswith(".gif") else "png" if path.endswith(".png") else "jpeg"
    colour = sha1(path.encode(), usedforsecurity=False).digest()[:3]
    return Response(body=png(WIDTH, HEIGHT, colour), content_type=f"image/{kind}")


def png(width: int, height: int, colour: bytes = b"\x20\x40\x60") -> bytes:
    """A whole picture of one colour."""
    rows = (b"\0" + colour * width) * height
    return b"\x89PNG\r\n\x1a\n" + _head(width, height) + _chunk(b"IDAT", zlib.compress(rows)) + _END


def bomb(side: int) -> bytes:
    """A picture that says to be so many pixels a side, in some kilobytes."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + _head(side, side)
        + _chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
        + _END
    )


def _head(width: int, height: int) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


_END = _chunk(b"IEND", b"")
_ODD = {
    "/img/odd/bomb.png": (bomb(60_000), "image/png"),
    "/img/odd/script.jpg": (SVG.encode(), "image/jpeg"),
    "/img/odd/page.jpg": (b"<!DOCTYPE html><script>alert(1)</script>", "image/jpeg"),
    "/img/odd/large.png": (png(64, 36) + bytes(3 << 20), "image/png"),
    "/img/odd/dot.png": (png(1, 1), "image/png"),
}
