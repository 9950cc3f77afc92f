"""How much a failed visit counts, and whether anything answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from service_identity import VerificationError
from twisted.internet.error import ConnectionDone, ConnectionLost, NoRouteError, TCPTimedOutError
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed

from crawler.fetch.http.causes import Cause, TooManyHeaders
from crawler.fetch.http.outcomes import of_exception, of_status
from crawler.fetch.http.politeness import ForbiddenByRobots, HostOnHold, RobotsUnreadable


@pytest.mark.parametrize(
    ("status", "weight"),
    [
        (401, 1.0),
        (404, 0.5),
        (408, 0.5),
        (410, 1.0),
        (418, 1.0),
        (429, 0.5),
        (500, 0.5),
        (503, 0.5),
    ],
)
def test_statuses_that_pass_count_half(status: int, weight: float) -> None:
    failed = of_status(Response("https://a.example.com/", status=status))
    assert failed is not None
    assert (failed.weight, failed.unreachable) == (weight, False)


@pytest.mark.parametrize(
    ("error", "weight", "unreachable"),
    [
        (CannotResolveHostError("no such host"), 0.25, True),
        (DownloadConnectionRefusedError("refused"), 1.0, True),
        (DownloadTimeoutError("30 s"), 0.5, True),
        (NoRouteError(), 0.5, True),
        (ConnectionLost(), 0.5, False),
        (DownloadFailedError("lost"), 0.5, False),
        (ForbiddenByRobots("forbidden by robots.txt"), 1.0, False),
        (RobotsUnreadable("robots.txt can't be read", 600), 0.5, False),
        (HostOnHold("asked to be left alone", 60), 0.0, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_exceptions_weigh_by_what_they_say_of_the_source(
    error: Exception, weight: float, unreachable: bool
) -> None:
    failed = of_exception(error)
    assert (failed.weight, failed.unreachable) == (weight, unreachable)


def _download_failed(*behind: Exception) -> DownloadFailedError:
    """As Scrapy wraps what Twisted found."""
    error = DownloadFailedError("failed")
    error.__cause__ = ResponseFailed([Failure(cause) for cause in behind])
    return error


def test_a_certificate_that_does_not_hold_is_hard() -> None:
    failed = of_exception(
        _download_failed(TlsError([("SSL routines", "", "certificate verify failed")]))
    )
    assert (failed.weight, failed.unreachable) == (1.0, False)
    assert failed.reason == "TLS failure: certificate verify failed"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            CannotResolveHostError(
                "DNS lookup failed: no results for hostname lookup: nosuch.example."
            ),
            "name not found: nosuch.example",
        ),
        (
            DownloadConnectionRefusedError("Connection was refused by other side: 111: …"),
            "connection refused",
        ),
        (NoRouteError("101", "Network is unreachable"), "no connection: Network is unreachable"),
        (
            DownloadTimeoutError("Getting https://a.example.com/ took longer than 30.0 seconds."),
            "timed out: over 30 s",
        ),
        (TCPTimedOutError(), "timed out"),
        (_download_failed(ConnectionLost()), "connection lost"),
        (_download_failed(ConnectionDone()), "connection lost"),
        (_download_failed(VerificationError([])), "TLS failure: the certificate is another host's"),
        (_download_failed(TlsError([()])), "TLS failure"),
        (
            _download_failed(ParseError("non-integer status code", b"hello")),
            "answer is not HTTP: non-integer status code",
        ),
        (
            _download_failed(TooManyHeaders("over 256 KB of response headers")),
            "too large: over 256 KB of response headers",
        ),
        (ResponseDataLossError(), "answer cut short"),
        (UnsupportedURLSchemeError("gopher"), "request failed: UnsupportedURLSchemeError: gopher"),
        (IgnoreRequest(), "request failed"),
        (ValueError(), "request failed: ValueError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_request_without_an_answer_has_a_reason_in_words(error: Exception, reason: str) -> None:
    assert of_exception(error).reason == reason


def test_the_docs_have_every_cause() -> None:
    page = Path(__file__).parents[4] / "docs/reference/database.md"
    section = page.read_text(encoding="utf-8").split("## Reasons")[1].split("## ")[0]
    assert re.findall(r"^\| `(.+?)` \|", section, re.MULTILINE) == [str(c) for c in Cause]
