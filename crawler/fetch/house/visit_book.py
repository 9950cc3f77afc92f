"""The house books visits: what a document listed is announced, and what the source learns of it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from archive.entries import announcing, attempts, sitemap_children
from archive.entries.announcing import Entered, Planner
from archive.model import Document, HealthRules, SourceState, Visit
from archive.sources.declarations import source_state
from archive.sources.visits import forget_digest, read_anew, remark_on
from config.model import Config, Kind, ScheduleSettings, Source
from crawler.discover.select import Unused, files_without_addresses, why_nothing
from crawler.fetch.house.planning import plan_after_failure, plan_after_success
from crawler.fetch.house.source_clock import settle_dates
from crawler.fetch.tasks import (
    Announced,
    Child,
    Listed,
    NotModified,
    Poll,
    Visited,
    Visiting,
    VisitOutcome,
)

_OVERLONG = "names of persons left out, as they are longer than any is"
DOCUMENTS_PER_VISIT = 20  # files of a sitemap index; the rest waits for the next visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What the archive made of a visit's outcome."""

    entered: Entered | None  # None: a file of a sitemap that could not be read
    document: Kind | None  # what was read; None where it is not known
    found: int  # items, before any rule dropped some
    dropped: int
    unaddressed: int  # items without an address that a page can have
    remark: str  # what is odd about the visit, though it was read; '' for nothing
    following: tuple[Document, int, int] | None  # the next file, its attempt, the visit's id
    state: SourceState | None = None  # of the source afterwards; None where the visit goes on


@dataclass(slots=True, kw_only=True)
class _Sum:
    """What the documents of a visit came to. Mutable: the writer's thread owns it."""

    listed: int = 0  # items, and files of a sitemap index that are too old to be read
    known: int = 0  # items and files that were there before, under this very address
    new: int = 0  # items that were announced, or wait for room
    found: int = 0  # items
    files: int = 0  # of a sitemap index that were read
    unused: Counter[str] = field(default_factory=Counter)

    def add(self, listed: Listed, entered: Entered, *, is_file: bool) -> None:
        """`is_file`: of a sitemap index, whose items now speak for it."""
        if not (listed.found or listed.entries or listed.unused or listed.sitemaps or is_file):
            return
        unused = Counter(dict(listed.unused))
        self.found += listed.found
        self.files += is_file
        self.listed += listed.found + unused[Unused.OLD_FILE] + unused[Unused.ITSELF]
        self.new += entered.new + entered.deferred
        met = len(listed.entries) - entered.new - entered.deferred
        self.known += met - entered.merged + len(listed.sitemaps) - is_file
        self.unused += unused + Counter({str(Unused.MERGED): entered.merged})

    def remark(self) -> str:
        """Say why nothing was announced, where it isn't that all is known already."""
        if self.files and not self.found:
            return files_without_addresses(self.files)
        if self.new or not self.unused or self.known > 0:
            return ""
        return why_nothing(self.unused, self.listed)


class VisitBook:
    """Each outcome of a visit is one transaction; one that isn't out any more gives None."""

    def __init__(self, config: Callable[[], Config]):
        self._config = config
        self._sums: dict[str, _Sum] = {}  # of visits whose sitemap files are being read

    def book(
        self,
        conn: sqlite3.Connection,
        task: Visiting,
        outcome: VisitOutcome,
        *,
        tried: set[str],
        pushed: bool,
        now: datetime,
    ) -> Booked | None:
        """`tried`: files read in this visit. `pushed`: a hub brings the source's news."""
        if isinstance(task, Child):
            return self._child(conn, task, outcome, tried, now)
        if not attempts.book_source(conn, task.source.id, task.attempt):
            return None
        if task.anew:
            read_anew(conn, task.source.id)
        return self._poll(conn, task, outcome, pushed, now)

    def _poll(
        self,
        conn: sqlite3.Connection,
        task: Poll,
        outcome: VisitOutcome,
        pushed: bool,
        now: datetime,
    ) -> Booked:
        if isinstance(outcome, NotModified):  # it is known what it is
            listed = Listed(document=task.document, hints=task.hints)
        else:
            listed = outcome.listed
        clock, config = "", self._config()
        if listed.offset_s is not None:
            listed, clock = settle_dates(conn, task.source, listed, at=_by_the_web(outcome))
        health = config.health
        entered = announcing.announce(
            conn,
            _visit(task, outcome, listed, failing_after=health.failing_after),
            listed.entries,
            now=now,
            documents=listed.sitemaps,
            max_owed=task.source.max_owed,
            plan=_planner(task.source, config.schedule, outcome, listed, pushed, now),
            rules=HealthRules(silent_after=health.silent_after, failing_after=health.failing_after),
        )
        following = None
        if not isinstance(outcome, Visited) and listed.document == "sitemap":
            following = _next_file(conn, task.source.id, entered.visit_id, set())
        self._sums[task.source.id] = _Sum()
        return self._booked(conn, task, entered.visit_id, entered, listed, clock, following)

    def _booked(
        self,
        conn: sqlite3.Connection,
        task: Visiting,
        visit_id: int,
        entered: Entered | None,
        listed: Listed,
        clock: str,
        following: tuple[Document, int, int] | None,
    ) -> Booked:
        """Give the visit with what is odd: of the clock at once, of the whole at its end."""
        so_far = self._sums.setdefault(task.source.id, _Sum())
        if entered is not None:
            so_far.add(listed, entered, is_file=isinstance(task, Child))
        words = "" if following else self._sums.pop(task.source.id).remark()
        unused = dict(listed.unused)
        beyond = unused.get(Unused.BEYOND, 0)
        cut = f"{beyond:,} {Unused.BEYOND}" if beyond and not words else ""
        names = f"{listed.overlong:,} {_OVERLONG}" if listed.overlong else ""
        remark = "; ".join(filter(None, (clock, words, cut, names)))
        if remark:
            remark_on(conn, visit_id, remark)
            forget_digest(conn, task.source.id)
        return Booked(
            entered=entered,
            document=listed.document,
            found=listed.found,
            dropped=listed.dropped,
            unaddressed=unused.get(Unused.UNADDRESSED, 0),
            remark=remark,
            following=following,
            state=None if following else source_state(conn, task.source.id),
        )

    def _child(
        self,
        conn: sqlite3.Connection,
        task: Child,
        outcome: VisitOutcome,
        tried: set[str],
        now: datetime,
    ) -> Booked | None:
        source, file = task.source, task.sitemap
        if not attempts.document_is_out(conn, source.id, file.url, task.attempt):
            return None
        tried = tried | {file.url}
        entered, listed, clock = None, Listed(), ""
        if isinstance(outcome, Announced):
            listed = outcome.listed
            if listed.offset_s is not None:
                listed, clock = settle_dates(conn, source, listed, at=_by_the_web(outcome))
            entered = announcing.announce_document(
                conn,
                task.visit_id,
                source.id,
                file,
                listed.entries,
                now=now,
                documents=listed.sitemaps,
                max_owed=source.max_owed,
                plan=_planner(source, self._config().schedule, outcome, listed, False, now),
            )
        else:
            sitemap_children.document_failed(conn, source.id, file)
        attempts.raise_document(conn, source.id, file.url)
        following = _next_file(conn, source.id, task.visit_id, tried)
        return self._booked(conn, task, task.visit_id, entered, listed, clock, following)


def _visit(task: Poll, outcome: VisitOutcome, listed: Listed, *, failing_after: float) -> Visit:
    said: dict[str, Any] = {}
    if (answered := outcome.answered) is not None:
        said = {
            "status": answered.status,
            "bytes": answered.bytes,
            "led_to": answered.led_to,
            "validators": answered.validators,
            "clock_s": answered.clock_s,
        }
    if isinstance(outcome, Visited):
        failed = outcome.failed
        said |= {
            "error": failed.reason,
            "weight": failing_after if failed.internal else failed.weight,
        }
    return Visit(
        source_id=task.source.id,
        at=outcome.at,
        seconds=outcome.seconds,
        found=listed.found,
        dropped=listed.dropped,
        newest=_newest(listed.dates),
        items=listed.items,
        search=listed.search,
        kind=listed.document,
        **said,
    )


def _planner(
    source: Source,
    schedule: ScheduleSettings,
    outcome: VisitOutcome,
    listed: Listed,
    pushed: bool,
    now: datetime,
) -> Planner:
    answered = outcome.answered
    if isinstance(outcome, Visited):
        gone = answered is not None and answered.status == 410
        return plan_after_failure(source, schedule, outcome.failed, gone=gone, now=now)
    return plan_after_success(
        source,
        schedule,
        at=outcome.at,
        published=_dated(listed.dates, answered.clock_s if answered else 0),
        hints=listed.hints,
        fresh=answered.fresh if answered else None,
        now=now,
        pushed=pushed,
    )


def _next_file(
    conn: sqlite3.Connection, source_id: str, visit_id: int, tried: set[str]
) -> tuple[Document, int, int] | None:
    """The newest file that is still to be read and was not tried in this visit."""
    if len(tried) >= DOCUMENTS_PER_VISIT:
        return None
    unread = sitemap_children.unread_documents(conn, source_id, limit=DOCUMENTS_PER_VISIT)
    file = next((d for d in unread if d.url not in tried), None)
    if file is None:
        return None
    return file, attempts.raise_document(conn, source_id, file.url), visit_id


def _by_the_web(outcome: VisitOutcome) -> datetime:
    """When a visit was made, by the servers' clocks where ours is wrong."""
    return outcome.at + timedelta(seconds=outcome.answered.clock_s if outcome.answered else 0)


def _dated(dates: Sequence[datetime | None], clock_s: int = 0) -> tuple[datetime, ...]:
    """The dates that are given, by our clock, which is `clock_s` behind those of the servers."""
    given = [date for date in dates if date is not None]
    return tuple(date - timedelta(seconds=clock_s) for date in given) if clock_s else tuple(given)


def _newest(dates: Sequence[datetime | None]) -> datetime | None:
    """The newest date where all items are dated: an undated one may be newer."""
    dated = [date for date in dates if date is not None]
    return max(dated) if dated and len(dated) == len(dates) else None
