"""WARC files (ISO 28500), plain or gzipped: their HTML responses, one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed

MAX_PAGE_BYTES = 20 * 1024 * 1024  # decoded; nothing readable is larger

MAX_LINE_BYTES = 64 * 1024  # of a record's headers; servers stop at 8 KB a line
MAX_HEAD_LINES = 2000  # of one record, its HTTP headers included
_READ_BYTES = 64 * 1024
_MARKS = re.compile(rb"\x1f\x8b\x08|(?<=\r\n\r\n)WARC/[01]\.")
_HTML_START = re.compile(
    rb"\s*+(?:\xef\xbb\xbf)?\s*+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype html|html)", re.I | re.S
)  # nothing is given back: a run of comments could else be divided in 2^n ways
_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPage:
    """An HTML response of a WARC file, its transfer and content encodings undone."""

    url: str
    body: bytes = field(repr=False)
    content_type: str
    status: int
    headers: tuple[tuple[str, str], ...]
    fetched: datetime  # WARC-Date, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcProblem:
    """A record that can't be read; reading goes on behind it where the stream can seek."""

    offset: int  # of the last record that began well, in the file's bytes
    detail: str


class _Unreadable(Exception):
    """A record whose parts are missing or too large."""


class _Head(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
    """Reads the lines of headers within bounds: warcio takes a line, and any number of them, into
    memory (a line of 150 MB took 45 s, 5 million lines 800 MB)."""

    lines = 0  # of the record that is being read

    def readline(self, length: int | None = None) -> bytes:
        most = min(length or MAX_LINE_BYTES + 1, MAX_LINE_BYTES + 1)
        line: bytes = super().readline(most)
        while not line.endswith(b"\n") and len(line) < most:  # warcio stops at a block's end
            if not (more := super().readline(most - len(line))):
                break
            line += more
        self.lines += 1
        if len(line) > MAX_LINE_BYTES:
            raise _Unreadable(f"a header line of more than {MAX_LINE_BYTES // 1024} KB")
        if self.lines > MAX_HEAD_LINES:
            raise _Unreadable(f"more than {MAX_HEAD_LINES:,} header lines")
        return line


def read_pages(stream: BinaryIO) -> Iterator[WarcPage | WarcProblem]:
    """Yield the HTML responses in the file's order, holding one at a time.

    Broken records come as WarcProblem, for the caller to count; other records (requests,
    metadata, revisits, images) are passed over.
    """
    start: int | None = 0
    while start is not None:
        records = ArchiveIterator(stream)
        records.reader = head = _Head(stream)
        try:
            for record in records:
                head.lines = 0
                yield from _page_of(record, records.offset)
                head.lines = 0
            return
        except (ArchiveLoadFailed, _Unreadable, ValueError, OSError, AttributeError) as error:
            yield WarcProblem(offset=records.offset, detail=_first_line(error))
        start = _resume(stream, max(start, records.offset) + 1)


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _resume(stream: BinaryIO, offset: int) -> int | None:
    """Go to the next thing that looks like a record's start; None at the end."""
    if not stream.seekable():
        return None
    stream.seek(max(offset - 4, 0))
    base, window = stream.tell(), b""
    while block := stream.read(_READ_BYTES):
        window += block
        for mark in _MARKS.finditer(window):
            if base + mark.start() >= offset:
                return stream.seek(base + mark.start())
        base, window = base + len(window) - 10, window[-10:]
    return None


def _page_of(record: Any, offset: int) -> Iterator[WarcPage | WarcProblem]:
    if record.rec_type != "response" or record.http_headers is None:
        return
    content_type = record.http_headers.get_header("content-type") or ""
    if content_type and not content_type.lower().strip().startswith(_HTML_TYPES):
        return
    try:
        body = _body(record)
        if content_type or _HTML_START.match(body[:2000]):
            yield _page(record, body, content_type)
    except (_Unreadable, ValueError, EOFError) as error:
        yield WarcProblem(offset=offset, detail=_first_line(error))


def _page(record: Any, body: bytes, content_type: str) -> WarcPage:
    status = record.http_headers.get_statuscode()
    headers = ((str(k), str(v)) for k, v in record.http_headers.headers)
    return WarcPage(
        url=record.rec_headers.get_header("WARC-Target-URI") or "",
        body=body,
        content_type=content_type,
        status=int(status) if status.isdigit() else 0,
        headers=tuple(headers),
        fetched=_date(record.rec_headers.get_header("WARC-Date")),
    )


def _decoded(record: Any) -> Iterator[bytes]:
    """Undo the transfer and content encodings, part by part.

    warcio does all but brotli: it sets an attribute that brotli's C type refuses (warcio 1.8.1).
    """
    headers = record.http_headers
    if (headers.get_header("content-encoding") or "").strip().lower() != "br":
        content = record.content_stream()
        yield from iter(lambda: content.read(_READ_BYTES), b"")
        return
    headers.remove_header("content-encoding")
    yield from _without_brotli(record.content_stream())


def _without_brotli(content: Any) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    while part := content.read(_READ_BYTES):
        try:
            yield unpacker.process(part)
        except brotli.error as error:
            raise _Unreadable(f"a body that is no brotli: {error}") from error


def _date(text: str | None) -> datetime:
    """Read WARC-Date (W3C form, UTC)."""
    if not text:
        raise _Unreadable("a record without WARC-Date")
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _body(record: Any) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in _decoded(record):
        parts.append(part)
        size += len(part)
        if size > MAX_PAGE_BYTES:
            raise _Unreadable(f"a page of more than {MAX_PAGE_BYTES // 2**20} MB")
    return b"".join(parts)
