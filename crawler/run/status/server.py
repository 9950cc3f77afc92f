"""What a running daemon shows over HTTP: a status page, its JSON, Prometheus metrics, health."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from prometheus_client import generate_latest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort
from twisted.internet.protocol import ServerFactory
from twisted.web.http import Request
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site

from archive.database.connect import connect
from archive.database.lock import lock_holder
from archive.errors import CannotListen
from archive.folder import DataFolder
from archive.model import EntryState
from archive.sources.subscriptions import State, subscription_states
from archive.upkeep.overview import entry_states
from config.essentials import Essentials
from crawler.run.redis.desk_notes import read_state
from crawler.run.status.page import POLICY, page
from crawler.run.status.prometheus import counts_of, registry
from crawler.run.status.report import StatusReport, read_report

if TYPE_CHECKING:
    from crawler.fetch.crawl import Crawl

logger = logging.getLogger(__name__)

KEPT_S = 5.0  # the archive is not read more often, however many ask
_IDLE_S = 15  # a connection that says nothing for so long is closed
_TEXT, _PROMETHEUS = "text/plain; charset=utf-8", "text/plain; version=0.0.4; charset=utf-8"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Server": "Broadsheet",
    "X-Content-Type-Options": "nosniff",
}


class StatusServer:
    """A listening port; `stop` closes it."""

    def __init__(self, port: IListeningPort) -> None:
        self._port = port

    @property
    def address(self) -> str:
        host = self._port.getHost()
        assert isinstance(host, IPv4Address | IPv6Address)
        return f"{host.host}:{host.port}"

    def stop(self) -> None:
        self._port.stopListening()


def serve_status(listen: str, crawl: Crawl) -> StatusServer:
    """Serve the status of `crawl` at "address:port", in the reactor that runs.

    Raises CannotListen where the address can't be had.
    """
    from twisted.internet import reactor

    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    local = _is_loopback(host)
    if not local:
        logger.warning("[daemon] status: whoever reaches %s can read the status", listen)
    site: ServerFactory[Any] = _QuietSite(
        _site(_Snapshots(crawl), crawl, check_host=local), timeout=_IDLE_S
    )
    try:
        listening = reactor.listenTCP(int(port), site, interface=_interface(host))
    except CannotListenError as error:
        raise CannotListen(
            f"[daemon] status: can't listen on {listen}: {error.socketError}; name another address"
        ) from error
    server = StatusServer(listening)
    logger.info("status page at http://%s/", server.address)
    return server


class _QuietSite(Site):
    noisy = False

    def log(self, request: Request) -> None:
        """Keep who looks at the status out of the daemon's log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    report: StatusReport
    entries: Mapping[EntryState, int]
    subscriptions: Mapping[State, int]


class _Snapshots:
    """Reads the archive in a thread, once for all who ask within KEPT_S."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._reading = asyncio.Lock()
        self._last: _Snapshot | None = None
        self._read_at = 0.0

    async def get(self) -> _Snapshot:
        async with self._reading:
            now = self._crawl.clock.monotonic()
            if self._last is None or now - self._read_at >= KEPT_S:
                self._last = await asyncio.to_thread(self._read)
                self._read_at = now
            return self._last

    def _read(self) -> _Snapshot:
        data, now = self._crawl.options.data, self._crawl.clock.now()
        with closing(connect(DataFolder(data).archive, readonly=True)) as connection:
            config = Essentials.of_model(self._crawl.config)
            report = read_report(connection, config, holder=lock_holder(data), now=now)
            return _Snapshot(
                report=replace(report, desk=read_state(data)),
                entries=entry_states(connection),
                subscriptions=subscription_states(connection),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    body: bytes
    type: str
    status: int = 200


Answering = Callable[[], Awaitable[_Answer]]


def _site(snapshots: _Snapshots, crawl: Crawl, *, check_host: bool) -> Resource:
    async def html() -> _Answer:
        report = (await snapshots.get()).report
        return _Answer(body=page(report).encode(), type="text/html; charset=utf-8")

    async def as_json() -> _Answer:
        fields = (await snapshots.get()).report.fields()
        body = json.dumps(fields, ensure_ascii=False, indent=2).encode()
        return _Answer(body=body, type="application/json")

    async def metrics() -> _Answer:
        snapshot, counts = await snapshots.get(), counts_of(crawl)
        made = registry(counts, snapshot.report, snapshot.entries, snapshot.subscriptions)
        return _Answer(body=await asyncio.to_thread(generate_latest, made), type=_PROMETHEUS)

    async def healthz() -> _Answer:
        problem = _problem(crawl)
        if not problem:
            await snapshots.get()
        body = f"{problem or 'ok'}\n".encode()
        return _Answer(body=body, type=_TEXT, status=503 if problem else 200)

    root = Resource()
    for path, answering in {
        b"": html,
        b"status.json": as_json,
        b"metrics": metrics,
        b"healthz": healthz,
    }.items():
        root.putChild(path, _Page(answering, check_host=check_host))
    return root


def _problem(crawl: Crawl) -> str:
    if crawl.supervisor.failure:
        return crawl.supervisor.failure
    return f"stopping ({crawl.close_reason})" if crawl.close_reason else crawl.stall.words


class _Page(Resource):
    """GET and HEAD of one path; Twisted refuses other methods with 405."""

    isLeaf = True

    def __init__(self, answering: Answering, *, check_host: bool) -> None:
        super().__init__()
        self._answering = answering
        self._check_host = check_host

    def render_GET(self, request: Request) -> int:
        task = asyncio.get_running_loop().create_task(self._render(request))
        request.notifyFinish().addErrback(lambda _: task.cancel())
        return NOT_DONE_YET

    async def _render(self, request: Request) -> None:
        if self._check_host and not _names_this_machine(request.getHeader("host") or ""):
            answer = _plain(403, "ask for it by address, or as localhost")
        else:
            answer = await self._answer()
        request.setResponseCode(answer.status)
        for name, value in _HEADERS.items():
            request.setHeader(name, value)
        request.setHeader("Content-Type", answer.type)
        request.setHeader("Content-Length", str(len(answer.body)))
        request.write(answer.body)
        request.finish()

    async def _answer(self) -> _Answer:
        try:
            return await self._answering()
        except Exception:
            logger.exception("The status could not be shown")
            return _plain(503, "the status could not be read; the daemon's log says why")


def _plain(status: int, words: str) -> _Answer:
    return _Answer(body=f"{words}\n".encode(), type=_TEXT, status=status)


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _interface(host: str) -> str:
    return "127.0.0.1" if host == "localhost" else host


def _names_this_machine(host: str) -> bool:
    """Tell a Host header that names this machine from one that a stranger's DNS led here.

    A page of evil.example may point its name at 127.0.0.1 (DNS rebinding) and would then be let
    read the answer: the browser sends the name along.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_address(name)
