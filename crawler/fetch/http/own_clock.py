"""Is it our own clock that is wrong? What the hosts of the sources say, whatever they are asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from scrapy.http import Headers, Request
from twisted.python.failure import Failure

from crawler.fetch.http.causes import clock_doubted
from crawler.fetch.http.clock import Clock
from crawler.fetch.http.outcomes import NOT_MADE, Failed, of_exception, request_of
from crawler.text.addresses import registrable_domain
from crawler.timing.server_clocks import (
    OFF,
    RIGHT,
    ClockVerdict,
    Way,
    ahead_of_us,
    judge_certificates,
    judge_clock,
)

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

    A clock that is far off refuses the certificates of all, and hears no time at all: then it is
    those that tell.
    """

    def __init__(self, clock: Clock, enough: Callable[[], int]):
        self._clock, self._enough = clock, enough
        self._heard: dict[str, timedelta] = {}
        self._asked: dict[str, float] = {}  # sources: when they were heard last, monotonic
        self._refused: dict[str, Way] = {}  # domains whose certificates our clock refuses
        self._accepted: set[str] = set()  # and those whose it doesn't
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
        if request.url.startswith("https:"):
            self._accept(request)
        if moment - self._asked.get(source.id, float("-inf")) < EVERY_S:
            return
        date, age = (headers.get(name) or b"" for name in ("Date", "Age"))
        ahead = ahead_of_us(date.decode("latin-1"), age.decode("latin-1"), now=now)
        if ahead is None:
            return
        self._asked[source.id] = moment
        self._heard[registrable_domain(source.url)] = ahead
        if self.ahead or self._told or abs(ahead) > OFF:  # else one more agrees that it is right
            self._judge()

    def failed(self, failure: Failure) -> Failed:
        """What a request that got no answer means; a source is not to blame for our clock."""
        failed, doubted = of_exception(failure.value), clock_doubted(failure.value)
        if doubted is None:
            return failed
        domain = _own_domain(request_of(failure))
        if domain:
            self._accepted.discard(domain)
            self._refused[domain] = doubted
            self._judge()
        excused = self.verdict.certificates == doubted
        return replace(failed, weight=NOT_MADE) if excused else failed

    def _accept(self, request: Request) -> None:
        """A certificate was accepted."""
        domain = _own_domain(request)
        if domain:
            self._accepted.add(domain)
            if self._refused.pop(domain, None):
                self._judge()

    def _judge(self) -> None:
        by_times = judge_clock(self._heard.values(), enough=self._enough())
        by_certificates = judge_certificates(self._refused, self._accepted)
        self.verdict = (
            by_certificates if by_certificates.is_off and not by_times.ahead else by_times
        )
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
        self._refused.clear()
        self._accepted.clear()
        self.verdict, self.ahead = RIGHT, timedelta(0)


def _own_domain(request: Request) -> str:
    """The domain of a source that is asked itself; '' for a page that lies elsewhere."""
    source = request.meta.get("source")
    domain = registrable_domain(source.url) if source is not None else ""
    return domain if domain == registrable_domain(request.url) else ""
