"""Hosts as the archive compares them: without a list of suffixes, and without IDNA forms."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlsplit

_TENANT = re.compile(r"https?://[^/?#]+/(?:[^?#]*/)?([@~][^/?#]+)", re.IGNORECASE)
_HOST_FORM = re.compile(r"^(?:www|m|wap|amp|mobile)\.")


def host_of(url: str) -> str:
    """Return the host in lower case, without port: what delays and limits belong to; '' if none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def same_host(one: str, other: str) -> bool:
    """Tell whether two addresses are on one host, but for `www.` and the mobile forms.

    What may revise an article or claim an address: `a.blog.example` never for `b.blog.example`.
    """
    hosts = [_HOST_FORM.sub("", host_of(url), count=1) for url in (one, other)]
    return hosts[0] != "" and hosts[0] == hosts[1]


def tenant_of(url: str) -> str:
    """Give the tenant of a platform whose tenants are paths: `@a` of `/@a/story`; '' for none."""
    found = _TENANT.match(url)
    return found[1].casefold() if found else ""


def is_below(host: str, other: str) -> bool:
    """Tell whether a host is another one, or a subdomain of it."""
    return host == other or host.endswith(f".{other}")


def item_address(url: str, mark: str, name: str) -> str:
    """Give the address of one of several articles that have one address between them.

    `mark`: what tells them apart, such as `guid`. The canonical form leaves it as it is.
    """
    return f"{url.partition('#')[0]}#{mark}={quote(name, safe='', errors='replace')}"


def differ_by_query(one: str, other: str) -> bool:
    """Tell whether two addresses are one but for the values of their parameters, or for all."""
    first, second = urlsplit(one), urlsplit(other)
    names = [[name for name, _ in parse_qsl(parts.query, True)] for parts in (first, second)]
    alike = same_host(one, other) and first.path == second.path and first.query != second.query
    return alike and (names[0] == names[1] or [] in names)


def same_outlet_host(one: str, other: str) -> bool:
    """Tell whether two hosts are evidently one site's: `rss.example.com.cn`, `www.example.com.cn`.

    Without a list of public suffixes: two common labels, three below a two-letter country whose
    second label is short (`com.cn`, `co.uk`). Decides only which source's name an article bears.
    """
    if one == other:
        return True
    labels, others = (host.split(".")[::-1] for host in (one, other))
    if labels[0].isdigit():  # an IP address
        return False
    needed = 3 if len(labels[0]) == 2 and len(labels) > 1 and len(labels[1]) <= 3 else 2
    return len(labels) >= needed and labels[:needed] == others[:needed]
