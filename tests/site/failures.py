"""A share of all answers fails, once the control route asks for it: a bad day of the web."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import BinaryIO
from zlib import crc32

from .http import Request, Response, refusal
from .newsroom import Newsroom

SILENT_S = 30.0  # longer than a crawler of the tests waits
WAYS = ("500", "502", "503", "reset", "silent", "cut", "cut headers")


def failure(request: Request, newsroom: Newsroom) -> Response | None:
    """How this answer fails; None where it doesn't. By address and visit, the same on every run.

    A robots.txt never does: its 5xx would close the host, as RFC 9309 has it.
    """
    if not newsroom.failing_percent or request.path == "/robots.txt":
        return None
    visit = newsroom.count_visit(request.outlet.address, f"{request.target} fails")
    drawn = crc32(f"{request.outlet.address} {request.target} {visit}".encode())
    if drawn % 1000 >= 10 * newsroom.failing_percent:
        return None
    way = WAYS[drawn // 1000 % len(WAYS)]
    with newsroom.lock:
        newsroom.failed[way] += 1
    return refusal(int(way), "Failure") if way.isdigit() else _raw(_WRITERS[way])


def _raw(write: Callable[[BinaryIO], None]) -> Response:
    return Response(raw=write, validators=False)


def _reset(_stream: BinaryIO) -> None:
    """Close without a word."""


def _silent(_stream: BinaryIO) -> None:
    time.sleep(SILENT_S)


def _cut(stream: BinaryIO) -> None:
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20000\r\n\r\n")
    stream.write(b"<html><body><article><p>What was to come is" + b" not said" * 200)


def _cut_headers(stream: BinaryIO) -> None:
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/ht")


_WRITERS: dict[str, Callable[[BinaryIO], None]] = {
    "reset": _reset,
    "silent": _silent,
    "cut": _cut,
    "cut headers": _cut_headers,
}
