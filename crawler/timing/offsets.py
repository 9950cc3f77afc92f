"""By how much a source's dates run ahead: local time that is labelled GMT, learned from documents.

One item in the future tells nothing: it may be an embargo, or a slip. What all items of a document
tell together does. An offset is a zone, as a whole: what lies in the past of it moves with what
lies in the future, so that the order of the news stays. A pure function of claims, clock, and what
was learned before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.model import Entry
from config.model import Source
from crawler.discover.entry import zone_of
from crawler.text.dates import read_moment
from crawler.timing.offset_words import in_hours, utc

ENOUGH = 3  # items in the future: fewer may each have a reason of its own
ENOUGH_MORE = 2  # beyond the offset that is believed already: a larger one is the right one
SLACK = timedelta(minutes=15)  # by which clocks differ; no zone is nearer to another
FARTHEST = timedelta(hours=14)  # of all zones; what lies farther ahead is explained by none
STRAYS = 4  # for each item that no zone explains so many must be explained
LATE = timedelta(hours=1)  # behind the last visit, which did not list it
# the zones in which nearly everybody lives: hours, and those of Iran and India
_ZONES = tuple(timedelta(minutes=m) for m in sorted((*range(60, 841, 60), 210, 330)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """When a document says that an item was published."""

    when: datetime  # aware
    zoned: bool = False  # in a zone of its own: neither GMT nor none


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """By how many seconds dates run ahead (None: by none), and in words why that is believed.

    `reason` is '' where it is what was believed before.
    """

    seconds: int | None
    reason: str = ""
    of_zoned: bool = False  # also of dates that name a zone of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An item as a document claims it now, and as it was claimed when it was first listed."""

    claimed: datetime
    before: datetime | None = None  # None: it is new


def learn_offset(
    claims: Sequence[Claim],
    *,
    now: datetime,
    known: int | None = None,
    likely: timedelta | None = None,
) -> Offset:
    """Decide by how much a document's dates run ahead of the time.

    An offset is believed when at least ENOUGH items lie in the future as they are claimed, and
    none under it. `likely`, the offset of the source's own zone, is tried first, then the zones
    from the smallest on: it takes a fresh item to tell Tokyo from Beijing. `known` stays until
    ENOUGH_MORE lie in the future under it as well (see `mended` for its end).

    Dates that name a zone of their own count only where no others are there; beside others they
    are `of_zoned` where they lie in the future too, and in the past under the same offset.
    """
    loose = [claim.when - now for claim in claims if not claim.zoned]
    zoned = [claim.when - now for claim in claims if claim.zoned]
    counted = loose or zoned
    seconds, reason = _believed(counted, known, likely)
    if seconds is None:
        return Offset(seconds=None)
    offset = timedelta(seconds=seconds)
    ahead = [lead for lead in zoned if lead > SLACK]
    share = not loose or (bool(ahead) and all(lead <= offset + SLACK for lead in ahead))
    return Offset(seconds=seconds, reason=reason, of_zoned=share)


def _believed(
    leads: Sequence[timedelta], known: int | None, likely: timedelta | None
) -> tuple[int | None, str]:
    ahead = [lead for lead in leads if lead > SLACK]
    explained = [lead for lead in ahead if lead <= FARTHEST + SLACK]
    strays = len(ahead) - len(explained)
    if len(explained) < max(ENOUGH, strays * STRAYS):
        return known, ""
    if known is not None:
        beyond = sum(lead > timedelta(seconds=known) + SLACK for lead in explained)
        if beyond < ENOUGH_MORE:
            return known, ""
    first = (likely,) if likely else ()
    farthest = max(explained)
    zones = (zone for zone in (*first, *_ZONES) if farthest <= zone + SLACK)
    zone = next(zones)
    words = f"{len(explained)} of {len(leads)} items lay in the future, and none do at {utc(zone)}"
    return round(zone.total_seconds()), words


def mended(
    items: Iterable[Sighting], *, offset: timedelta, now: datetime, last_visit: datetime
) -> str:
    """Say why an offset holds no longer: the outlet has set its clock right; '' while it holds.

    Either known items are claimed earlier by just the offset than they were. Or new ones come hours
    old under it: published, if it still held, long before the last visit, which did not list them,
    while what they claim is just now. Where other items still lie in the future as they are
    claimed, one new item may be a late one; two are none.
    """
    items = list(items)
    moved = sum(_moved(item, offset) for item in items)
    ahead = sum(item.claimed > now + SLACK for item in items)
    if moved > ahead:
        return f"{_items(moved, 'known')} now dated {in_hours(offset)} earlier"
    news = [item.claimed for item in items if item.before is None]
    late = [when for when in news if when - offset < last_visit - LATE]
    fresh = any(when > last_visit - offset for when in late)
    if not fresh or len(late) < len(news) or any(when > now + SLACK for when in news):
        return ""
    if ahead and len(news) < ENOUGH_MORE:
        return ""
    return f"{_items(len(news), 'new')} else {in_hours(offset)} late"


def _items(count: int, kind: str) -> str:
    return f"{count} {kind} item is" if count == 1 else f"{count} {kind} items are"


def _moved(item: Sighting, offset: timedelta) -> bool:
    if item.before is None:
        return False
    return abs(item.before - item.claimed - offset) < timedelta(minutes=1)


def claim_of(entry: Entry, source: Source) -> Claim | None:
    """What a document said of an entry's time, read again in its own words."""
    moment = read_moment(entry.published_raw, zone_of(source, entry.language, entry.title))
    if moment is None or entry.published is None:
        return None
    return Claim(when=moment.when, zoned=bool(moment.when.utcoffset()))


def dated(
    entries: Sequence[Entry], source: Source, *, now: datetime, known: int | None
) -> tuple[tuple[Entry, ...], Offset]:
    """Give a document's entries as they are to be dated, and the offset that was taken off."""
    soon = now + SLACK
    ahead = sum(entry.published is not None and entry.published > soon for entry in entries)
    if known is None and ahead < ENOUGH:
        return tuple(entries), Offset(seconds=None)  # nearly every document there is
    claims = [claim_of(entry, source) for entry in entries]
    home = zone_of(source, entries[0].language, entries[0].title) if entries else None
    offset = learn_offset(
        [claim for claim in claims if claim],
        now=now,
        known=known,
        likely=home.utcoffset(now) if home else None,
    )
    if offset.seconds is None:
        return tuple(entries), offset
    runs_ahead = timedelta(seconds=offset.seconds)
    return tuple(
        shifted(entry, -runs_ahead) if claim and (offset.of_zoned or not claim.zoned) else entry
        for entry, claim in zip(entries, claims, strict=True)
    ), offset


def shifted(entry: Entry, by: timedelta) -> Entry:
    """Move an entry's times; what the document said stays in `published_raw`."""
    published = entry.published and entry.published + by
    updated = entry.updated and entry.updated + by
    return replace(entry, published=published, updated=updated)
