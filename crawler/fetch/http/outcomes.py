"""What an answer without a readable page means for the entry that asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from archive.model import EntryState
from crawler.fetch.http.causes import Cause, why
from crawler.fetch.http.clock import CLOCK
from crawler.fetch.http.guard import AddressRefused
from crawler.fetch.http.politeness import (
    HOLD_S,
    ForbiddenByRobots,
    HostOnHold,
    RobotsUnreadable,
    retry_after_s,
)

_FORBIDDEN = {401, 402, 403, 451}

# How much a failed visit counts against its source (rss-fetcher's weights: active feeds do answer
# 404 and come back, and a name server's hiccup says nothing of the feed).
HARD, SOFT, DNS, NOT_MADE = 1.0, 0.5, 0.25, 0.0
_SOFT_STATUSES = {404, 408, 429}
_UNREACHABLE = {Cause.NAME_NOT_FOUND, Cause.REFUSED, Cause.NO_CONNECTION, Cause.TIMED_OUT}
# TLS counts in full: neither a certificate nor a missing common cipher mends itself
_WEIGHTS = dict.fromkeys(Cause, SOFT) | {
    Cause.NAME_NOT_FOUND: DNS,
    **dict.fromkeys((Cause.REFUSED, Cause.TLS, Cause.FAILED), HARD),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No page. Asked for again until the retries are used up, unless `final`.

    `weight`: how much it counts against a source, when it was its visit. `unreachable`: nothing
    answered at all, so that it may be our own network that failed. `internal`: the fault is ours;
    of a visit people are told at once.
    """

    reason: str
    state: EntryState = EntryState.FAILED  # what closes the entry in the end
    final: bool = False
    wait_s: float | None = None  # the host's own wish, instead of the next retry's pause
    weight: float = HARD
    unreachable: bool = False
    internal: bool = False


def of_status(response: Response) -> Failed | None:
    """Judge an HTTP status; None when there is a page to read (2xx)."""
    status = response.status
    if 200 <= status < 300:
        return None
    reason = f"HTTP {status}"
    if status == 304:
        return Failed(reason=f"{reason}, though nothing was known of it")
    if 300 <= status < 400:
        target = (response.headers.get("Location") or b"").decode("latin-1")[:200]
        return Failed(reason=f"{reason}: a redirect to {target!r} is not followed")
    if status in _FORBIDDEN:
        return Failed(reason=reason, state=EntryState.FORBIDDEN, final=True)
    if status == 410:
        return Failed(reason=reason, state=EntryState.GONE, final=True)
    if status == 404:
        return Failed(reason=reason, state=EntryState.GONE, weight=SOFT)
    if status in (429, 503):
        header = response.headers.get
        asked = retry_after_s(header("Retry-After"), header("Date"), now=CLOCK.now())
        return Failed(reason=reason, wait_s=HOLD_S if asked is None else asked, weight=SOFT)
    soft = status >= 500 or status in _SOFT_STATUSES
    return Failed(reason=reason, weight=SOFT if soft else HARD)


def request_of(failure: Failure) -> Request:
    """The request that got no answer: Scrapy puts it there, and Twisted's type doesn't know."""
    request = failure.request  # type: ignore[attr-defined]
    assert isinstance(request, Request)
    return request


def of_exception(error: BaseException | None) -> Failed:
    """What a request that got no answer means for its entry."""
    if isinstance(error, HostOnHold):
        weight = SOFT if isinstance(error, RobotsUnreadable) else NOT_MADE
        return Failed(reason=str(error), wait_s=error.wait_s, weight=weight)
    if isinstance(error, ForbiddenByRobots | AddressRefused):
        return Failed(reason=str(error), state=EntryState.FORBIDDEN, final=True)
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in str(error):
        reason = f"{Cause.TOO_LARGE}: over [crawl] max_page_mb"  # as sent, or once decompressed
        return Failed(reason=reason, state=EntryState.REJECTED, final=True)
    if isinstance(error, HttpError):  # a status that the request didn't ask to see
        return of_status(error.response) or Failed(reason=str(error))
    if isinstance(error, IgnoreRequest):
        return Failed(reason=str(error) or str(Cause.FAILED))
    cause, detail = why(error)
    reason = f"{cause}: {detail}" if detail else str(cause)
    return Failed(reason=reason, weight=_WEIGHTS[cause], unreachable=cause in _UNREACHABLE)
