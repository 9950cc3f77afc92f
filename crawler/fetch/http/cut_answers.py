"""Answers that end before the length they announced (RFC 9112 §8): what of them is whole.

Some servers count a length that they never send. The document is all there, and every browser shows
it; a connection that breaks looks the same, but never twice at the same byte. So a second answer
decides: equal to the first, and ended by its root's end tag, it is what the server has.
"""

from __future__ import annotations

import hashlib
import re

from scrapy.http import Response

_END_TAG = re.compile(rb"</(?:html|rss|rdf:rdf|feed|urlset|sitemapindex)\s*>", re.IGNORECASE)
_TRAILER = re.compile(rb"(?:\s|\x00|<!--.*?-->|<script\b.*?</script\s*>)*", re.S | re.I)
_TAIL_BYTES = 4096  # behind the end tag: caches and analytics add a line or two


def cut_digest(response: Response) -> str:
    """Name the body of an answer that was cut short, to compare it with the next; '' for others."""
    return hashlib.sha256(response.body).hexdigest() if "dataloss" in response.flags else ""


def is_ended(body: bytes) -> bool:
    """Tell whether a document is ended by the end tag of its root."""
    tail = body[-_TAIL_BYTES:]
    return any(_TRAILER.fullmatch(tail, end.end()) for end in _END_TAG.finditer(tail))
