"""Items of one document that have one canonical address, and are several all the same. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from archive.model import Entry
from archive.text.lines import letters
from crawler.text.addresses import item_url


def announced_apart(items: Iterable[Entry]) -> tuple[Entry, ...]:
    """Keep the first of items with equal URL, and each further one that is evidently another.

    Guids AND titles must differ, none empty (without guids: the raw addresses): then canonical form
    has taken away what told them apart. Each keeps its raw address; where that is equal, too, it
    gets one by its guid.
    """
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for item in items:
        group = groups[item.url]
        if all(_differ(item, other) for other in group):
            group.append(item)
    return tuple(
        entry
        for group in groups.values()
        for entry in (group if len(group) == 1 else _with_own_addresses(group))
    )


def _differ(one: Entry, other: Entry) -> bool:
    names = (one.guid or one.raw_url, other.guid or other.raw_url)
    titles = (letters(one.title), letters(other.title))
    return names[0] != names[1] and "" not in titles and titles[0] != titles[1]


def _with_own_addresses(group: Sequence[Entry]) -> Iterable[Entry]:
    raw = [entry.raw_url for entry in group]
    return [
        replace(entry, url=entry.raw_url)
        if raw.count(entry.raw_url) == 1
        else replace(entry, url=item_url(entry.url, entry.guid))
        for entry in group
    ]
