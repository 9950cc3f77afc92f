"""The house books visits: what a document listed is announced, and what the source learns of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.entries import announcing, attempts, sitemap_children
from archive.entries.announcing import Entered, Planner
from archive.model import Document, HealthRules, Visit
from archive.sources.visits import read_anew
from config.model import Config, Source
from crawler.fetch.house.planning import plan_after_failure, plan_after_success
from crawler.fetch.http.outcomes import Failed
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

DOCUMENTS_PER_VISIT = 20  # files of a sitemap index; the rest waits for the next visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What the archive made of a visit's outcome."""

    entered: Entered | None  # None: a file of a sitemap that could not be read
    found: int
    following: tuple[Document, int, int] | None  # the next file, its attempt, the visit's id


class VisitBook:
    """Each outcome of a visit is one transaction; one that isn't out any more gives None."""

    def __init__(self, config: Callable[[], Config]):
        self._config = config

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
        if not attempts.source_is_out(conn, task.source.id, task.attempt):
            return None
        attempts.raise_source(conn, task.source.id)
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
        listed = listed_by(task, outcome)
        health = self._config().health
        entered = announcing.announce(
            conn,
            self._visit(task, outcome, listed),
            listed.entries,
            now=now,
            documents=listed.sitemaps,
            max_owed=task.source.max_owed,
            plan=self._plan(task.source, outcome, listed, pushed, now),
            rules=HealthRules(silent_after=health.silent_after, failing_after=health.failing_after),
        )
        following = None
        if not isinstance(outcome, Visited) and listed.document == "sitemap":
            following = _next_file(conn, task.source.id, entered.visit_id, set())
        return Booked(entered=entered, found=listed.found, following=following)

    def _visit(self, task: Poll, outcome: VisitOutcome, listed: Listed) -> Visit:
        answered, failed = outcome.answered, _failed(outcome)
        visit = Visit(
            source_id=task.source.id,
            at=outcome.at,
            seconds=outcome.seconds,
            found=listed.found,
            dropped=listed.dropped,
            newest=_newest(listed.dates),
            kind=listed.document,
        )
        if answered is not None:
            visit = replace(
                visit,
                status=answered.status,
                bytes=answered.bytes,
                led_to=answered.led_to,
                validators=answered.validators,
            )
        if failed is None:
            return visit
        weight = self._config().health.failing_after if failed.internal else failed.weight
        return replace(visit, error=failed.reason, weight=weight)

    def _plan(
        self,
        source: Source,
        outcome: VisitOutcome,
        listed: Listed,
        pushed: bool,
        now: datetime,
    ) -> Planner:
        answered, failed = outcome.answered, _failed(outcome)
        schedule = self._config().schedule
        if failed is not None:
            gone = answered is not None and answered.status == 410
            return plan_after_failure(source, schedule, failed, gone=gone, now=now)
        return plan_after_success(
            source,
            schedule,
            at=outcome.at,
            published=_dated(listed.dates),
            hints=listed.hints,
            fresh=answered.fresh if answered else None,
            now=now,
            pushed=pushed,
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
        entered, found = None, 0
        if isinstance(outcome, Announced):
            listed, found = outcome.listed, outcome.listed.found
            entered = announcing.announce_document(
                conn,
                task.visit_id,
                source.id,
                file,
                listed.entries,
                now=now,
                documents=listed.sitemaps,
                max_owed=source.max_owed,
                plan=self._plan(source, outcome, listed, False, now),
            )
        else:
            sitemap_children.document_failed(conn, source.id, file)
        attempts.raise_document(conn, source.id, file.url)
        following = _next_file(conn, source.id, task.visit_id, tried)
        return Booked(entered=entered, found=found, following=following)


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


def listed_by(task: Visiting, outcome: VisitOutcome) -> Listed:
    """What a visit's document lists; of one that was not modified it is known what it is."""
    if not isinstance(outcome, NotModified):
        return outcome.listed
    return Listed(document=task.document if isinstance(task, Poll) else "sitemap")


def _failed(outcome: VisitOutcome) -> Failed | None:
    return outcome.failed if isinstance(outcome, Visited) else None


def _dated(dates: Sequence[datetime | None]) -> tuple[datetime, ...]:
    return tuple(date for date in dates if date is not None)


def _newest(dates: Sequence[datetime | None]) -> datetime | None:
    """The newest date where all items are dated: an undated one may be newer."""
    dated = _dated(dates)
    return max(dated) if dated and len(dated) == len(dates) else None
