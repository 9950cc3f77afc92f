"""A request and a response as values, and the headers that every outlet sends."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha1
from typing import BinaryIO
from urllib.parse import parse_qsl, unquote, urlsplit

from .outlets import Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`base` is the outlet's own root, such as `http://127.0.0.2:8123`."""

    outlet: Outlet
    method: str
    target: str
    headers: Mapping[str, str]  # lower-case names
    base: str
    body: bytes = b""

    @property
    def path(self) -> str:
        """Decoded, so that a path of Chinese words compares equal to the words."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def number(self, name: str, default: float) -> float:
        """A number of the query; `default` where it is absent or none."""
        try:
            return float(self.query.get(name, default))
        except ValueError:
            return default


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """`wait_s` passes before the first byte. `raw` writes status line and all, then closes."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    modified: datetime | None = None
    validators: bool = True  # ETag and Last-Modified, and 304 for who sends them back
    coding: str = ""  # Content-Encoding for who accepts it
    wait_s: float = 0.0
    raw: Callable[[BinaryIO], None] | None = field(default=None, repr=False)


def text(body: str, content_type: str, *, charset: str = "utf-8", **more: object) -> Response:
    """A response of text; a character outside `charset` becomes a numeric reference."""
    encoded = body.encode(charset, "xmlcharrefreplace")
    return replace(Response(body=encoded, content_type=content_type), **more)  # type: ignore[arg-type]


def html(body: str, *, charset: str = "utf-8", **more: object) -> Response:
    return text(body, f"text/html; charset={charset}", charset=charset, **more)


def redirect(location: str, status: int = 302) -> Response:
    return Response(status=status, headers=(("Location", location),), validators=False)


def refusal(status: int, words: str, *headers: tuple[str, str]) -> Response:
    page = f"<!DOCTYPE html><html><head><title>{words}</title></head><body><h1>{words}</h1></body>"
    return replace(html(f"{page}</html>"), status=status, headers=headers, validators=False)


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def settled(response: Response, request: Request) -> Response:
    """The response with its validators and coding, or the 304 that they earn."""
    if response.status != 200 or not response.validators:
        return response
    etag = f'"{sha1(response.body, usedforsecurity=False).hexdigest()[:16]}"'
    given = [("ETag", etag)]
    if response.modified:
        given.append(("Last-Modified", http_date(response.modified)))
    if _is_unchanged(request, etag, response.modified):
        return replace(response, status=304, body=b"", headers=(*response.headers, *given))
    return _coded(replace(response, headers=(*response.headers, *given)), request)


def _is_unchanged(request: Request, etag: str, modified: datetime | None) -> bool:
    """RFC 9110 §13.2.2: If-None-Match wins over If-Modified-Since."""
    if "if-none-match" in request.headers:
        offered = request.headers["if-none-match"].replace("W/", "")
        return etag in [part.strip() for part in offered.split(",")] or offered.strip() == "*"
    since = request.headers.get("if-modified-since")
    if not since or not modified:
        return False
    try:
        return modified <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def _coded(response: Response, request: Request) -> Response:
    coding = response.coding
    if not coding or coding not in request.headers.get("accept-encoding", ""):
        return response
    body = (
        gzip.compress(response.body, 6, mtime=0)
        if coding == "gzip"
        else zlib.compress(response.body)
    )
    headers = (*response.headers, ("Content-Encoding", coding), ("Vary", "Accept-Encoding"))
    return replace(response, body=body, headers=headers)
