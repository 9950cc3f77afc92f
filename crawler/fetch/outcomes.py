"""What an answer without a readable page means for the entry that asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from archive.model import EntryState
from crawler.fetch.guard import AddressRefused
from crawler.fetch.politeness import HOLD_S, ForbiddenByRobots, HostOnHold, retry_after_s

_FORBIDDEN = {401, 402, 403, 451}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No page. Asked for again until the retries are used up, unless `final`."""

    reason: str
    state: EntryState = EntryState.FAILED  # what closes the entry in the end
    final: bool = False
    wait_s: float | None = None  # the host's own wish, instead of the next retry's pause


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
        return Failed(reason=reason, state=EntryState.GONE)
    if status in (429, 503):
        asked = retry_after_s(response.headers.get("Retry-After"), response.headers.get("Date"))
        return Failed(reason=reason, wait_s=HOLD_S if asked is None else asked)
    return Failed(reason=reason)


def of_exception(error: BaseException | None) -> Failed:
    """What a request that got no answer means for its entry."""
    if isinstance(error, HostOnHold):
        return Failed(reason=str(error), wait_s=error.wait_s)
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
    return Failed(reason=f"{name}: {words}" if words else name)


def _words(error: BaseException | None) -> str:
    """What an exception says; Twisted's names the failures behind it, Scrapy's prints a list."""
    behind = getattr(getattr(error, "__cause__", None), "reasons", None)
    if isinstance(behind, list) and behind and isinstance(behind[0], Failure):
        return str(behind[0].getErrorMessage())
    return str(error or "")
