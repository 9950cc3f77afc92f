"""A visit from response to announcement: what its document lists, and which document comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scrapy.http import Response

from archive import entries as owing
from archive import sources as known
from archive.model import Document, Visit
from archive.writer import Writer
from config.model import Source
from crawler.discover.model import Discovered
from crawler.discover.select import select_entries
from crawler.fetch.clock import Clock
from crawler.fetch.pool import ExtractionPool
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import Answer, Look, Poll
from crawler.fetch.work import Work

DOCUMENTS_PER_VISIT = 20  # children of a sitemap index; the rest waits for the next visits


class Visits:
    """Turns responses of sources into announcements. Every method gives the next look, or None."""

    def __init__(
        self,
        *,
        writer: Writer,
        pool: ExtractionPool,
        work: Work,
        tallies: Tallies,
        clock: Clock,
        interval: timedelta,
    ):
        self._writer, self._pool, self._work = writer, pool, work
        self._tallies, self._clock, self._interval = tallies, clock, interval

    async def begin(self, task: Poll) -> Look:
        """The first look of a visit, with the validators of the last one."""
        source = task.source
        state = await self._writer.run(known.source_state, source.id)
        self._tallies.visiting(source.id, source.name)
        validators = None
        if state and state.validators_url:
            validators = (state.validators_url, state.etag, state.last_modified)
        return Look(
            task=task,
            url=source.url,
            kind=source.kind or (state.kind if state else "") or None,
            at=self._clock.now(),
            started=self._clock.monotonic(),
            validators=validators,
        )

    async def answered(self, look: Look, response: Response) -> Look | None:
        if look.document is not None:
            return await self._document(look, response)
        answer = look.first or _answer(response)
        look = replace(look, first=answer, seen=(*look.seen, look.url))
        if response.status == 304:
            return await self._announce(look, Discovered(kind=look.kind or "feed"))
        if response.status != 200:
            return await self._broken(look, f"HTTP {response.status}")
        discovered = await self._read(look, response)
        if discovered.error:
            return await self._broken(look, discovered.error)
        return await self._gathered(look, discovered)

    async def failed(self, look: Look, error: str) -> Look | None:
        """The request came to nothing: `error` says why."""
        if look.document is not None:
            return await self._document_failed(look)
        return await self._broken(replace(look, first=look.first or Answer(status=None)), error)

    async def _read(self, look: Look, response: Response) -> Discovered:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return await self._pool.read(
            response.body,
            url=response.url,
            content_type=content_type,
            source=look.task.source,
            kind=look.kind,
        )

    async def _gathered(self, look: Look, discovered: Discovered) -> Look | None:
        source = look.task.source
        selection = select_entries(discovered.entries, source=source, now=look.at)
        look = replace(
            look,
            kind=look.kind or discovered.kind,
            entries=(*look.entries, *selection.entries),
            found=look.found + discovered.found,
            dropped=look.dropped + selection.dropped,
        )
        following = discovered.next_page
        if following and following not in look.seen and len(look.seen) < source.pages:
            return replace(look, url=following, validators=None)
        return await self._announce(look, discovered)

    async def _broken(self, look: Look, error: str) -> Look | None:
        """Announce what pages 1, 2, … gave before this failure, without the validators."""
        assert look.first is not None
        if look.entries:
            first = replace(look.first, etag=None, last_modified=None)
            error = f"page {len(look.seen)}: {error}"
            look = replace(look, first=first)
        return await self._announce(look, Discovered(kind=look.kind or "feed"), error)

    async def _announce(
        self, look: Look, discovered: Discovered, error: str | None = None
    ) -> Look | None:
        assert look.first is not None
        source, first = look.task.source, look.first
        now = self._clock.now()
        visit = Visit(
            source_id=source.id,
            at=look.at,
            status=first.status,
            error=error,
            found=look.found,
            dropped=look.dropped,
            bytes=first.bytes,
            seconds=round(self._clock.monotonic() - look.started, 3),
            etag=first.etag,
            last_modified=first.last_modified,
            validators_url=first.url or None,
            next_due=now + (source.interval or self._interval),
            kind=look.kind,
        )
        announced = await self._writer.run(
            owing.announce,
            visit,
            look.entries,
            now=now,
            documents=_in_window(discovered.documents, source, now),
            max_owed=source.max_owed,
        )
        self._tallies.announced(
            source.id, found=look.found, new=announced.new, deferred=announced.deferred
        )
        if look.kind and source.kind is None:
            self._work.learn_kind(source, look.kind)
        self._work.announced(source.id, announced.hosts)
        if error or look.kind != "sitemap":
            return self._finish(look, error or "")
        return await self._next_document(replace(look, visit_id=announced.visit_id, seen=()))

    def _finish(self, look: Look, error: str = "") -> None:
        assert look.first is not None
        self._tallies.visited(look.task.source.id, status=look.first.status, error=error)
        self._work.done(look.task)

    # The children of a sitemap index

    async def _next_document(self, look: Look) -> Look | None:
        """The newest child that is still to be read and was not tried in this visit."""
        if len(look.seen) >= DOCUMENTS_PER_VISIT:
            return self._finish(look)
        unread = await self._writer.run(
            owing.unread_documents, look.task.source.id, limit=DOCUMENTS_PER_VISIT
        )
        document = next((d for d in unread if d.url not in look.seen), None)
        if document is None:
            return self._finish(look)
        return replace(
            look,
            url=document.url,
            kind="sitemap",
            validators=None,
            document=document,
            seen=(*look.seen, document.url),
        )

    async def _document(self, look: Look, response: Response) -> Look | None:
        assert look.document is not None
        assert look.visit_id is not None
        source, now = look.task.source, self._clock.now()
        discovered = await self._read(look, response) if response.status == 200 else None
        if discovered is None or discovered.error:
            return await self._document_failed(look)
        selection = select_entries(discovered.entries, source=source, now=look.at)
        announced = await self._writer.run(
            owing.announce_document,
            look.visit_id,
            source.id,
            look.document,
            selection.entries,
            now=now,
            documents=_in_window(discovered.documents, source, now),
            max_owed=source.max_owed,
        )
        self._tallies.announced(
            source.id, found=discovered.found, new=announced.new, deferred=announced.deferred
        )
        self._work.announced(source.id, announced.hosts)
        return await self._next_document(look)

    async def _document_failed(self, look: Look) -> Look | None:
        await self._writer.run(owing.document_failed, look.task.source.id, look.document)
        return await self._next_document(look)


def _answer(response: Response) -> Answer:
    def header(name: str) -> str | None:
        value = response.headers.get(name)
        return value.decode("latin-1") if value else None

    return Answer(
        status=response.status,
        url=response.url,
        etag=header("ETag"),
        last_modified=header("Last-Modified"),
        bytes=len(response.body),
    )


def _in_window(
    documents: Sequence[Document], source: Source, now: datetime
) -> tuple[Document, ...]:
    """Leave out the children that were last changed before the source's `since`."""
    oldest = source.oldest(now)
    return tuple(d for d in documents if not (oldest and d.lastmod and d.lastmod < oldest))
