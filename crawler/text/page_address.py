"""Under what address a page is filed: what was asked for, what answered, what is claimed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.text.hosts import same_host
from crawler.text.addresses import canonical_url, same_site

_ONE_WORD = re.compile(r"[A-Za-z]{2,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Under what address a fetched page is filed, and what led there."""

    url: str  # of the row; '' where nothing was fetched
    aliases: tuple[str, ...] = ()  # further addresses that were fetched
    claimed: bool = False  # `url` is the form that the page gives its own address
    claim: str = ""  # another address on its host that it claims: evidence, to be compared
    led: bool = False  # redirects led to another page than was asked for


def file_page(fetched: Sequence[str], claimed: str, *, entry_url: str = "") -> Filing:
    """Settle under what address a page's row is filed.

    `fetched` holds the addresses in the order they were asked for: the announced one, then the
    targets of redirects. `claimed` is the page's `<link rel=canonical>`: it names the row only
    where it is one of those, or the fetched path without its query, on the host or its www. or
    mobile form. Some sites let authors write it, and careless templates give every page one.
    `entry_url`: of the entry; one that was announced apart from others keeps its own.
    """
    forms = [canonical_url(url) for url in fetched]
    known = list(dict.fromkeys(filter(None, forms)))
    if not known:
        return Filing(url="")
    first, last = forms[0], forms[-1]
    led = first != last and not _is_one_page(first, last)
    claim = canonical_url(claimed) if claimed else ""
    if is_apart(entry_url) and not led:
        return Filing(url=entry_url)
    aliases = tuple(url for url in known if url != last)
    if claim in known:
        return Filing(url=claim, aliases=tuple(u for u in known if u != claim), led=led)
    if claim and same_host(claim, last) and _path_of(claim) == _path_of(last) and "?" not in claim:
        return Filing(url=claim, aliases=tuple(known), claimed=True, led=led)
    if claim and (not same_host(claim, last) or is_front_page(claim)):
        claim = ""
    return Filing(url=last, aliases=aliases, claim=claim, led=led)


def is_apart(entry_url: str) -> bool:
    """Tell whether an entry was announced apart from others that have its canonical address."""
    return "#guid=" in entry_url or (entry_url != "" and canonical_url(entry_url) != entry_url)


def is_front_page(canonical: str) -> bool:
    parts = urlsplit(canonical)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def is_above(canonical: str, other: str) -> bool:
    """Tell whether an address is a front page, or a section that the other one is in."""
    path = _path_of(canonical).rstrip("/")
    return is_front_page(canonical) or (
        same_site(canonical, other) and _path_of(other).startswith(f"{path}/")
    )


def is_section(canonical: str) -> bool:
    """Tell whether an address has the form of a section's: its last segment is a single word."""
    parts = urlsplit(canonical)
    return not parts.query and _ONE_WORD.fullmatch(parts.path.rpartition("/")[2]) is not None


def _is_one_page(one: str, other: str) -> bool:
    queries = {urlsplit(one).query, urlsplit(other).query}
    alike = same_host(one, other) and _path_of(one) == _path_of(other)
    return alike and (len(queries) == 1 or "" in queries)


def _path_of(url: str) -> str:
    return urlsplit(url).path
