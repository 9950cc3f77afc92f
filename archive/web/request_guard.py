"""Whom the reading pages answer, and what their answers tell a browser.

Against DNS rebinding: a page of evil.example that points its name at 127.0.0.1 asks with that name
as Host. Where Datasette shows databases of somebody else's too, it is left as it is.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from ipaddress import ip_address
from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]

from archive.web.file_access import let_go_of_what_changed
from archive.web.inline_scripts import script_sources
from archive.web.query_limits import shows_archives_only
from archive.web.tables.past_notice import as_of_tables, refused_data

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Callable[[], Awaitable[Message]], Send], Awaitable[None]]

HOSTS = "BROADSHEET_HOSTS"  # set by `broadsheet serve`: names, parted by blanks
# Of Datasette's own pages: nothing comes from elsewhere, and of scripts in line only its own run.
HEADERS = {
    b"content-security-policy": f"default-src 'none'; script-src {script_sources()}; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'".encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
}


def is_known_host(host: str, server: str, allowed: Collection[str]) -> bool:
    """Whether a Host header names this server: loopback, the very address that was connected to,
    or a name that was allowed. An address as Host can't be made to point elsewhere."""
    name = _without_port(host)
    if name in allowed or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or str(address) == server.partition("%")[0]


def _without_port(host: str) -> str:
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        async def guarded(
            scope: Message, receive: Callable[[], Awaitable[Message]], send: Send
        ) -> None:
            await datasette.invoke_startup()  # once, and before anything is opened
            let_go_of_what_changed(datasette)
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            if not await shows_archives_only(datasette):
                await _pass_on(datasette, app, scope, receive, send)
                return
            host = _header(scope, b"host")
            server = str((scope.get("server") or ("", 0))[0])
            answer = _with_headers(send)
            if not is_known_host(host, server, _allowed(datasette)):
                await _refuse(answer, host)
                return
            await _pass_on(datasette, app, scope, receive, answer)

        return guarded

    return wrap


async def _pass_on(
    datasette: Any, app: App, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send
) -> None:
    """Let Datasette answer, without a moment that its tables can't show."""
    scope = as_of_tables(datasette, scope)
    refused = refused_data(scope)
    if refused is None:
        await app(scope, receive, send)
    else:
        await _answer(send, 400, b"application/json; charset=utf-8", refused)


def _allowed(datasette: Any) -> frozenset[str]:
    """What `broadsheet serve` allows; and from metadata, where somebody has his own:
    {"plugins": {"broadsheet": {"hosts": "a.example b.example"}}}, or a list."""
    hosts = (datasette.plugin_config("broadsheet") or {}).get("hosts") or ()
    names = hosts.split() if isinstance(hosts, str) else hosts
    served = os.environ.get(HOSTS, "").split()
    return frozenset(str(name).lower() for name in (*names, *served))


def _header(scope: Message, name: bytes) -> str:
    found = [value for key, value in scope.get("headers", ()) if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            there = {key.lower() for key, _ in headers}
            headers += [(key, value) for key, value in HEADERS.items() if key not in there]
            message = {**message, "headers": headers}
        await send(message)

    return sending


async def _refuse(send: Send, host: str) -> None:
    words = (
        f"This archive doesn't answer to the name {host[:100]!r}. If it is this server's, add it "
        'to the config: [web] hosts = ["name"], or `broadsheet serve --allow-host name`.\n'
    )
    await _answer(send, 403, b"text/plain; charset=utf-8", words.encode())


async def _answer(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
