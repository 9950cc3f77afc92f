"""Is it our own clock that is wrong? What the hosts of the sources say, whatever they are asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from scrapy.http import Headers, Request

from crawler.fetch.http.clock import Clock
from crawler.text.addresses import registrable_domain
from crawler.timing.server_clocks import OFF, RIGHT, ClockVerdict, ahead_of_us, judge_clock

logger = logging.getLogger(__name__)

EVERY_S = 60.0  # a source's page after page says nothing new
JUMP_S = 1800.0  # half of what is off


class OwnClock:
    """Keeps one sample for the domain of each source, the latest; `heard` is Scrapy's signal
    headers_received.

    By sources, not by the hosts of pages: a feed may lead to any number of hosts that lie alike.
    `enough` gives the number of such domains, as far as it matters.

    `ahead`: by how much the servers' clocks are ahead of ours; 0 where ours is right. Claims of the
    web are judged by our time and that. Plans are not, nor is when we did something: what goes into
    the archive is by the machine's clock.
    """

    def __init__(self, clock: Clock, enough: Callable[[], int]):
        self._clock, self._enough = clock, enough
        self._heard: dict[str, timedelta] = {}
        self._asked: dict[str, float] = {}  # sources: when they were heard last, monotonic
        self._lead = self._clock.now().timestamp() - self._clock.monotonic()
        self._told = False
        self.verdict, self.ahead = RIGHT, timedelta(0)

    def heard(self, headers: Headers, request: Request) -> None:
        source = request.meta.get("source")
        if source is None:  # a robots.txt
            return
        now, moment = self._clock.now(), self._clock.monotonic()
        lead = now.timestamp() - moment  # constant, unless the clock is set or the machine sleeps
        if abs(lead - self._lead) > JUMP_S:
            self._forget()
        self._lead = lead
        if moment - self._asked.get(source.id, float("-inf")) < EVERY_S:
            return
        date, age = (headers.get(name) or b"" for name in ("Date", "Age"))
        ahead = ahead_of_us(date.decode("latin-1"), age.decode("latin-1"), now=now)
        if ahead is None:
            return
        self._asked[source.id] = moment
        self._heard[registrable_domain(source.url)] = ahead
        if self.ahead or self._told or abs(ahead) > OFF:  # else one more agrees that it is right
            self.verdict = judge_clock(self._heard.values(), enough=self._enough())
            self.ahead = self.verdict.ahead
            self._tell(self.verdict)

    def _tell(self, verdict: ClockVerdict) -> None:
        """Once when it is off, once when it is right again."""
        if verdict.is_off == self._told or not verdict.certain:
            return
        self._told = verdict.is_off
        if verdict.is_off:
            logger.error("%s", verdict.words())
        else:
            logger.warning("this machine's clock is right again")

    def _forget(self) -> None:
        """What was heard before the clock was set says nothing now."""
        self._heard.clear()
        self._asked.clear()
        self.verdict, self.ahead = RIGHT, timedelta(0)
