"""A document's window: what it listed last, and whether what it lists now joins on to that.

Pure. A feed shows its newest items, and lets older ones go; when it has moved on by more than it
shows between two visits, nothing that was known is left in it, and what stood in between was never
seen. What the user's rules drop counts as any other item.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from archive.database.times import from_text, to_text
from archive.model import Entry, ListedItem

NEWEST = 5  # of the last list: when none of them is listed any more, the window has moved on
FEWEST = 5  # items; a shorter document has no window: each news may push out all the others
UNPROVEN = 5  # visits with news that shared nothing: deltas, a daily edition, a ranking
KEPT = 100  # items that are remembered
MOST = 1000  # items of a document that are looked at
EARLY = timedelta(minutes=5)  # clocks differ; an item dated later says nothing of its time
_FEW = f"it lists fewer than {FEWEST} items at a time"
_GROWN = f"it listed fewer than {FEWEST} items before, and has never shown news above a known item"
_LESS = "it lists less than before, and has never shown news above a known item"
_BACKDATED = "half of its news is dated before what was known"
BACKDATED = 0.5  # of the news: a list by rank, or one of another kind than by time
AGAIN = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))  # a gap is searched for later
CAP_GROWTH = 1.25  # a visit, of the interval that an overflow has shortened
LONGEST_CAP_S = 86400.0  # from there on it is forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """An item of the last list. `came`: how many items came after it while it was listed."""

    place: int  # in the document, from 0
    came: int
    keys: tuple[str, ...]
    date: int | None = None  # seconds since 1970, where it has a time of day


@dataclass(frozen=True, slots=True, kw_only=True)
class LostTime:
    """The last gap that the visit which noticed it could not close. `tries`: later ones."""

    started: datetime
    ended: datetime
    tries: int = 0

    def is_due(self, at: datetime) -> bool:
        """Whether it is to be searched for once more: a sitemap may have failed, or come late."""
        return self.tries < len(AGAIN) and at - self.ended >= AGAIN[self.tries]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The memory of one source's list. Immutable; `text` is its form in the archive."""

    size: int = 0  # items of the last list
    items: tuple[KnownItem, ...] = ()  # newest first
    dated: bool = False  # all of them were: their dates tell which are the newest
    newest: datetime | None = None  # date of the newest one
    proven: bool = False  # news stood above something known once: it lets the oldest go
    apart: int = 0  # visits with news that shared nothing, before that
    windowless: str = ""  # why it has none, in words; '' where it has one, or nobody knows
    cap_s: float | None = None  # the longest interval at which an overflow would not have been
    lost: LostTime | None = None

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read what `text` gave. Anything else is an empty memory: it is learned anew."""
        if text == "{}":  # of a source that was never visited
            return cls()
        try:
            return _read(json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls()

    def text(self) -> str:
        lost = self.lost
        fields: dict[str, Any] = {
            "size": self.size,
            "dated": self.dated,
            "newest": self.newest and to_text(self.newest),
            "proven": self.proven,
            "apart": self.apart,
            "windowless": self.windowless,
            "cap_s": self.cap_s,
            "lost": lost and [to_text(lost.started), to_text(lost.ended), lost.tries],
            "items": [[item.place, item.came, item.date, *item.keys] for item in self.items],
        }
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def cap_of(cls, text: str) -> float | None:
        """Read `cap_s` alone, of what `text` gave."""
        return None if '"cap_s":null' in text else cls.parse(text).cap_s

    def pins(self) -> frozenset[str]:
        """Keys of pinned items: those that stayed while as many came as the document shows."""
        pinned = (item for item in self.items if item.came >= self.size)
        return frozenset(key for item in pinned for key in item.keys)

    def keys(self) -> frozenset[str]:
        """Keys of what was listed last, pinned items left out."""
        return frozenset(key for item in self.items for key in item.keys) - self.pins()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a list says. `missing`: by dates, None where they don't tell; `says`: once in words."""

    window: Window  # as it is from now on
    apart: bool = False  # nothing joins on to the last list: items may be missing
    doubt: str = ""  # nothing joins on, and why this list can't prove that anything is missing
    missing: int | None = None
    says: str = ""  # that it has no window, and why: the first time


def listed_items(entries: Sequence[Entry]) -> tuple[ListedItem, ...]:
    """Name the items of a document by hashes, in its order; the newest of very many.

    An item is known again by its guid, by its address, or by title and date together: one of
    them changes in some feeds at each visit.
    """
    if len(entries) > MOST:
        if not all(entry.published or entry.updated for entry in entries):
            return ()  # a sitemap in any order: nobody knows where its news stand
        entries = sorted(entries, key=_entry_age)[:MOST]
    return tuple(
        ListedItem(keys=_keys_of(entry), date=entry.published or entry.updated) for entry in entries
    )


def judge(before: Window, items: Sequence[ListedItem], *, at: datetime) -> Judgement:
    """Say whether `items`, listed at `at` (aware), join on to the last list."""
    met = _Meeting(before, items, at)
    after = met.window()
    is_short = len(items) < FEWEST
    if not before.items:  # the first list
        return _without_window(before, after, _FEW) if is_short else Judgement(window=after)
    joins = met.joins()
    if met.arrivals and joins:
        after = replace(after, proven=True)
    if is_short and len(before.items) < FEWEST:
        return _without_window(before, after, _FEW)
    if is_short or not met.arrivals:
        return Judgement(window=after)
    if joins:
        cap_s = before.cap_s and before.cap_s * CAP_GROWTH
        cap_s = None if cap_s and cap_s > LONGEST_CAP_S else cap_s
        return Judgement(window=replace(after, windowless="", cap_s=cap_s))
    if len(items) - met.head < FEWEST:
        return _doubtful(before, after, f"{_FEW}, pinned ones apart")
    if met.arrivals < FEWEST:  # the newest were taken away: so few push nothing else out
        return Judgement(window=after)
    return _apart(before, after, met)


def _apart(before: Window, after: Window, met: _Meeting) -> Judgement:
    """Nothing joins on, and so much is new that it may have pushed out what nobody saw."""
    if not before.proven:
        after = replace(after, apart=before.apart + 1)
        if after.apart >= UNPROVEN:
            return _doubtful(before, after, f"{UNPROVEN} visits with news shared no item")
        if doubt := met.doubt():
            return Judgement(window=replace(after, windowless=""), doubt=doubt)
    after = replace(after, windowless="", cap_s=met.cap_s())
    return Judgement(window=after, apart=True, missing=met.missing())


def with_more(window: Window, items: Sequence[ListedItem]) -> Window:
    """What was listed last, and what a hub has pushed since (WebSub): that is known, too."""
    known = window.keys()
    fresh = [item for item in items if known.isdisjoint(item.keys)]
    if not window.items or not fresh:
        return window
    pushed = tuple(KnownItem(place=-1, came=0, keys=i.keys, date=_moment(i)) for i in fresh)
    dates = [item.date for item in fresh if item.date is not None]
    newest = max([*dates, window.newest]) if dates and window.newest else window.newest
    return replace(window, items=(*pushed, *window.items)[:KEPT], newest=newest)


class _Meeting:
    """The last list beside this one."""

    def __init__(self, before: Window, items: Sequence[ListedItem], at: datetime) -> None:
        self._before, self._items, self._at = before, items, at
        self._dated = all(item.date is not None for item in items)
        self._order = list(range(len(items)))
        if self._dated:
            self._order.sort(key=lambda place: _seconds(items[place].date), reverse=True)
        places: dict[str, int] = {}
        for place, item in enumerate(items):
            for key in item.keys:
                places.setdefault(key, place)
        self._found: dict[int, KnownItem] = {}  # by place in this list
        lost: list[KnownItem] = []
        for known in before.items:
            found = next((places[key] for key in known.keys if key in places), None)
            if found is None:
                lost.append(known)
            else:
                self._found.setdefault(found, known)
        if lost and self._dated:
            self._find_by_date(lost)
        self.unpinned = [item for item in before.items if item.came < before.size]
        self.head = self._standing_head()
        self.arrivals = self._arrivals()

    def joins(self) -> bool:
        """Whether one of the newest that were known is still listed, pinned ones apart.

        What stands at the head as before, over nothing but news, is pinned there.
        """
        newest = self.unpinned[:NEWEST] if self._before.dated else self.unpinned
        below = {id(item) for place, item in self._found.items() if place >= self.head}
        if any(id(item) in below for item in newest):
            return True
        above = {id(item) for place, item in self._found.items() if place < self.head}
        others = any(id(item) in below for item in self.unpinned)
        return others and any(id(item) in above for item in newest)

    def doubt(self) -> str:
        """Why a list that joins on to nothing proves little, of a source that never overlapped."""
        if len(self.unpinned) < FEWEST:
            return _GROWN
        if len(self._items) < self._before.size:  # a window that overflows is full
            return _LESS
        known, dates = self._before.newest, [item.date for item in self._items]
        earlier = sum(1 for date in dates if date and known and date <= known)
        return _BACKDATED if earlier >= BACKDATED * len(dates) else ""

    def window(self) -> Window:
        kept = [self._known(place) for place in self._order[:KEPT]]
        latest = self._at + EARLY
        dates = [item.date for item in self._items if item.date and item.date <= latest]
        return replace(
            self._before,
            size=len(self._items),
            items=tuple(kept),
            dated=self._dated,
            newest=max(dates, default=self._before.newest),
        )

    def missing(self) -> int | None:
        """How many fit between the newest known and the oldest listed, at the pace of the list."""
        spacing, oldest, before = self._spacing_s(), self._oldest(), self._before.newest
        if spacing is None or oldest is None or before is None:
            return None
        return max(1, round((oldest - before).total_seconds() / spacing) - 1)

    def cap_s(self) -> float | None:
        """Half of the time in which the list turns over at its pace, in seconds."""
        spacing = self._spacing_s()
        return self._before.cap_s if spacing is None else spacing * len(self._items) / 2

    def _known(self, place: int) -> KnownItem:
        found = self._found.get(place)
        came = found.came + self.arrivals if found else 0
        item = self._items[place]
        return KnownItem(place=place, came=came, keys=item.keys, date=_moment(item))

    def _find_by_date(self, lost: Sequence[KnownItem]) -> None:
        """What got another title and address keeps its time: of one item here, and of one there."""
        dates = [_moment(item) for item in self._items]
        for date in _once(dates) & _once(known.date for known in self._before.items):
            known = next((known for known in lost if known.date == date), None)
            if known is not None:
                self._found.setdefault(dates.index(date), known)

    def _standing_head(self) -> int:
        """How many items at the head stand where they stood."""
        for place in range(len(self._items)):
            known = self._found.get(place)
            if known is None or known.place != place:
                return place
        return len(self._items)

    def _arrivals(self) -> int:
        """What is unknown; of more than are kept, only above the oldest that is known."""
        unknown = [place not in self._found for place in self._order]
        if len(unknown) > KEPT and not all(unknown):
            unknown = unknown[: len(unknown) - unknown[::-1].index(False)]
        return sum(unknown)

    def _dates(self) -> list[datetime]:
        """Of the news: items that are known, or older than those that are, say nothing of it."""
        latest, known = self._at + EARLY, self._before.newest
        dates = (item.date for place, item in enumerate(self._items) if place not in self._found)
        timely = (date for date in dates if date is not None and date <= latest)
        return sorted(date for date in timely if known is None or date > known)

    def _oldest(self) -> datetime | None:
        return next(iter(self._dates()), None)

    def _spacing_s(self) -> float | None:
        dates = self._dates()
        if len(dates) < FEWEST or dates[0] == dates[-1]:
            return None
        return (dates[-1] - dates[0]).total_seconds() / (len(dates) - 1)


def _without_window(before: Window, after: Window, why: str) -> Judgement:
    says = "" if before.windowless else why
    return Judgement(window=replace(after, windowless=why), says=says)


def _doubtful(before: Window, after: Window, why: str) -> Judgement:
    return replace(_without_window(before, after, why), doubt=why)


def _once(dates: Iterable[int | None]) -> set[int]:
    """The dates that only one item has."""
    return {date for date, count in Counter(dates).items() if date is not None and count == 1}


def _moment(item: ListedItem) -> int | None:
    """Its date in seconds; None for a bare date."""
    date = item.date
    if date is None or (date.hour, date.minute, date.second) == (0, 0, 0):
        return None
    return int(date.timestamp())


def _entry_age(entry: Entry) -> float:
    return -_seconds(entry.published or entry.updated)


def _seconds(date: datetime | None) -> float:
    return date.timestamp() if date else 0.0


def _keys_of(entry: Entry) -> tuple[str, ...]:
    names = [f"a {entry.url}"]
    if entry.guid:
        names.append(f"g {entry.guid}")
    if entry.title and entry.published_raw:
        names.append(f"t {entry.title} {entry.published_raw}")
    bytes_of = [name.encode("utf-8", "replace") for name in names]
    return tuple([hashlib.blake2b(name, digest_size=5).hexdigest() for name in bytes_of])


def _read(fields: dict[str, Any]) -> Window:
    """Make a Window of its fields; a ValueError, TypeError or KeyError when they are not."""
    cap_s, lost = fields["cap_s"], fields.get("lost")
    return Window(
        size=int(fields["size"]),
        items=tuple(
            KnownItem(
                place=int(place),
                came=int(came),
                date=None if date is None else date + 0,  # a TypeError for words
                keys=tuple(map(str, keys)),
            )
            for place, came, date, *keys in fields["items"][:KEPT]
        ),
        dated=bool(fields["dated"]),
        newest=from_text(fields["newest"]),
        proven=bool(fields["proven"]),
        apart=int(fields["apart"]),
        windowless=str(fields["windowless"]),
        cap_s=None if cap_s is None else float(cap_s),
        lost=lost and _lost(*lost),
    )


def _lost(started: str, ended: str, tries: int) -> LostTime:
    return LostTime(started=from_text(started), ended=from_text(ended), tries=int(tries))
