"""Which of a document's entries are announced: the user's rules, and each address once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from archive.model import Entry
from config.model import Source
from crawler.discover.entry import first_of_each_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The entries to announce, and how many the user's rules dropped."""

    entries: tuple[Entry, ...]
    dropped: int


def select_entries(entries: Iterable[Entry], *, source: Source, now: datetime) -> Selection:
    """Apply `include`, `exclude` and `since`, and keep the first of entries with equal URL.

    An entry without a date is never too old. A double is no loss, so it is not counted as dropped.
    """
    distinct = first_of_each_url(entries)
    oldest = source.oldest(now)
    kept = tuple(e for e in distinct if _is_wanted(e.url, source) and not _is_older(e, oldest))
    return Selection(entries=kept, dropped=len(distinct) - len(kept))


def _is_wanted(url: str, source: Source) -> bool:
    if any(re.search(pattern, url) for pattern in source.exclude):
        return False
    return not source.include or any(re.search(pattern, url) for pattern in source.include)


def _is_older(entry: Entry, oldest: datetime | None) -> bool:
    moment = entry.published or entry.updated
    return oldest is not None and moment is not None and moment < oldest
