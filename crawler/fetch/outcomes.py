"""What an answer without a readable page means for the entry that asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.python.failure import Failure

from archive.model import EntryState
from crawler.fetch.guard import AddressRefused
from crawler.fetch.politeness import (
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
_LOST = (ConnectionClosed, ConnectError, DownloadFailedError, ResponseDataLossError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No page. Asked for again until the retries are used up, unless `final`.

    `weight`: how much it counts against a source, when it was its visit. `unreachable`: nothing
    answered at all, so that it may be our own network that failed.
    """

    reason: str
    state: EntryState = EntryState.FAILED  # what closes the entry in the end
    final: bool = False
    wait_s: float | None = None  # the host's own wish, instead of the next retry's pause
    weight: float = HARD
    unreachable: bool = False


def of_status(response: Response) -> Failed | None:
    """Judge an HTTP status; None when there is a page to read (2xx)."""
    status = response.status
    if 200 <= status < 300:
        return None
    reason = f"HTTP {status}"
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
        asked = retry_after_s(response.headers.get("Retry-After"), response.headers.get("Date"))
        return Failed(reason=reason, wait_s=HOLD_S if asked is None else asked, weight=SOFT)
    soft = status >= 500 or status in _SOFT_STATUSES
    return Failed(reason=reason, weight=SOFT if soft else HARD)


def of_exception(error: BaseException | None) -> Failed:
    """What a request that got no answer means for its entry."""
    if isinstance(error, HostOnHold):
        weight = SOFT if isinstance(error, RobotsUnreadable) else NOT_MADE
        return Failed(reason=str(error), wait_s=error.wait_s, weight=weight)
    if isinstance(error, ForbiddenByRobots | AddressRefused):
        return Failed(reason=str(error), state=EntryState.FORBIDDEN, final=True)
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in str(error):
        reason = "too large: over [crawl] max_page_mb"  # as sent, or once decompressed
        return Failed(reason=reason, state=EntryState.REJECTED, final=True)
    if isinstance(error, HttpError):  # a status that the request didn't ask to see
        return of_status(error.response) or Failed(reason=str(error))
    if isinstance(error, IgnoreRequest):
        return Failed(reason=str(error) or type(error).__name__)
    name, words = type(error).__name__, _words(error)
    weight, unreachable = _weight(error)
    reason = f"{name}: {words}" if words else name
    return Failed(reason=reason, weight=weight, unreachable=unreachable)


def _weight(error: BaseException | None) -> tuple[float, bool]:
    """How much an exception counts, and whether nothing answered at all."""
    if isinstance(error, CannotResolveHostError):
        return DNS, True
    if isinstance(error, DownloadConnectionRefusedError):
        return HARD, True
    if any(isinstance(cause, TlsError | VerificationError) for cause in _behind(error)):
        return HARD, False  # a certificate, or no common cipher: it won't mend itself
    if isinstance(error, DownloadTimeoutError | ConnectError):  # no route is a ConnectError
        return SOFT, True
    return (SOFT if isinstance(error, _LOST) else HARD), False


def _behind(error: BaseException | None) -> list[BaseException]:
    """What Twisted names as the reasons of a failed request."""
    reasons = getattr(getattr(error, "__cause__", None), "reasons", None) or []
    return [r.value for r in reasons if isinstance(r, Failure) and r.value is not None]


def _words(error: BaseException | None) -> str:
    """What an exception says; Twisted's names the failures behind it, Scrapy's prints a list."""
    behind = _behind(error)
    return str(behind[0] if behind else error or "")
