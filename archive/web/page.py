"""What the page of versions sends beside itself, and what it keeps out of it."""

from __future__ import annotations

import re

HEADERS = {
    # nothing on this page runs, and nothing but the style sheets is fetched
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# What changes the order or the look of the characters round it
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def without_controls(text: str) -> str:
    """Drop what a browser would obey instead of showing."""
    return _CONTROLS.sub("", text)


def safe_url(url: str) -> str:
    """Give the address if a browser may follow it, else ''."""
    return url if re.match(r"https?://", url, re.IGNORECASE) else ""
