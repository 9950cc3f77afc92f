"""What an item of a document is to what the archive knows of its source's entries. Pure."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from archive.articles.evidence import HALF
from archive.database.times import from_text, to_text
from archive.model import Entry, Verdict
from archive.text.hosts import item_address, same_host
from archive.text.lines import letters
from archive.text.sentences import share_in_common

LOOK_AFTER = timedelta(hours=1)  # at most so often for what a feed shows; twice as late if vain
MOST_VAIN = 8  # doublings: after ten days
_LOOKED_AT = (Verdict.REVISED.value, Verdict.UNCHANGED.value)


def without_shared_guids(entries: Sequence[Entry]) -> list[Entry]:
    """Blank a guid that one document gives to several URLs: it identifies nothing."""
    urls: dict[str, set[str]] = {}
    for entry in entries:
        urls.setdefault(entry.guid, set()).add(entry.url)
    return [
        replace(entry, guid="") if entry.guid and len(urls[entry.guid]) > 1 else entry
        for entry in entries
    ]


def newest_first(entries: list[Entry]) -> list[Entry]:
    """Order by date where all have one (a sitemap lists anyhow), else keep the document's order."""
    dates = [date for entry in entries if (date := entry.published or entry.updated)]
    if len(dates) < len(entries):
        return entries
    order = sorted(range(len(entries)), key=dates.__getitem__, reverse=True)
    return [entries[at] for at in order]


def is_same_item(known: sqlite3.Row, entry: Entry) -> bool:
    """Doubt a guid that comes with another URL: title, text or minute must agree; some only count.

    Where nothing does, the page is asked. On another host it is never the same: what a site says
    of another's addresses is no evidence.
    """
    if known["url"] == entry.url:
        return True
    if not same_host(str(known["url"]), entry.url):
        return False
    if letters(entry.title) == letters(known["title"]):
        return True
    if known["published"] is not None and known["published"] == to_text(entry.published):
        return True
    payload = json.loads(known["payload"])
    text = payload.get("content") or payload.get("summary") or ""
    return share_in_common(text, entry.content or entry.summary) >= HALF


def is_another_item(known: sqlite3.Row, entry: Entry) -> bool:
    """Tell whether an address that is known has been given to another item: guid and title differ,
    none empty."""
    guids, titles = (known["guid"], entry.guid), (letters(known["title"]), letters(entry.title))
    differ = guids[0] != guids[1] and titles[0] != titles[1]
    return differ and "" not in (*guids, *titles) and known["url"] == entry.url


def with_own_address(known: sqlite3.Row, entry: Entry) -> Entry:
    """Give an item an address of its own: the raw one, or where that is equal, too, by its guid."""
    if entry.raw_url not in (known["raw_url"], known["url"], entry.url):
        return replace(entry, url=entry.raw_url)
    return replace(entry, url=item_address(entry.url, "guid", entry.guid))


def is_newer(known: sqlite3.Row, entry: Entry) -> bool:
    updated = to_text(entry.updated)
    seen: str = known["updated"] or known["announced"]
    return updated is not None and updated > seen


def worth_a_look(known: sqlite3.Row) -> datetime:
    """Return when a change deserves a fetch: at once, but at most hourly, and after each vain look
    twice as late. Some feeds stamp every item with the time of the poll."""
    closed = from_text(None if known["closed"] is None else str(known["closed"]))
    if closed is None or (known["reason"] or "").partition(":")[0] not in _LOOKED_AT:
        return from_text(str(known["announced"]))
    doubled: int = 2 ** min(int(known["vain"]), MOST_VAIN)
    return closed + LOOK_AFTER * doubled
