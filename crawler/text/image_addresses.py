"""Addresses of pictures, which go into front matter, Markdown, HTML attributes and feeds."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from crawler.text.addresses import absolute, host_of
from crawler.text.special_addresses import is_private_host

# Kept as they are: what no attribute, no Markdown and no YAML reads as its own sign. A signature
# in a query stays valid, since only what a server never saw raw is written otherwise.
_SAFE = "/:@!$&*+,;=~"
_PLAIN = re.compile(r"https?://[a-z0-9.:-]+(?:[/?][A-Za-z0-9/:@!$&*+,;=~?._-]*)?")
_ESCAPED = re.compile(r"(%[0-9A-Fa-f]{2})")


def image_url(base: str, link: str) -> str:
    """Resolve a picture's address as a page tells it, percent-encoded; '' for none.

    Quotation marks, brackets, blanks and all that is not ASCII are encoded, userinfo goes, the
    host is in IDNA. A page of a public host shows no picture of a private one: whoever reads the
    archive would ask his own network for it.
    """
    address = absolute(base, link)
    if not address or (_is_private(host_of(address)) and not _is_private(host_of(base))):
        return ""
    if _PLAIN.fullmatch(address):
        return address
    parts = urlsplit(address)
    host = host_of(address)
    host = f"[{host}]" if ":" in host else host
    netloc = f"{host}:{parts.port}" if parts.port else host
    encoded = (parts.scheme, netloc, _encoded(parts.path), _encoded(parts.query, "?"), "")
    return absolute("", urlunsplit(encoded))  # '' where it has become too long


@lru_cache(maxsize=1024)
def _is_private(host: str) -> bool:
    return host != "" and is_private_host(host)


def _encoded(text: str, more: str = "") -> str:
    """Percent-encode what is not, a stray `%` included."""
    pieces = _ESCAPED.split(text)
    return "".join(
        piece if n % 2 else quote(piece, safe=_SAFE + more, errors="replace")
        for n, piece in enumerate(pieces)
    )


def page_base(url: str, claimed: str) -> str:
    """What a page's links are resolved against: its `<base href>` (`claimed`), else its address.

    The base of a public page is no host of a private network.
    """
    base = absolute(url, claimed) if claimed else ""
    is_inside = base != "" and _is_private(host_of(base)) and not _is_private(host_of(url))
    return url if is_inside or not base else base
