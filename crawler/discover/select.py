"""Which of a document's entries are announced: the user's rules, and each address once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from archive.model import Entry
from archive.text.lines import letters
from config.model import Source
from crawler.text.addresses import item_url


class Unused(StrEnum):
    """Why an item that a document lists is not announced."""

    UNADDRESSED = "without a usable address"
    EXCLUDED = "left out by include or exclude"
    OLD = "from before since"
    MERGED = "known already under another address"
    OLD_FILE = "of its files from before since"
    ITSELF = "the sitemap index itself"
    BEYOND = "behind the first 50,000, which is all that is read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The entries to announce, how many the user's rules dropped, and why those that are left."""

    entries: tuple[Entry, ...]
    dropped: int
    unused: Counter[str] = field(default_factory=Counter)


def select_entries(entries: Iterable[Entry], *, source: Source, now: datetime) -> Selection:
    """Apply `include`, `exclude` and `since`, and keep the first of entries that are one.

    An entry without a date is never too old. A double is no loss, so it is not counted as dropped.
    """
    distinct = _announced_apart(entries)
    oldest = source.oldest(now)
    wanted = distinct
    if source.include or source.exclude:
        wanted = tuple(entry for entry in distinct if _is_wanted(entry.url, source))
    kept = tuple(
        entry
        for entry in wanted
        if oldest is None or (entry.published or entry.updated or oldest) >= oldest
    )
    counts = {
        Unused.EXCLUDED: len(distinct) - len(wanted),
        Unused.OLD: len(wanted) - len(kept),
    }
    unused = Counter({str(why): count for why, count in counts.items() if count})
    return Selection(entries=kept, dropped=len(distinct) - len(kept), unused=unused)


def _announced_apart(items: Iterable[Entry]) -> tuple[Entry, ...]:
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


def why_nothing(unused: Mapping[str, int], listed: int) -> str:
    """Say why none of the listed items is announced, with counts, and what helps."""
    return f"{listed:,} listed, none announced: {left_out(unused)}"


def files_without_addresses(files: int) -> str:
    """Say that a sitemap index leads to no page: to itself, to further ones, to empty files."""
    which = "the one file" if files == 1 else f"none of the {files:,} files"
    holds = "holds no address" if files == 1 else "holds an address"
    return f"{which} of its sitemap index that this visit read {holds}: try another address"


def left_out(unused: Mapping[str, int]) -> str:
    """Say why items are not announced: the commonest reason first, with what helps."""
    reasons = sorted(unused.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count:,} {why}{_REMEDIES.get(why, '')}" for why, count in reasons)


_REMEDIES: Mapping[str, str] = {Unused.UNADDRESSED: ' (set full_content = "feed")'}


def _is_wanted(url: str, source: Source) -> bool:
    if any(re.search(pattern, url) for pattern in source.exclude):
        return False
    return not source.include or any(re.search(pattern, url) for pattern in source.include)
