"""`broadsheet serve`: Datasette on the archive, read-only, beside a running crawl."""

from __future__ import annotations

import os
import resource
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address

import click

from crawler.run.terminal.context import Context, Failure, pass_context

DATA_BYTES = 256 << 20  # of private memory; what is mapped from files comes on top: some 30 MB
STACK_BYTES = 2 << 20  # of each thread: they count, used or not


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name that browsers may reach it by, besides [web] hosts; may be repeated.",
)
@pass_context
def serve(context: Context, port: int, host: str, names: tuple[str, ...]) -> None:
    """Browse the archive with Datasette; port 0 takes any free one.

    It answers to localhost, to the address it listens on, and to names that are allowed.
    """
    archive = context.require_archive()
    web = context.config_as_written.web
    allowed = (*web.hosts, *names)
    port = _free_port(host, port)
    click.echo(f"Serving {archive} at http://{_address_of(host)}:{port}/ (Ctrl-C stops)")
    if not _is_loopback(host):
        click.echo(_who_can_read(host, port, allowed), err=True)
    sys.stdout.flush()
    _bound_memory()
    environment = {
        **os.environ,
        "BROADSHEET_SERVING": "1",  # archive.web.query_limits
        "BROADSHEET_HOSTS": " ".join(allowed),  # archive.web.request_guard
        # archive.web.face.answers
        "BROADSHEET_LANGUAGE": web.language,
        "BROADSHEET_TIMEZONE": web.timezone,
        "BROADSHEET_IMAGES": web.images,
        "BROADSHEET_FAILING_AFTER": str(context.essentials.failing_after),
        # else what was freed stays with the process, and the thread, that had asked for it
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": "262144",
        "MALLOC_TRIM_THRESHOLD_": "1048576",
    }
    # Datasette opens a file not named by --immutable with mode=ro, so that it reads the WAL of a
    # running crawl. It takes this process's place: signals reach it, and nothing waits for it.
    os.execve(  # noqa: S606 (no shell; the arguments are ours)
        sys.executable,
        [
            *(sys.executable, "-P", "-m", "datasette", "serve", str(archive)),
            *("--host", host, "--port", str(port)),
            *("--setting", "sql_time_limit_ms", "3000"),
            *("--setting", "allow_download", "off"),
            *("--setting", "truncate_cells_html", "300"),
            *("--setting", "num_sql_threads", "3"),
        ],
        environment,
    )


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _address_of(host: str) -> str:
    """Give the address to open here; one that stands for all of them is no name of this server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"[{host}]" if ":" in host else host


def _who_can_read(host: str, port: int, allowed: Sequence[str]) -> str:
    every = host in ("0.0.0.0", "::", "")  # noqa: S104 (it is asked for)
    own = _address_in_the_network() if every else _address_of(host)
    names = [f"http://{name}:{port}/" for name in (own, *allowed) if name]
    where = f" ({', '.join(names)})" if names else ""
    reaches = "any network of this machine" if every else host
    return (
        f"Whoever reaches port {port} by {reaches}{where} can read the whole archive: there is no"
        " login. Behind a proxy with one, leave --host at 127.0.0.1."
    )


def _address_in_the_network() -> str:
    """Give the address by which others reach this machine, '' where there is none. Sends nothing:
    a datagram's socket only chooses its route. 192.0.2.1 is nobody's (RFC 5737)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return ""


def _bound_memory() -> None:
    """Let the kernel refuse what no bound of ours foresees; a query then gets a MemoryError."""
    if sys.platform != "linux":  # elsewhere it is of another kind of memory, or of none
        return
    for kind, wanted in ((resource.RLIMIT_DATA, DATA_BYTES), (resource.RLIMIT_STACK, STACK_BYTES)):
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, hard))


def _free_port(host: str, port: int) -> int:
    """Give the port if it can be bound (any for 0); Datasette's own error would be a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"can't listen on {host}:{port}: {error.strerror}; choose another --port"
            ) from error
        return int(probe.getsockname()[1])
