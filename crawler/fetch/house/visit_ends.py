"""What follows from a visit at the house: who is told, and which file of a sitemap comes next."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from archive.model import SourceState, SourceStatus
from crawler.fetch.house.offers import Offers
from crawler.fetch.house.visit_book import Booked
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import (
    Announced,
    Child,
    NotModified,
    Poll,
    Visited,
    Visiting,
    VisitOutcome,
)

logger = logging.getLogger(__name__)


class Listener(Protocol):
    """Who is told what the house has learned."""

    def visited(self, source_id: str, next_due: datetime | None) -> None:
        """A visit has ended; None: a clock of its own says when the next is, or there is none."""
        ...

    def hub_named(self, source_id: str, hub: str, topic: str) -> None:
        """A feed was read, and names this WebSub hub ('' for none)."""
        ...


@dataclass(slots=True, kw_only=True)
class _Running:
    """A visit whose sitemap files are being read. Mutable: one event loop owns it."""

    status: int | None
    next_due: datetime | None
    tried: set[str] = field(default_factory=set)  # addresses of files
    remarks: list[str] = field(default_factory=list)


class VisitEnds:
    """`gone`: sources with nothing to visit (410). `pushed`: those whose hub pushed after a visit
    last brought news."""

    def __init__(self, *, offers: Offers, tallies: Tallies, listener: Listener):
        self._offers, self._tallies, self._listener = offers, tallies, listener
        self._running: dict[str, _Running] = {}
        self.gone: set[str] = set()
        self.pushed: set[str] = set()

    def learn_the_gone(self, states: dict[str, SourceState]) -> None:
        self.gone = {i for i, state in states.items() if state.status is SourceStatus.GONE}

    def tried(self, task: Child) -> set[str]:
        """The sitemap files that were tried in the visit that a file is of."""
        running = self._running.get(task.source.id)
        return running.tried if running else set()

    def drop(self, task: Visiting) -> None:
        """A visit was broken off: its next one reads what this one left."""
        self._running.pop(task.source.id, None)

    def follow(self, task: Visiting, outcome: VisitOutcome, booked: Booked) -> None:
        """Tell what an outcome brought; end the visit, or go on with the next file."""
        self._count(task, booked)
        if booked.state is not None:
            self._offers.states.keep(booked.state)
        if isinstance(task, Poll):
            running = self._begin(task, outcome, booked)
        else:
            running = self._running[task.source.id]
            running.tried.add(task.url)
            if booked.entered is not None and booked.entered.plan is not None:
                running.next_due = booked.entered.plan.next_due
        if booked.remark:
            running.remarks.append(booked.remark)
            logger.warning("%s: %s", task.source.id, booked.remark)
        if booked.following is not None:
            self._running[task.source.id] = running
            self._offers.follow(task, *booked.following)
            return
        self._running.pop(task.source.id, None)
        failed = outcome.failed if isinstance(outcome, Visited) else None
        error = failed.reason if failed and isinstance(task, Poll) else ""
        if error:
            logger.info("%s was not read: %s", task.source.id, error)
        self._tallies.visited(
            task.source.id, status=running.status, error=error, remark="; ".join(running.remarks)
        )
        self._listener.visited(task.source.id, running.next_due)

    def _count(self, task: Visiting, booked: Booked) -> None:
        entered, source_id = booked.entered, task.source.id
        if entered is None:
            return
        self._tallies.announced(
            source_id,
            found=booked.found,
            new=entered.new,
            deferred=entered.deferred,
            dropped=booked.dropped,
            unaddressed=booked.unaddressed,
            note=entered.note,
        )
        if entered.note:
            logger.info("%s: %s", source_id, entered.note)
        self._offers.announced(source_id, entered.hosts)
        if entered.new:
            self.pushed.discard(source_id)

    def _begin(self, task: Poll, outcome: VisitOutcome, booked: Booked) -> _Running:
        source, answered = task.source, outcome.answered
        status = answered.status if answered else None
        if isinstance(outcome, NotModified):  # also where it came whole, the same as before
            status = 304
        if not isinstance(outcome, Visited):
            self.gone.discard(source.id)
        elif status == 410:
            self.gone.add(source.id)
        document = booked.document
        if document and not source.kind:
            self._offers.learn_kind(source, document)
        if isinstance(outcome, Announced) and document == "feed":
            self._listener.hub_named(source.id, outcome.hub, outcome.topic)
        plan = booked.entered.plan if booked.entered else None
        return _Running(status=status, next_due=plan.next_due if plan else None)
