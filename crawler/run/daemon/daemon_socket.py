"""The daemon's socket: `broadsheet crawl` asks for visits there, and follows them.

JSON lines on `<data>/daemon.sock`. The client sends one `Request`; the daemon answers with
`Update`s, the last of which is `done` or has an `error`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from archive.entries import owed
from archive.folder import DataFolder
from config.model import Source
from config.moments import read_since
from crawler.fetch.tally import Tally

if TYPE_CHECKING:
    from crawler.fetch.crawl import Crawl

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = 107  # bytes of sun_path on Linux, without the closing NUL
REFRESH_S = 0.25
REQUEST_BYTES = 1 << 20
FAILED, UNKNOWN = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Visit these sources now, all of the daemon's when none is named."""

    sources: tuple[str, ...] = ()
    since: str | None = None
    retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """`tallies` are those that changed since the last update, counted since the request."""

    tallies: tuple[Tally, ...] = ()
    owed: int = 0
    owed_until: datetime | None = None
    done: bool = False
    error: str = ""
    exit_code: int = 0


REQUEST, UPDATE = TypeAdapter(Request), TypeAdapter(Update)


class Refused(Exception):
    """A request that can't be followed: the words and the exit code for its client."""

    def __init__(self, why: str, exit_code: int) -> None:
        super().__init__(why)
        self.exit_code = exit_code


@contextmanager
def socket_address(data: Path) -> Iterator[str]:
    """Give an address for the socket that fits, however deep the folder lies."""
    plain = DataFolder(data).socket
    if len(os.fsencode(plain)) <= LONGEST_ADDRESS:
        yield str(plain)
        return
    folder = os.open(data, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{plain.name}"
    finally:
        os.close(folder)


class Control:
    """Listens beside the crawl. `reload` reads the config again, if it changed."""

    def __init__(self, crawl: Crawl, reload: Callable[[], Awaitable[None]]):
        self._crawl, self._house, self._reload = crawl, crawl.house, reload
        self._stopping = asyncio.Event()

    async def serve(self) -> None:
        """Accept clients until cancelled. The archive's lock is ours: a socket that lies there
        already is a dead process's."""
        data = self._crawl.options.data
        listening = socket.socket(socket.AF_UNIX)
        os.fchmod(listening.fileno(), 0o600)  # Linux makes the file with the socket's mode
        DataFolder(data).socket.unlink(missing_ok=True)
        with socket_address(data) as address:
            listening.bind(address)
        try:
            server = await asyncio.start_unix_server(
                self._converse, sock=listening, limit=REQUEST_BYTES
            )
            async with server:
                await server.serve_forever()
        finally:
            DataFolder(data).socket.unlink(missing_ok=True)

    def stop(self) -> None:
        """Send those who follow away; the crawl goes on to its end without them."""
        self._stopping.set()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async for update in self._answers(await reader.readline()):
                writer.write(UPDATE.dump_json(update) + b"\n")
                await writer.drain()
        except ConnectionError:
            logger.info("a client left before its visits had ended")
        except Exception:
            logger.exception("a client's request failed")
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _answers(self, line: bytes) -> AsyncIterator[Update]:
        try:
            request = REQUEST.validate_json(line)
            sources = await self._sources(request)
            async for update in self._follow(sources, request):
                yield update
        except Refused as refusal:
            yield Update(error=str(refusal), exit_code=refusal.exit_code)
        except ValidationError:
            yield Update(error="the daemon didn't understand the request", exit_code=FAILED)

    async def _sources(self, request: Request) -> tuple[Source, ...]:
        """The sources asked for; a name that is new may stand in the config by now."""
        chosen = set(request.sources)
        if not chosen <= {source.id for source in self._house.sources}:
            await self._reload()
        for name in request.sources:
            source = self._crawl.config.by_id(name)
            if source is None:
                why = f"unknown source {name}: the daemon's config doesn't have it"
                raise Refused(why, UNKNOWN)
            if not source.enabled:
                why = f"source {name} is disabled: `broadsheet sources enable {name}`, or stop "
                raise Refused(f"{why}the daemon to visit it once", UNKNOWN)
        return tuple(s for s in self._house.sources if not chosen or s.id in chosen)

    async def _follow(self, sources: tuple[Source, ...], request: Request) -> AsyncIterator[Update]:
        counted = Counts(self._crawl, sources)
        ids = tuple(source.id for source in sources)
        if request.retry:
            await self._make_due(ids)
        unasked, waiting = sources, set(ids)
        while waiting:
            unasked = tuple(s for s in unasked if not self._poll(s, request.since))
            yield await self._update(counted, ids)
            await self._next_look()
            # each by itself: among many sources one is always busy by its own schedule
            held = {source.id for source in unasked}
            waiting = {n for n in waiting if n in held or self._house.offers.busy((n,))}
        until = await self._house.archive.reader.run(owed.next_not_before, ids)
        last = await self._update(counted, ids)
        yield replace(last, done=True, owed_until=until)

    async def _next_look(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(REFRESH_S):
                await self._stopping.wait()
        if self._stopping.is_set():
            raise Refused("the daemon is stopping; what is owed stays owed", FAILED)

    async def _update(self, counted: Counts, ids: tuple[str, ...]) -> Update:
        waiting = await self._house.archive.reader.run(owed.owed_count, ids)
        return Update(tallies=tuple(counted.news()), owed=waiting)

    async def _make_due(self, ids: tuple[str, ...]) -> None:
        archive, now = self._house.archive, self._crawl.clock.now()
        for name in ids:
            await archive.writer.run(owed.make_due, name, now=now)
        for name, host in await archive.reader.run(owed.owed_hosts, ids):
            self._house.announced(name, (host,))

    def _poll(self, source: Source, since: str | None) -> bool:
        """Ask for the visit; False while another is in flight that knows nothing of `since`."""
        if since is not None:
            if self._house.tallies.of(source.id).status == "visiting":
                return False
            source = source.model_copy(update={"since": read_since(since)})
        self._house.ask(source)
        return True


class Counts:
    """What the sources' tallies have counted since this was made."""

    def __init__(self, crawl: Crawl, sources: tuple[Source, ...]):
        self._tallies = [crawl.house.tallies.of(source.id, source.name) for source in sources]
        self._before = {t.source_id: _copy(t) for t in self._tallies}
        self._told: dict[str, Tally] = {}

    def news(self) -> Iterator[Tally]:
        """The tallies that differ from what this gave last time."""
        for tally in self._tallies:
            since = _since(tally, self._before[tally.source_id])
            if since != self._told.get(tally.source_id):
                self._told[tally.source_id] = since
                yield since


def _copy(tally: Tally) -> Tally:
    return replace(tally, reasons=Counter(tally.reasons))


def _since(now: Tally, before: Tally) -> Tally:
    """The difference of all counters; an earlier visit's outcome is not this request's."""
    counted: dict[str, Any] = {
        field.name: getattr(now, field.name) - getattr(before, field.name)
        for field in fields(Tally)
        if isinstance(getattr(now, field.name), int | Counter)
    }
    visited = counted["visited"] or now.status == "failed"
    return replace(now, **counted, error=now.error if visited else "")
