"""WebSub (W3C Recommendation, January 2018): subscribe at the hubs that feeds name, and listen.

A push is news that came early; the polls go on and find what a hub kept to itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy import FormRequest
from scrapy.http import Response

from archive.folder import DataFolder
from archive.sources import subscriptions
from archive.sources.subscriptions import State, Subscription
from crawler.fetch.crawl import hub_named
from crawler.fetch.http.outcomes import of_exception
from crawler.fetch.http.stopping import Stopping
from crawler.run.terminal.terminal import printable_line
from crawler.run.websub.push_queue import Push, Pushes
from crawler.run.websub.secrets import Secrets, is_signed, load_key
from crawler.run.websub.server import WebSubServer, listen_for_hubs

if TYPE_CHECKING:
    from crawler.fetch.crawl import Crawl

logger = logging.getLogger(__name__)

LEASE_S = 10 * 86_400
AT_ONCE = 8  # hubs that are asked at a time
PAUSE_S = 2.0  # how often it is looked whom to ask
_ANSWER_BYTES = 64 * 1024
_REASON_CHARS = 200
# 307 and 308 are followed (WebSub §5.2); the others would make a GET of the POST
_ANSWERS = [300, 301, 302, 303, 304, 305, 306, *range(400, 600)]


class WebSub:
    """The subscriptions of a daemon; what becomes of them is in the archive.

    `ask_hubs` and `pushes.announce_all` run as long as the daemon, `verify` and `receive` answer
    the hubs (see websub_server).
    """

    def __init__(self, crawl: Crawl):
        self._crawl = crawl
        self._callback = crawl.config.websub.callback.rstrip("/")
        self._secrets = Secrets(load_key(DataFolder(crawl.options.data).websub_key))
        self._by_token: dict[str, Subscription] = {}
        self._named: dict[str, tuple[str, str]] = {}  # hub and topic that a feed names now
        self._known: dict[str, tuple[str, str]] = {}  # those of its subscription
        self._distrusted: set[int] = set()  # whose wrong signatures were logged
        self._wake = asyncio.Event()
        self._stopped = False
        self._server: WebSubServer | None = None
        self._house, self._archive = crawl.house, crawl.house.archive
        self.pushes = Pushes(desk=crawl.house, pool=crawl.pool, clock=crawl.clock)

    async def start(self) -> None:
        """Listen, and go on with what an earlier daemon subscribed to.

        Raises CannotListen where the address can't be had.
        """
        self._crawl.crawler.signals.connect(self._hub_named, hub_named)
        await self.sync()
        self._server = listen_for_hubs(self._crawl.config.websub.listen, self)

    def stop(self) -> None:
        """Ask nobody any more, and listen no longer; the subscriptions outlive a restart."""
        self._stopped = True
        if self._server is not None:
            self._server.stop()

    async def sync(self) -> None:
        """The sources are others: end the subscriptions of those that went."""
        ids = {source.id for source in self._crawl.config.enabled()}
        await self._archive.writer.run(
            subscriptions.keep_subscriptions,
            ids,
            callback=self._callback,
            now=self._crawl.clock.now(),
        )
        await self._reload()

    async def _reload(self) -> None:
        found = await self._archive.reader.run(subscriptions.subscriptions)
        self._by_token = {self._secrets.token(one): one for one in found}
        live = [one for one in found if one.state is not State.LEAVING]
        self._known = {one.source_id: (one.hub, one.topic) for one in live}
        self._house.visits.pushed.intersection_update(self._known)
        self._wake.set()

    # Asking hubs

    def _hub_named(self, source_id: str, hub: str, topic: str) -> None:
        if self._known.get(source_id, ("", "")) != (hub, topic):
            self._named[source_id] = hub, topic  # taken together with others, at the next look

    async def ask_hubs(self) -> None:
        """Subscribe, renew and end, for ever."""
        while not self._stopped:
            self._wake.clear()
            await self._take_named()
            due = await self._due()
            await asyncio.gather(*map(self._ask, due))
            if not due:
                with suppress(TimeoutError):
                    async with asyncio.timeout(PAUSE_S):
                        await self._wake.wait()

    async def _take_named(self) -> None:
        kept = self._house.visitable  # a source may have gone since it was visited
        named = {i: hub for i, hub in self._named.items() if i in kept}
        self._named = {}
        if not named:
            return
        now = self._crawl.clock.now()
        await self._archive.writer.run(
            subscriptions.name_hubs, named, callback=self._callback, now=now
        )
        await self._reload()

    async def _due(self) -> list[Subscription]:
        if self._crawl.network.is_down:
            return []
        now = self._crawl.clock.now()
        return await self._archive.reader.run(
            subscriptions.due_subscriptions, now=now, limit=AT_ONCE
        )

    async def _ask(self, due: Subscription) -> None:
        writer, now = self._archive.writer, self._crawl.clock.now()
        one = await writer.run(subscriptions.begin_asking, due.id, now=now)
        if one is None:
            self._by_token.pop(self._secrets.token(due), None)
            return
        refusal = await self._request(one)
        if refusal:
            await writer.run(subscriptions.note_refusal, one.id, refusal)
            level = logging.INFO if one.attempts else logging.WARNING  # once, not at each try
            logger.log(level, "%s: the hub %s: %s", one.source_id, one.hub, refusal)

    async def _request(self, one: Subscription) -> str:
        """Send the request; give in words why the hub did not take it, '' when it did."""
        request = FormRequest(
            one.hub,
            formdata=self._form(one),
            dont_filter=True,
            meta={
                "handle_httpstatus_list": _ANSWERS,
                # addressed to subscribers, which the feed's author sent here; no page is crawled
                "dont_obey_robotstxt": True,
                "download_maxsize": _ANSWER_BYTES,
            },
        )
        try:
            answer = await self._crawl.crawler.engine.download_async(request)
        except Stopping:
            return ""
        except Exception as error:  # whatever a download may end with
            return of_exception(error).reason[:_REASON_CHARS]
        return _refusal(answer)

    def _form(self, one: Subscription) -> dict[str, str]:
        form = {
            "hub.callback": f"{one.callback}/{self._secrets.token(one)}",
            "hub.mode": "unsubscribe" if one.state is State.LEAVING else "subscribe",
            "hub.topic": one.topic,
            "hub.verify": "async",  # PubSubHubbub 0.3 demands it
        }
        if one.state is State.LEAVING:
            return form
        return form | {
            "hub.secret": self._secrets.secret(one),
            "hub.lease_seconds": str(LEASE_S),
        }

    # Answering them

    async def verify(self, token: str, query: Mapping[str, str]) -> str | None:
        """Answer a hub that asks whether a request was ours: what to say, or None for a 404."""
        one, topic = self._by_token.get(token), query.get("hub.topic", "")
        if one is None or one.topic != topic:
            return None
        mode, challenge = query.get("hub.mode"), query.get("hub.challenge")
        if mode == "denied":
            return await self._denied(one, query.get("hub.reason", ""))
        confirmed = False
        if challenge and mode == "subscribe":
            confirmed = await self._confirm(one, query.get("hub.lease_seconds", ""))
        elif challenge and mode == "unsubscribe":
            confirmed = await self._archive.writer.run(subscriptions.confirm_end, one.id, topic)
            if confirmed:
                self._by_token.pop(token, None)
        return challenge if confirmed else None

    async def _confirm(self, one: Subscription, lease: str) -> bool:
        granted = int(lease) if lease.isascii() and lease.isdecimal() and len(lease) < 10 else 0
        confirmed = await self._archive.writer.run(
            subscriptions.confirm,
            one.id,
            one.topic,
            lease=timedelta(seconds=granted or LEASE_S),
            now=self._crawl.clock.now(),
        )
        if confirmed:
            logger.info("%s: subscribed at the hub %s", one.source_id, one.hub)
        return confirmed

    async def _denied(self, one: Subscription, reason: str) -> str | None:
        words = printable_line(reason)[:_REASON_CHARS] or "denied without a reason"
        now = self._crawl.clock.now()
        if not await self._archive.writer.run(
            subscriptions.deny, one.id, one.topic, words, now=now
        ):
            return None
        self._house.visits.pushed.discard(one.source_id)
        logger.warning("%s: the hub %s denies it: %s", one.source_id, one.hub, words)
        return ""

    def receive(self, token: str, body: bytes, *, signature: str, content_type: str) -> int:
        """Take in what was pushed; give the HTTP status to answer with.

        A wrong signature is answered like a right one (WebSub §7.1).
        """
        one = self._by_token.get(token)
        if one is None:
            return 404
        if one.state is State.LEAVING:
            return 410  # by which a hub may end it
        if not is_signed(body, signature, self._secrets.secret(one)):
            self._distrust(one)
            return 202
        push = Push(
            subscription=one.id,
            source_id=one.source_id,
            at=self._crawl.clock.now(),
            content_type=content_type,
            body=body,
        )
        if self._stopped or not self.pushes.waiting.put(push):
            self._house.tallies.pushes["refused"] += 1
            return 503
        return 202

    def is_expected(self, token: str) -> bool:
        return token in self._by_token

    def _distrust(self, one: Subscription) -> None:
        self._house.tallies.pushes["unsigned"] += 1
        if one.id not in self._distrusted:
            self._distrusted.add(one.id)
            logger.warning(
                "%s: a push without the signature of %s is ignored; further ones are only counted",
                *(one.source_id, one.hub),
            )


def _refusal(answer: Response) -> str:
    if 200 <= answer.status < 300:
        return ""
    words = printable_line(answer.body[:_REASON_CHARS].decode("utf-8", "replace"))
    return f"HTTP {answer.status}{': ' * bool(words)}{words}"
