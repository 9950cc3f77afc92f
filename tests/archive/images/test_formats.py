"""Pictures are known by their first bytes, and their size by their header."""

from __future__ import annotations

import struct

import pytest

from archive.images.formats import NoPicture, Picture, PictureType, picture_of
from tests.site.images import SVG, bomb, png


def _jpeg(width: int, height: int, *before: bytes) -> bytes:
    size = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + b"".join(before) + b"\xff\xff\xc2" + size + b"\xff\xda"


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _avif(*sizes: tuple[int, int], brand: bytes = b"avif") -> bytes:
    ispe = b"".join(_box(b"ispe", struct.pack(">III", 0, *size)) for size in sizes)
    meta = _box(b"meta", bytes(4) + _box(b"iprp", _box(b"ipco", _box(b"pixi", b"") + ispe)))
    return _box(b"ftyp", b"mif1" + bytes(4) + b"miaf" + brand) + meta + _box(b"mdat", bytes(9))


def _webp(kind: bytes, content: bytes) -> bytes:
    chunk = kind + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


_EXIF = _segment(0xE1, b"Exif\0\0" + _segment(0xC0, bytes(9)))  # a thumbnail's frame inside
_GIF = b"GIF89a" + struct.pack("<HH", 320, 200) + bytes(20)
_LOSSLESS = b"\x2f" + struct.pack("<I", (640 - 1) | (480 - 1) << 14) + bytes(20)
_LOSSY = bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", 640 | 1 << 14, 480) + bytes(20)
_EXTENDED = bytes(4) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")

PICTURES = {
    "png": (png(64, 36), PictureType.PNG, 64, 36),
    "jpeg": (_jpeg(640, 480), PictureType.JPEG, 640, 480),
    "jpeg with a thumbnail": (_jpeg(640, 480, _EXIF), PictureType.JPEG, 640, 480),
    "gif": (_GIF, PictureType.GIF, 320, 200),
    "webp lossy": (_webp(b"VP8 ", _LOSSY), PictureType.WEBP, 640, 480),
    "webp lossless": (_webp(b"VP8L", _LOSSLESS), PictureType.WEBP, 640, 480),
    "webp extended": (_webp(b"VP8X", _EXTENDED), PictureType.WEBP, 640, 480),
    "avif": (_avif((640, 480)), PictureType.AVIF, 640, 480),
    "avif of tiles": (_avif((512, 512), (4000, 3000)), PictureType.AVIF, 4000, 3000),
}
NONE = {
    "nothing": (b"", "no picture that is kept: empty"),
    "svg": (SVG.encode(), "no picture that is kept: SVG, which may run scripts"),
    "page": (b"\n<!DOCTYPE html><p>", "no picture that is kept: HTML"),
    "bmp": (b"BM" + bytes(60), "no picture that is kept: unknown first bytes"),
    "heic": (_avif((640, 480), brand=b"heic"), "no picture that is kept: unknown first bytes"),
    "bomb": (bomb(60_000), "too many pixels: 60000 × 60000"),
    "wide jpeg": (_jpeg(65_535, 65_535), "too many pixels: 65535 × 65535"),
    "avif bomb": (_avif((8, 8), (90_000, 90_000)), "too many pixels: 90000 × 90000"),
    "tracker": (png(1, 1), "too small: 1 × 1"),
    "empty": (b"GIF89a" + bytes(30), "too small: 0 × 0"),
    "cut png": (png(64, 36)[:18], "damaged: image/png without a size"),
    "cut jpeg": (b"\xff\xd8\xff\xe0", "damaged: image/jpeg without a size"),
    "avif of no size": (_avif(), "damaged: image/avif without a size"),
    "webp of no kind": (_webp(b"ICCP", bytes(30)), "damaged: image/webp without a size"),
    "cut webp": (_webp(b"VP8X", bytes(8)), "damaged: image/webp without a size"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_its_type_and_size(name: str) -> None:
    body, kind, width, height = PICTURES[name]
    assert picture_of(body) == Picture(type=kind, width=width, height=height)


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_picture_is_refused_in_words(name: str) -> None:
    body, reason = NONE[name]
    assert picture_of(body) == NoPicture(reason)


def test_no_first_bytes_of_a_picture_break_the_reader() -> None:
    for body, *_ in PICTURES.values():
        for end in range(min(len(body), 120)):
            assert isinstance(picture_of(body[:end]), Picture | NoPicture)


def test_a_file_of_boxes_without_end_is_left_soon() -> None:
    body = _avif((640, 480))[:24] + _box(b"free", b"") * 500_000 + _avif((640, 480))[24:]
    assert picture_of(body) == NoPicture("damaged: image/avif without a size")
