from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import Headers, Request
from twisted.python.failure import Failure

from config.model import Source
from crawler.fetch.http.own_clock import OwnClock
from crawler.fetch.http.tls import CertificateRefused

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


def _refuse(own: OwnClock, host: str, page: str = "") -> float:
    """The weight of a visit whose certificate our clock refuses."""
    source = Source(id=host.replace(".", "-"), name="S", url=f"https://{host}/feed")
    failure = Failure(CertificateRefused("certificate is not yet valid", "behind"))
    failure.request = Request(page or source.url, meta={"source": source})  # type: ignore[attr-defined]
    failed = own.failed(failure)
    assert failed.reason == "TLS failure: certificate is not yet valid"
    return failed.weight


def test_no_source_is_blamed_for_what_our_clock_refuses(caplog: pytest.LogCaptureFixture) -> None:
    own = OwnClock(SetClock(BEHIND), lambda: 5)  # type: ignore[arg-type]
    weights = [_refuse(own, f"a{n}.example") for n in range(5)]
    assert weights == [1.0, 1.0, 0.0, 0.0, 0.0]
    assert (own.verdict.certificates, own.ahead) == ("behind", timedelta(0))
    assert len(caplog.messages) == 1


def test_a_page_elsewhere_tells_nothing_of_its_source() -> None:
    own = OwnClock(SetClock(), lambda: 5)  # type: ignore[arg-type]
    for n in range(5):
        assert _refuse(own, f"a{n}.example", "https://one-that-forgot.example/") == 1.0
    assert not own.verdict.is_off


def test_certificates_that_are_in_order_again_take_it_back() -> None:
    clock = SetClock(BEHIND)
    own = OwnClock(clock, lambda: 5)  # type: ignore[arg-type]
    for n in range(3):
        _refuse(own, f"a{n}.example")
    clock.off, clock.passed = timedelta(0), 60.0  # set while it runs
    for n in range(3):
        source = Source(id=f"a{n}", name="S", url=f"https://a{n}.example/feed")
        own.heard(Headers(), Request(source.url, meta={"source": source}))
    assert not own.verdict.is_off
