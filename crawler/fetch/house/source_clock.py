"""The house judges a source's clock: by a document's dates, and by what is known of its items.

A worker takes off what was learned, or learns it from what one document says. What only the
archive knows decides the rest: which items are new, and what the others were claimed to be.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.model import Entry
from archive.sources.clock_offset import (
    Redating,
    announced_together,
    keep_offset,
    known_entries,
    redate,
)
from archive.sources.declarations import source_state
from config.model import Source
from crawler.fetch.tasks import Listed
from crawler.timing.offset_words import in_hours, in_words
from crawler.timing.offsets import (
    ENOUGH,
    SLACK,
    Sighting,
    claim_of,
    mended,
    shifted,
)

_SAME = timedelta(seconds=1)  # the archive has whole ones


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A listed entry that an offset was taken off."""

    entry: Entry
    claimed: datetime
    stored: Entry | None  # None: it is new


def settle_dates(
    conn: sqlite3.Connection, source: Source, listed: Listed, *, at: datetime
) -> tuple[Listed, str]:
    """Believe, keep or drop the offset that was taken off; give what is listed with the dates that
    hold, and what is news of it, in words. Runs in the transaction of the visit, before it."""
    state = source_state(conn, source.id)
    if state is None or listed.offset_s is None:
        return listed, ""
    offset = timedelta(seconds=listed.offset_s)
    known = known_entries(conn, source.id, listed.entries)
    items = list(_items(listed.entries, source, offset, known))
    if listed.offset_s != state.offset_s:
        return _learn(conn, source, listed, items, before=state.offset_s, at=at)
    seen = [Sighting(claimed=i.claimed, before=_claimed(i.stored, source)) for i in items]
    why = mended(seen, offset=offset, now=at, last_visit=state.last_success or at)
    if not why:
        return listed, ""
    keep_offset(conn, source.id, None)
    count = redate(conn, list(_since_mended(conn, source, offset)), origin=_origin(source), now=at)
    words = f"its dates no longer run {in_hours(offset)} ahead: {why}{_redated(count)}"
    return _put_back(listed, items, offset), words


def _learn(
    conn: sqlite3.Connection,
    source: Source,
    listed: Listed,
    items: Sequence[_Item],
    *,
    before: int | None,
    at: datetime,
) -> tuple[Listed, str]:
    """Items that were put right long ago tell nothing of the clock as it is now."""
    assert listed.offset_s is not None
    offset = timedelta(seconds=listed.offset_s)
    ahead = [item for item in items if item.claimed > at + SLACK]
    settled = sum(_is_dated(item.stored, item.claimed - offset) for item in ahead)
    if settled and len(ahead) - settled < ENOUGH:
        return _put_back(listed, items, offset), ""
    keep_offset(conn, source.id, listed.offset_s)
    earlier = timedelta(seconds=before or 0)
    redatings = [
        _moved(item.stored, earlier - offset)
        for item in items
        if item.stored and _is_dated(item.stored, item.claimed - earlier)
    ]
    count = redate(conn, redatings, origin=_origin(source), now=at)
    words = f"{in_words(listed.offset_s)} ({listed.offset_reason}){_redated(count)}"
    return listed, words


def _items(
    entries: Sequence[Entry], source: Source, offset: timedelta, known: Mapping[str, Entry]
) -> Iterator[_Item]:
    for entry in entries:
        claim = claim_of(entry, source)
        if claim is not None and _is_dated(entry, claim.when - offset):
            yield _Item(entry=entry, claimed=claim.when, stored=known.get(entry.url))


def _claimed(stored: Entry | None, source: Source) -> datetime | None:
    claim = claim_of(stored, source) if stored else None
    if claim is not None:
        return claim.when
    return stored.published or stored.announced if stored else None


def _is_dated(entry: Entry | None, when: datetime) -> bool:
    return bool(entry and entry.published and abs(entry.published - when) < _SAME)


def _since_mended(
    conn: sqlite3.Connection, source: Source, offset: timedelta
) -> Iterator[Redating]:
    """What was dated by the offset when it held no longer: after it was last seen to hold, when an
    item was announced before the time that it claimed."""
    for group in announced_together(conn, source.id):
        claims = [(entry, claim.when) for entry in group if (claim := claim_of(entry, source))]
        if any(entry.announced and when > entry.announced + SLACK for entry, when in claims):
            return
        for entry, when in claims:
            if _is_dated(entry, when - offset):
                yield _moved(entry, offset)


def _moved(entry: Entry, by: timedelta) -> Redating:
    moved = shifted(entry, by)
    assert moved.published is not None
    return Redating(entry=entry, published=moved.published, updated=moved.updated)


def _put_back(listed: Listed, items: Sequence[_Item], offset: timedelta) -> Listed:
    put_back = {item.entry.url: shifted(item.entry, offset) for item in items}
    return replace(
        listed,
        entries=tuple(put_back.get(entry.url, entry) for entry in listed.entries),
        dates=tuple(date and date + offset for date in listed.dates),
        offset_s=None,
    )


def _origin(source: Source) -> str:
    return "sitemap" if source.kind == "sitemap" else "feed"


def _redated(count: int) -> str:
    return f"; {count:,} archived re-dated" if count else ""
