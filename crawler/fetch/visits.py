"""A visit from response to announcement: what its document lists, and which document comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from scrapy.http import Response

from archive import entries as owing
from archive import sources as known
from archive.announcing import Announced
from archive.model import Document, HealthRules, SourceState, SourceStatus, Visit
from archive.visits import read_anew
from archive.writer import Writer
from config.model import Config, Since, Source
from crawler.discover.link_header import named_hub
from crawler.discover.model import Discovered
from crawler.discover.revisit import fresh_for
from crawler.discover.select import select_entries
from crawler.fetch.clock import Clock
from crawler.fetch.network import Network
from crawler.fetch.outcomes import HARD, Failed, of_status
from crawler.fetch.planning import plan_after_failure, plan_after_success
from crawler.fetch.pool import ExtractionPool
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import Answer, Look, Poll
from crawler.fetch.work import Work

DOCUMENTS_PER_VISIT = 20  # children of a sitemap index; the rest waits for the next visits


class Visits:
    """Turns responses of sources into announcements. Every method gives the next look, or None.

    `visited` is told of the end of each visit: the source's id and when it is due again, None
    where a clock of its own says so (cron, market hours), or never (gone). `hub_named` is told of
    each feed that was read: the source's id, its WebSub hub ('' where it names none) and topic.
    """

    def __init__(
        self,
        *,
        writer: Writer,
        pool: ExtractionPool,
        work: Work,
        tallies: Tallies,
        clock: Clock,
        config: Callable[[], Config],
        network: Network,
        visited: Callable[[str, datetime | None], None],
        hub_named: Callable[[str, str, str], None],
    ):
        self._writer, self._pool, self._work = writer, pool, work
        self._tallies, self._clock, self._config = tallies, clock, config
        self._network, self._visited, self._hub_named = network, visited, hub_named
        self._gone: set[str] = set()
        self._since: tuple[Config | None, dict[str, Since]] = None, {}  # of each source, by config
        self.pushed: set[str] = set()  # sources whose hub pushed after a visit last brought news

    async def refresh(self) -> None:
        """Learn from the archive which sources are gone; again after a change of the config."""
        states = await self._writer.run(known.source_states)
        self._gone = {state.id for state in states if state.status is SourceStatus.GONE}

    def due(self, source: Source) -> None:
        """Ask for a visit by schedule: a source that is gone for good (410) has none."""
        if source.id not in self._gone:
            self._work.poll(source)

    async def begin(self, task: Poll) -> Look:
        """The first look of a visit, with the validators of the last one."""
        source = task.source
        if self._reaches_elsewhere(source):
            await self._writer.run(read_anew, source.id)
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

    def _reaches_elsewhere(self, source: Source) -> bool:
        """Whether `crawl --since` replaces the config's: all that is listed counts again."""
        config, since = self._since
        if config is not self._config():
            config = self._config()
            since = {configured.id: configured.since for configured in config.source}
            self._since = config, since
        return since.get(source.id, source.since) != source.since

    async def answered(self, look: Look, response: Response) -> Look | None:
        if look.document is not None:
            return await self._document(look, response)
        answer = look.first or _answer(response, now=self._clock.now())
        look = replace(look, first=answer, seen=(*look.seen, look.url))
        if response.status == 304:
            return await self._announce(look, Discovered(kind=look.kind or "feed"))
        if response.status != 200:
            failed = of_status(response) or Failed(reason=f"HTTP {response.status}")
            return await self._broken(look, failed)
        discovered = await self._read(look, response)
        if discovered.error:
            return await self._broken(look, Failed(reason=discovered.error))
        if discovered.kind == "feed":
            self._hub_named(look.task.source.id, *_named_hub(look, response, discovered))
        return await self._gathered(look, discovered)

    async def failed(self, look: Look, failed: Failed) -> Look | None:
        """The request came to nothing: `failed` says why. Of our own network it is no visit."""
        if failed.unreachable and self._network.is_down:
            self._network.spare(look.task)
            return None
        if look.document is not None:
            return await self._document_failed(look)
        return await self._broken(replace(look, first=look.first or Answer(status=None)), failed)

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
            dates=(*look.dates, *(e.published or e.updated for e in discovered.entries)),
            hints=look.hints if look.found else discovered.hints,
        )
        following = discovered.next_page
        if following and following not in look.seen and len(look.seen) < source.pages:
            return replace(look, url=following, validators=None)
        return await self._announce(look, discovered)

    async def _broken(self, look: Look, failed: Failed) -> Look | None:
        """Announce what pages 1, 2, … gave before this failure, without the validators."""
        assert look.first is not None
        if look.entries:
            first = replace(look.first, etag=None, last_modified=None)
            failed = replace(failed, reason=f"page {len(look.seen)}: {failed.reason}")
            look = replace(look, first=first)
        return await self._announce(look, Discovered(kind=look.kind or "feed"), failed)

    async def _announce(
        self, look: Look, discovered: Discovered, failed: Failed | None = None
    ) -> Look | None:
        assert look.first is not None
        source, now = look.task.source, self._clock.now()
        config = self._config()
        announced = await self._writer.run(
            owing.announce,
            self._visit(look, failed),
            look.entries,
            now=now,
            documents=_in_window(discovered.documents, source, now),
            max_owed=source.max_owed,
            plan=plan_after_failure(look, config.schedule, failed, now=now)
            if failed
            else plan_after_success(
                look,
                config.schedule,
                published=_dated(look.dates),
                now=now,
                pushed=source.id in self.pushed,
            ),
            rules=HealthRules(
                silent_after=config.health.silent_after, failing_after=config.health.failing_after
            ),
        )
        look = self._after(look, announced, found=look.found)
        if announced.new:
            self.pushed.discard(source.id)
        if look.kind and source.kind is None:
            self._work.learn_kind(source, look.kind)
        self._note_gone(announced.before, look, failed)
        if failed is not None:
            self._finish(look, failed.reason)
            if failed.unreachable:
                await self._network.visit_missed(look.task, announced.before, at=look.at)
            return None
        if look.kind != "sitemap":
            return self._finish(look)
        return await self._next_document(replace(look, visit_id=announced.visit_id, seen=()))

    def _visit(self, look: Look, failed: Failed | None) -> Visit:
        assert look.first is not None
        return Visit(
            source_id=look.task.source.id,
            at=look.at,
            status=look.first.status,
            error=failed.reason if failed else None,
            weight=failed.weight if failed else HARD,
            found=look.found,
            dropped=look.dropped,
            bytes=look.first.bytes,
            seconds=round(self._clock.monotonic() - look.started, 3),
            etag=look.first.etag,
            last_modified=look.first.last_modified,
            validators_url=look.first.url or None,
            led_to=look.first.led_to,
            newest=_newest(look.dates),
            kind=look.kind,
        )

    def _after(self, look: Look, announced: Announced, *, found: int) -> Look:
        source_id = look.task.source.id
        self._tallies.announced(
            source_id, found=found, new=announced.new, deferred=announced.deferred
        )
        self._work.announced(source_id, announced.hosts)
        return replace(look, next_due=announced.plan.next_due) if announced.plan else look

    def _note_gone(self, before: SourceState, look: Look, failed: Failed | None) -> None:
        if failed is None:
            self._gone.discard(before.id)
        elif look.first is not None and look.first.status == 410:
            self._gone.add(before.id)

    def _finish(self, look: Look, error: str = "") -> None:
        assert look.first is not None
        source_id = look.task.source.id
        self._tallies.visited(source_id, status=look.first.status, error=error)
        self._work.done(look.task)
        self._visited(source_id, look.next_due)

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
            plan=plan_after_success(
                look,
                self._config().schedule,
                published=_dated([e.published or e.updated for e in discovered.entries]),
                now=now,
            ),
        )
        return await self._next_document(self._after(look, announced, found=discovered.found))

    async def _document_failed(self, look: Look) -> Look | None:
        await self._writer.run(owing.document_failed, look.task.source.id, look.document)
        return await self._next_document(look)


def _answer(response: Response, *, now: datetime) -> Answer:
    headers = response.headers.to_unicode_dict()  # whose names have no case: "Etag" is "ETag"
    return Answer(
        status=response.status,
        url=response.url,
        etag=headers.get("ETag"),
        last_modified=headers.get("Last-Modified"),
        bytes=len(response.body),
        fresh=fresh_for(headers, now=now),
        led_to=_led_to(response),
    )


def _named_hub(look: Look, response: Response, discovered: Discovered) -> tuple[str, str]:
    return named_hub(
        [value.decode("latin-1") for value in response.headers.getlist("Link")],
        url=response.url,
        hub=discovered.hub,
        topic=discovered.topic,
        home=look.task.source.url,
    )


def _led_to(response: Response) -> str:
    """Where redirects led when each of them was a permanent one, else ''."""
    assert response.request is not None
    reasons = response.request.meta.get("redirect_reasons", ())
    return response.url if reasons and {*reasons} <= {301, 308} else ""


def _dated(dates: Sequence[datetime | None]) -> tuple[datetime, ...]:
    return tuple(date for date in dates if date is not None)


def _newest(dates: Sequence[datetime | None]) -> datetime | None:
    """The newest date where all items are dated: an undated one may be newer."""
    dated = _dated(dates)
    return max(dated) if dated and len(dated) == len(dates) else None


def _in_window(
    documents: Sequence[Document], source: Source, now: datetime
) -> tuple[Document, ...]:
    """Leave out the children that were last changed before the source's `since`."""
    oldest = source.oldest(now)
    return tuple(d for d in documents if not (oldest and d.lastmod and d.lastmod < oldest))
