"""Answers that end before the length they announced (RFC 9112 §8): what of them is whole.

Some servers count a length that they never send. The document is all there, and every browser shows
it; a connection that breaks looks the same, but never twice at the same byte. So a second answer
decides: equal to the first, and ended by its root's end tag, it is what the server has.

An answer that announced no length ends with its connection, wherever that breaks. Packed by gzip,
it says itself where it ends: what Scrapy unpacks of half of it would else be taken for all.
"""

from __future__ import annotations

import hashlib
import re
import zlib

from scrapy.http import Request, Response

_END_TAG = re.compile(rb"</(?:html|rss|rdf:rdf|feed|urlset|sitemapindex)\s*>", re.IGNORECASE)
_TRAILER = re.compile(rb"(?:\s|\x00|<!--.*?-->|<script\b.*?</script\s*>)*", re.S | re.I)
_GZIP = frozenset({b"gzip", b"x-gzip"})
_STEP_BYTES, _STEPS = 2**20, 64  # what unpacks to more is refused for its size
_TAIL_BYTES = 4096  # behind the end tag: caches and analytics add a line or two


class GzipEnds:
    """Marks what was packed by gzip and is not ended as cut; stands where it is still packed."""

    def process_response(self, request: Request, response: Response) -> Response:
        if "partial" in response.flags:  # Scrapy's: no length was announced
            encoding = response.headers.get("Content-Encoding") or b""
            if encoding.strip().lower() in _GZIP and not _has_gzip_end(response.body):
                response.flags.append("dataloss")
        return response


def _has_gzip_end(body: bytes) -> bool:
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for _ in range(_STEPS):
            stream.decompress(body, _STEP_BYTES)
            body = stream.unconsumed_tail
            if stream.eof or not body:
                return stream.eof
    except zlib.error:
        pass  # no gzip at all: unpacking it will say so
    return True


def cut_digest(response: Response) -> str:
    """Name the body of an answer that was cut short, to compare it with the next; '' for others."""
    return hashlib.sha256(response.body).hexdigest() if "dataloss" in response.flags else ""


def is_ended(body: bytes) -> bool:
    """Tell whether a document is ended by the end tag of its root."""
    tail = body[-_TAIL_BYTES:]
    return any(_TRAILER.fullmatch(tail, end.end()) for end in _END_TAG.finditer(tail))
