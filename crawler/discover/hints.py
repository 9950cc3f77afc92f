"""What a feed says about its own visits: when it wants them, and which hub would spare them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from crawler.discover.model import Hints
from crawler.text.addresses import absolute, canonical_url, same_site

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = re.compile(r"\s*\+?(\d{1,6})(?:\.\d*)?\s*")
_SKIP_HOURS = re.compile(r"<skipHours\s*>", re.IGNORECASE)
_SKIP_DAYS = re.compile(r"<skipDays\s*>", re.IGNORECASE)
_HOUR = re.compile(r"<hour\s*>\s*(\d{1,2})\s*<", re.IGNORECASE)
_DAY = re.compile(r"<day\s*>\s*(\w{6,9})\s*<", re.IGNORECASE)
_LIST_CHARS = 2000  # of a list of hours or days


def feed_hints(channel: dict[str, Any], text: str) -> Hints:
    """Read RSS 2.0 `ttl`, `skipHours`, `skipDays` and RSS 1.0 `sy:update…`; nonsense is no hint.

    `channel` is feedparser's; it keeps only the last of several hours or days, hence `text`.
    """
    hours = _listed(_SKIP_HOURS, _HOUR, text) if "skiphours" in channel else []
    days = _listed(_SKIP_DAYS, _DAY, text) if "skipdays" in channel else []
    asked = [timedelta(minutes=_number(channel.get("ttl"))), _update_period(channel)]
    return Hints(
        ttl=max(asked) or None,
        skip_hours=frozenset(int(hour) % 24 for hour in hours if int(hour) <= 24),
        skip_days=frozenset(_DAYS.index(day.lower()) for day in days if day.lower() in _DAYS),
    )


def hub_and_topic(links: Iterable[dict[str, Any]], base: str) -> tuple[str, str]:
    """Give the WebSub hub among a feed's links and the topic to ask it for; ('', '') without one.

    WebSub §4: rel=hub and rel=self. A feed that names no rel=self is known by its own address.
    """
    hubs = [link for link in links if "hub" in _relations(link)]
    own = [link for link in links if "self" in _relations(link)]
    hub, topic = _address(hubs, base), _address(own, base)
    return (hub, topic or base) if hub else ("", "")


def older_page(links: Iterable[dict[str, Any]], base: str) -> str:
    """Give the page that goes on where a feed ends; '' without one of its own site.

    RFC 5005: rel=next of a paged feed (§3), rel=prev-archive of an archived one (§4).
    """
    known = [*links]
    for relation in ("next", "prev-archive"):
        address = _address([link for link in known if relation in _relations(link)], base)
        if address and same_site(address, base) and canonical_url(address) != canonical_url(base):
            return address
    return ""


def _update_period(channel: dict[str, Any]) -> timedelta:
    """`sy:updateBase` is ignored: nobody keeps to it."""
    word = channel.get("sy_updateperiod")
    period = _PERIODS.get(word.strip().lower()) if isinstance(word, str) else None
    return (period or timedelta(0)) / max(1, _number(channel.get("sy_updatefrequency")))


def _number(value: object) -> int:
    match = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match else 0


def _listed(begin: re.Pattern[str], item: re.Pattern[str], text: str) -> list[str]:
    start = begin.search(text)
    if start is None:
        return []
    return item.findall(text[start.end() : start.end() + _LIST_CHARS])


def _relations(link: dict[str, Any]) -> list[str]:
    relations = link.get("rel")
    return relations.lower().split() if isinstance(relations, str) else []


def _address(links: Iterable[dict[str, Any]], base: str) -> str:
    """The first http(s) address among links, absolute."""
    written = (link.get("href") for link in links)
    addresses = (absolute(base, href) for href in written if isinstance(href, str))
    return next(filter(None, addresses), "")
