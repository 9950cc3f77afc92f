"""Why a request got no answer, in the few words that entries, visits and `status` give for it."""

from __future__ import annotations

import re
from enum import StrEnum

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from service_identity import CertificateError, VerificationError
from twisted.internet import error as twisted
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError

from crawler.fetch.http.tls import CertificateRefused
from crawler.timing.server_clocks import Way


class TooManyHeaders(Exception):
    """A response whose header section does not end."""


class Cause(StrEnum):
    """What a reason begins with; a colon and the detail may follow. The docs list them."""

    NAME_NOT_FOUND = "name not found"
    REFUSED = "connection refused"
    NO_CONNECTION = "no connection"
    TIMED_OUT = "timed out"
    TLS = "TLS failure"
    LOST = "connection lost"
    CUT_SHORT = "answer cut short"
    NOT_HTTP = "answer is not HTTP"
    TOO_LARGE = "too large"
    FAILED = "request failed"


_CAUSES: tuple[tuple[type[BaseException], Cause], ...] = (
    (TlsError, Cause.TLS),
    (VerificationError, Cause.TLS),
    (CertificateError, Cause.TLS),
    (twisted.SSLError, Cause.TLS),
    (CannotResolveHostError, Cause.NAME_NOT_FOUND),
    (twisted.UnknownHostError, Cause.NAME_NOT_FOUND),
    (twisted.DNSLookupError, Cause.NAME_NOT_FOUND),
    (DownloadConnectionRefusedError, Cause.REFUSED),
    (twisted.ConnectionRefusedError, Cause.REFUSED),
    (DownloadTimeoutError, Cause.TIMED_OUT),
    (twisted.TimeoutError, Cause.TIMED_OUT),
    (twisted.TCPTimedOutError, Cause.TIMED_OUT),
    (twisted.ConnectError, Cause.NO_CONNECTION),  # of which some above are kinds
    (ResponseDataLossError, Cause.CUT_SHORT),
    (ParseError, Cause.NOT_HTTP),
    (TooManyHeaders, Cause.TOO_LARGE),
    (DownloadFailedError, Cause.LOST),
    (twisted.ConnectionClosed, Cause.LOST),
)
_LOOKUP = "DNS lookup failed: no results for hostname lookup: "
_WAITED = re.compile(r"took longer than ([\d.]+) seconds")


def why(error: BaseException | None) -> tuple[Cause, str]:
    """Give the cause of a failed request, and what is to be said beyond it ('' for nothing)."""
    if isinstance(error, ResponseDataLossError):  # behind it is only that the connection ended
        return Cause.CUT_SHORT, ""
    for one in (*_behind(error), error):
        for kind, cause in _CAUSES:
            if isinstance(one, kind):
                return cause, _detail(cause, one)
    return Cause.FAILED, "" if error is None else f"{type(error).__name__}: {error}".rstrip(": ")


def clock_doubted(error: BaseException | None) -> Way | None:
    """How our clock is wrong, if that is why a certificate was refused; None: it isn't."""
    for one in (*_behind(error), error):
        if isinstance(one, CertificateRefused):
            return one.clock
    return None


def _behind(error: BaseException | None) -> list[BaseException]:
    """What Twisted names as the reasons of a failed request."""
    reasons = getattr(getattr(error, "__cause__", None), "reasons", None) or []
    return [r.value for r in reasons if isinstance(r, Failure) and r.value is not None]


def _detail(cause: Cause, error: BaseException) -> str:
    """Say what the cause leaves open, without Twisted's wrapping."""
    words = str(error).rstrip(".")
    match cause:
        case Cause.NAME_NOT_FOUND:  # a redirect's, it may be: not the host of the address
            return words.removeprefix(_LOOKUP)
        case Cause.TIMED_OUT:
            waited = _WAITED.search(words)
            return f"over {float(waited[1]):g} s" if waited else ""
        case Cause.NO_CONNECTION:
            return words.rpartition(": ")[2]
        case Cause.NOT_HTTP:
            return str((*error.args, "")[0])
        case Cause.TLS:
            return _of_tls(error)
    return words if cause is Cause.TOO_LARGE else ""


def _of_tls(error: BaseException) -> str:
    """Take OpenSSL's words out of [(library, function, words), …]."""
    if isinstance(error, VerificationError):
        return "the certificate is another host's"
    stack = error.args[0] if error.args else ""
    words = [entry[-1] for entry in stack if entry] if isinstance(stack, list) else [error]
    return str(words[0]) if words else ""
