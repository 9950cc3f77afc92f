"""What a value of the configuration may be: durations, sizes, times, addresses, rules."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from config.moments import Moment, parse_duration, read_since
from config.rules import check_cron, check_market, check_selector
from config.sizes import parse_size

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")  # IDN: as in DNS, xn--…
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 §5.6.2, token


def _size_as_written(size: int) -> str:
    return f"{size}B"


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise ValueError("must be longer than zero")
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder, "Asia"
        raise ValueError(f'"{name}" is no IANA time zone, such as "Asia/Shanghai"') from error
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(
            'must be up to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit'
        )
    return text


def _url(text: str) -> str:
    """Accept an http(s) address; one with a password is refused, since the archive stores it."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", text):
        raise ValueError("must be an address beginning with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError(
            'no user name or password here: send headers = { Authorization = "env:…" }'
        )
    return text


def _callback(text: str) -> str:
    """Accept an address to which a path can be added, or ''."""
    if "?" in text or "#" in text:
        raise ValueError('must have no "?" or "#": each subscription is a path below it')
    return _url(text) if text else text


def _proxy(text: str) -> str:
    if text and not text.startswith("env:") and not re.match(r"https?://[^\s/]+", text):
        raise ValueError('must be "http://host:port", or "env:NAME" to keep a password secret')
    return text


def _listen(text: str) -> str:
    """Accept "host:port" of this machine, or ''."""
    host, _, port = text.rpartition(":")
    if text and (not host or not port.isdecimal() or not 0 < int(port) < 65536):
        raise ValueError('must be "address:port", such as "127.0.0.1:9180"')
    return text


def _network(value: object) -> object:
    return ip_network(value) if isinstance(value, str) else value


def _headers(pairs: dict[str, str]) -> dict[str, str]:
    """Refuse what would break out of a header line; the message shows no value."""
    for name, value in pairs.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header or cookie name")
        if re.search(r"[\r\n\0]", value):
            raise ValueError(f"the value of {name} contains a line break")
    return pairs


def _host(text: str) -> str:
    """Accept the bare name of a host, without scheme, port or path."""
    if not _HOST.fullmatch(text):
        raise ValueError('must be the name of a host, such as "wsj.com", in lower case')
    return text


def _server_name(text: str) -> str:
    """Accept a name as browsers send it: that of a machine here may have no dot."""
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", text):
        raise ValueError('must be a name, such as "news.example.com", in lower case, without port')
    return text


def _written(value: Moment) -> str:
    """Put a value of `since`, or a duration, as the config would have it."""
    if isinstance(value, timedelta):
        return f"{value.total_seconds():f}s"
    return value if isinstance(value, str) else value.isoformat()


_AsWritten = PlainSerializer(_written, return_type=str, when_used="json-unless-none")
Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), AfterValidator(_positive), _AsWritten
]
Size = Annotated[
    int,
    BeforeValidator(parse_size),
    PlainSerializer(_size_as_written, return_type=str, when_used="json-unless-none"),
]  # bytes
Zone = Annotated[str, AfterValidator(_zone)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
Cron = Annotated[str, AfterValidator(check_cron)]
Market = Annotated[str, AfterValidator(check_market)]
Selector = Annotated[str, AfterValidator(check_selector)]
Headers = Annotated[dict[str, str], AfterValidator(_headers)]
Since = Annotated[Moment, BeforeValidator(read_since), _AsWritten]


Listen = Annotated[str, AfterValidator(_listen)]
SourceId = Annotated[str, AfterValidator(_id)]
Url = Annotated[str, AfterValidator(_url)]
HostName = Annotated[str, AfterValidator(_host)]
ServerName = Annotated[str, AfterValidator(_server_name)]
# archive.model.ChangeKind, whose words these are; a test holds them equal
EventKind = Literal[
    "new",
    "edit",
    "minor",
    "extraction",
    "redated",
    "moved",
    "withdrawn",
    "returned",
    "copied",
    "left",
    "led",
    "attributed",
    "held",
    "released",
    "reopened",
    "merged",
    "forgotten",
]
Callback = Annotated[str, AfterValidator(_callback)]
Proxy = Annotated[str, AfterValidator(_proxy)]
