"""How much a failed visit counts, and whether anything answered."""

from __future__ import annotations

import pytest
from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectionLost, NoRouteError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.fetch.outcomes import of_exception, of_status
from crawler.fetch.politeness import ForbiddenByRobots, HostOnHold, RobotsUnreadable


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


def test_a_certificate_that_does_not_hold_is_hard() -> None:
    cause = ResponseFailed([Failure(TlsError([("SSL", "", "certificate verify failed")]))])
    error = DownloadFailedError("failed")
    error.__cause__ = cause
    failed = of_exception(error)
    assert (failed.weight, failed.unreachable) == (1.0, False)
    assert "certificate verify failed" in failed.reason
