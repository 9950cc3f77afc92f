"""A visit at the worker, from response to outcome: what its documents list, and what comes next."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from scrapy.http import Response
from twisted.python.failure import Failure

from archive.model import Document, Validators
from archive.sources.window import listed_items
from config.model import Kind, Source
from crawler.discover.link_header import named_hub
from crawler.discover.model import Discovered
from crawler.discover.select import Unused, select_entries
from crawler.fetch import gap_search
from crawler.fetch.gap_search import GapRequest
from crawler.fetch.http.clock import Clock
from crawler.fetch.http.headers import header_texts
from crawler.fetch.http.outcomes import Failed, of_status
from crawler.fetch.http.own_clock import OwnClock
from crawler.fetch.tasks import (
    DOCUMENT_MAXSIZE,
    Announced,
    Answered,
    Child,
    Listed,
    NotModified,
    Poll,
    Visited,
    Visiting,
)
from crawler.fetch.workers.pool import ExtractionPool
from crawler.timing.offsets import dated
from crawler.timing.revisit import fresh_for

# What the config says of how a document is read: after a change of it the same bytes are read anew.
_READ_BY = frozenset(
    {"hosts", "kind", "language", "timezone", "since", "include", "exclude", "pages", "witness"}
    | {"full_content", "list"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRequest:
    """The first document of a visit, to be asked for."""

    task: Visiting
    url: str
    kind: Kind | None  # what the document is, where that is known before it is read
    at: datetime
    started: float  # monotonic seconds
    cut: str = ""  # digest of an answer that ended too early: the next one decides
    listed = Listed()
    seen: ClassVar[tuple[str, ...]] = ()
    priority = 0
    rendered = False
    max_bytes = DOCUMENT_MAXSIZE

    @property
    def validators(self) -> Validators | None:
        return self.task.validators


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRequest:
    """A further page of a listing, behind those that were read."""

    visit: VisitRequest
    url: str
    first: Answered  # of page 1: it speaks for the source
    listed: Listed
    seen: tuple[str, ...]  # a listing that links in a circle ends
    cut: str = ""  # digest of an answer that ended too early: the next one decides
    priority = 0
    rendered = False
    max_bytes = DOCUMENT_MAXSIZE
    validators: None = None

    @property
    def task(self) -> Visiting:
        return self.visit.task

    @property
    def kind(self) -> Kind | None:
        return self.listed.document


DocumentRequest = VisitRequest | ListingRequest
Following = ListingRequest | GapRequest


class Visits:
    """Turns the responses of a visit into its outcome, or the request for its next document."""

    def __init__(self, *, pool: ExtractionPool, clock: Clock, own_clock: OwnClock):
        self._pool, self._clock, self._own_clock = pool, clock, own_clock

    async def begin(self, task: Visiting) -> VisitRequest:
        return VisitRequest(
            task=task,
            url=task.url,
            kind="sitemap" if isinstance(task, Child) else task.document,
            at=self._clock.now(),
            started=self._clock.monotonic(),
        )

    async def answered(
        self, request: DocumentRequest | GapRequest, response: Response
    ) -> Following | Announced | NotModified | Visited:
        if isinstance(request, GapRequest):
            return await self._search(request, response)
        answered = answered_of(response, now=self._clock.now(), ahead=self._own_clock.ahead)
        if response.status == 304 and isinstance(request, VisitRequest) and request.validators:
            return NotModified(at=request.at, seconds=self._seconds(request), answered=answered)
        if response.status == 200 and isinstance(request, VisitRequest):
            answered = _with_digest(answered, request.task.source, response.body)
            if _is_unchanged(request.task, answered.validators):
                return NotModified(at=request.at, seconds=self._seconds(request), answered=answered)
        if response.status != 200:
            failed = of_status(response) or Failed(reason=f"HTTP {response.status}")
            return self._broken(request, answered, failed)
        discovered = await self._read(response, request.task.source, request.kind)
        if discovered.error:
            return self._broken(request, answered, Failed(reason=discovered.error))
        return self._gathered(request, response, answered, discovered)

    async def failed(
        self, request: DocumentRequest | GapRequest, failure: Failure
    ) -> GapRequest | Announced | Visited:
        """The request came to nothing: a hold, a refusal, or the network."""
        if isinstance(request, GapRequest):
            return gap_search.found_nothing(request)
        return self._broken(request, None, self._own_clock.failed(failure))

    async def _search(self, request: GapRequest, response: Response) -> GapRequest | Announced:
        """A document that was asked for what the first one has let go: it fails no visit."""
        if response.status != 200:
            return gap_search.found_nothing(request)
        if request.form == "robots":
            return gap_search.read_robots(request, response.body.decode("utf-8", "replace"))
        discovered = await self._read(response, request.source, request.kind)
        if discovered.error:
            return gap_search.found_nothing(request)
        return gap_search.read_further(request, discovered)

    async def _read(self, response: Response, source: Source, kind: Kind | None) -> Discovered:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return await self._pool.read(
            response.body,
            url=response.url,
            content_type=content_type,
            source=source,
            kind=kind,
            now=self._clock.now(),
        )

    def _gathered(
        self,
        request: DocumentRequest,
        response: Response,
        answered: Answered,
        discovered: Discovered,
    ) -> Following | Announced:
        source, visit, first = request.task.source, _visit(request), answered
        if isinstance(request, ListingRequest):
            first = request.first
        listed = self._listed(request, discovered, at=visit.at + self._own_clock.ahead)
        seen = (*request.seen, request.url)
        following = discovered.next_page
        if following and following not in seen and len(seen) < source.pages:
            return ListingRequest(visit=visit, url=following, first=first, listed=listed, seen=seen)
        links, hub, topic = response.headers.getlist("Link"), "", ""
        if links or discovered.hub:
            hub, topic = named_hub(
                [value.decode("latin-1") for value in links],
                url=response.url,
                hub=discovered.hub,
                topic=discovered.topic,
                home=source.url,
            )
        announced = Announced(
            at=visit.at,
            seconds=self._seconds(visit),
            answered=first,
            listed=listed,
            hub=hub,
            topic=topic,
        )
        if isinstance(visit.task, Child) or visit.task.listing == "{}":
            return announced  # nothing was listed before that this could join on to
        return gap_search.search_gap(visit.task, announced, following)

    def _listed(self, request: DocumentRequest, discovered: Discovered, *, at: datetime) -> Listed:
        """What this document lists, behind what the earlier ones did. `at`: of the visit."""
        before, source = request.listed, request.task.source
        known = before.offset_s if before.found else request.task.offset_s
        entries, offset = dated(discovered.entries, source, now=at, known=known)
        selection = select_entries(entries, source=source, now=at)
        known_files = {request.url, source.url}  # an index may list itself: it is read once
        documents = [file for file in discovered.documents if file.url not in known_files]
        files = _in_window(documents, source, at) if documents else ()
        unused = Counter(dict(before.unused)) + selection.unused
        unused[Unused.UNADDRESSED] += discovered.unaddressed
        unused[Unused.BEYOND] += discovered.beyond
        unused[Unused.ITSELF] += len(discovered.documents) - len(documents)
        unused[Unused.OLD_FILE] += len(documents) - len(files)
        return Listed(
            document=request.kind or discovered.kind,
            entries=(*before.entries, *selection.entries),
            sitemaps=files,
            found=before.found + discovered.found,
            dropped=before.dropped + selection.dropped,
            unused=tuple((str(why), count) for why, count in unused.items() if count),
            offset_s=offset.seconds,
            offset_reason=offset.reason or before.offset_reason,
            dates=(*before.dates, *(e.published or e.updated for e in entries)),
            items=(*before.items, *listed_items(entries)),
            hints=before.hints if before.found else discovered.hints,
            overlong=before.overlong + discovered.overlong,
        )

    def _broken(
        self, request: DocumentRequest, answered: Answered | None, failed: Failed
    ) -> Visited:
        """What pages 1, 2, … gave before this failure is announced all the same."""
        visit, listed = _visit(request), request.listed
        if isinstance(request, ListingRequest):
            answered = request.first
            failed = replace(failed, reason=f"page {len(request.seen) + 1}: {failed.reason}")
        elif not listed.document:
            listed = replace(listed, document=request.kind)
        return Visited(
            at=visit.at,
            seconds=self._seconds(visit),
            answered=answered,
            failed=failed,
            listed=listed,
        )

    def _seconds(self, visit: VisitRequest) -> float:
        return round(self._clock.monotonic() - visit.started, 3)


def _visit(request: DocumentRequest) -> VisitRequest:
    return request.visit if isinstance(request, ListingRequest) else request


def answered_of(response: Response, *, now: datetime, ahead: timedelta) -> Answered:
    """What a response says of itself. `ahead`: of our clock, the servers', where ours is wrong."""
    headers = header_texts(response.headers)
    return Answered(
        status=response.status,
        validators=validators_of(response.url, headers),
        bytes=len(response.body),
        fresh=fresh_for(headers, now=now + ahead),
        led_to=_led_to(response),
        clock_s=round(ahead.total_seconds()),
    )


def _with_digest(answered: Answered, source: Source, body: bytes) -> Answered:
    """With what the document is known by next time: its bytes, and the rules of reading it."""
    read_by = source.model_dump_json(include=set(_READ_BY)).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(read_by + b"\0" + body).hexdigest()[:32]
    return replace(answered, validators=replace(answered.validators, digest=digest))


def _is_unchanged(task: Visiting, now: Validators) -> bool:
    """Whether a document is byte by byte the one that was read last. While items of it are missing
    it is read all the same: what was let go is searched for again (`gap_search`)."""
    if not isinstance(task, Poll) or task.validators is None or '"lost":[' in task.listing:
        return False
    known = task.validators
    return (known.digest, known.url) == (now.digest, now.url)


def validators_of(url: str, headers: Mapping[str, str]) -> Validators:
    """The version of a document or page, as its response names it."""
    return Validators(url=url, etag=headers.get("ETag"), last_modified=headers.get("Last-Modified"))


def _led_to(response: Response) -> str:
    """Where redirects led when each of them was a permanent one, else ''."""
    assert response.request is not None
    reasons = response.request.meta.get("redirect_reasons", ())
    return response.url if reasons and {*reasons} <= {301, 308} else ""


def _in_window(
    documents: Sequence[Document], source: Source, now: datetime
) -> tuple[Document, ...]:
    """Leave out the children that were last changed before the source's `since`."""
    oldest = source.oldest(now)
    return tuple(d for d in documents if not (oldest and d.lastmod and d.lastmod < oldest))
