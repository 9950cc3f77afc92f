"""`Link` headers (RFC 8288), by which a server may name a feed's WebSub hub and its own address."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.discover.hints import hub_and_topic

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))', re.IGNORECASE)
_MOST_CHARS = 8192  # of one header
_LONGEST_ADDRESS = 2000


def header_links(values: Iterable[str]) -> list[dict[str, str]]:
    """Give the links of `Link` headers as `hints.hub_and_topic` takes them: `rel` and `href`."""
    found = (link for value in values for link in _LINK.finditer(value[:_MOST_CHARS]))
    links = ((link[1].strip(), _REL.search(link[2])) for link in found)
    return [{"href": href, "rel": rel[1] or rel[2] or ""} for href, rel in links if rel]


def named_hub(
    headers: Iterable[str], *, url: str, hub: str, topic: str, home: str
) -> tuple[str, str]:
    """Give the hub and topic of a document at `url`; ('', '') where it names none that is usable.

    WebSub §4: the `Link` headers go before what the document says (`hub`, `topic`). A feed of
    TLS (`home` is its configured address) has its hub asked by TLS, too: the secret that signs
    the pushes would else cross the network in the clear.
    """
    links = header_links(headers)
    said = [{"rel": "hub", "href": hub}, {"rel": "self", "href": topic}]
    hub, topic = hub_and_topic([*links, *said], url)
    if home.startswith("https:"):
        hub = re.sub(r"^http:", "https:", hub)
    return (hub, topic) if _is_usable(hub) and _is_usable(topic) else ("", "")


def _is_usable(address: str) -> bool:
    """Not too long, and nothing in it that can't be sent or stored (a JSON feed's `\\ud800`)."""
    return 0 < len(address) <= _LONGEST_ADDRESS and address.isprintable()
