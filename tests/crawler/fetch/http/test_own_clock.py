from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import Headers, Request

from config.model import Source
from crawler.fetch.http.own_clock import OwnClock

TRUE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BEHIND = timedelta(days=2500)


class SetClock:
    """The machine's: `passed` seconds since it was switched on, set wrong by `off`."""

    def __init__(self, off: timedelta = timedelta(0)):
        self.off, self.passed = off, 0.0

    def now(self) -> datetime:
        return TRUE - self.off + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed


def _hear(own: OwnClock, host: str, at: datetime = TRUE) -> None:
    source = Source(id=host.replace(".", "-"), name="S", url=f"https://{host}/feed")
    headers = Headers({"Date": format_datetime(at, usegmt=True)})
    own.heard(headers, Request("https://elsewhere.example/", meta={"source": source}))


def test_it_is_told_once_when_five_domains_agree(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    own = OwnClock(SetClock(BEHIND), lambda: 5)  # type: ignore[arg-type]
    for n in range(4):
        _hear(own, f"a{n}.com")
    _hear(own, "www.a0.com")  # the same domain
    assert caplog.messages == []
    _hear(own, "a4.com")
    _hear(own, "a5.com")
    assert [m[:46] for m in caplog.messages] == ["this machine's clock is 2,500 days behind, as "]
    assert own.ahead == BEHIND


def test_a_host_that_lies_first_is_believed_of_itself_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    own = OwnClock(SetClock(), lambda: 5)  # type: ignore[arg-type]
    _hear(own, "liar.example", TRUE + BEHIND)
    assert (own.verdict.ahead, own.verdict.certain) == (BEHIND, False)
    _hear(own, "honest.example")
    assert own.ahead == timedelta(0)
    assert caplog.messages == []


def test_what_was_heard_is_forgotten_when_the_clock_is_set(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = SetClock(BEHIND)
    own = OwnClock(clock, lambda: 1)  # type: ignore[arg-type]
    _hear(own, "a.example")
    clock.off, clock.passed = timedelta(0), 60.0
    _hear(own, "a.example", TRUE + timedelta(seconds=60))
    assert own.ahead == timedelta(0)
    assert caplog.messages[-1] == "this machine's clock is right again"


def test_a_robots_txt_tells_nothing() -> None:
    own = OwnClock(SetClock(BEHIND), lambda: 1)  # type: ignore[arg-type]
    own.heard(Headers({"Date": format_datetime(TRUE, usegmt=True)}), Request("https://a.example/"))
    assert own.ahead == timedelta(0)
