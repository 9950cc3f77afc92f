"""Whose address it is: the registrable domain, by the Public Suffix List."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from tldextract import TLDExtract


@lru_cache(maxsize=1)
def _domains() -> TLDExtract:
    # the list bundled with tldextract: no network, no cache folder
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def same_site(a: str, b: str) -> bool:
    """Whether two addresses belong to one registrable domain; IP addresses and localhost are
    compared as they stand.
    """
    first, second = _site(a), _site(b)
    return bool(first) and first == second


def _site(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return _site_of_host(host)


@lru_cache(4096)
def _site_of_host(host: str) -> str:
    return _domains()(host).top_domain_under_public_suffix or host
