"""`broadsheet crawl` beside a daemon: ask it for the visits, and show what it does."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.database.lock import lock_holder
from crawler.fetch.tally import Tallies
from crawler.run.daemon.daemon_socket import REQUEST, UPDATE, Request, Update, socket_address
from crawler.run.status.report import DAEMON
from crawler.run.terminal.context import Context, Failure
from crawler.run.terminal.progress import Progress

STARTING_S = 10.0  # between taking the lock and listening a daemon imports, and opens the archive


def find_daemon(data: Path) -> socket.socket | None:
    """Connect to the daemon that holds the archive; None when none does."""
    end = time.monotonic() + STARTING_S
    while (connection := _connect(data)) is None:
        holder = lock_holder(data)
        if holder is None or holder.command != DAEMON or time.monotonic() > end:
            return None
        time.sleep(0.1)
    return connection


def _connect(data: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        with socket_address(data) as address:
            connection.connect(address)
    except OSError:
        connection.close()
        return None
    return connection


def follow(
    context: Context, daemon: socket.socket, request: Request, *, as_json: bool = False
) -> Tallies:
    """Show the visits until they have ended, and give what they brought.

    Raises Failure when the daemon refuses or ends, and KeyboardInterrupt on Ctrl-C: the daemon
    goes on without us.
    """
    tallies = Tallies()
    context.errors.print("a daemon holds the archive: it visits now", soft_wrap=True)
    progress = Progress(tallies, console=context.console, errors=context.errors, as_json=as_json)
    try:
        last = _show(daemon, request, tallies, progress.refresh)
    except KeyboardInterrupt:
        progress.close()
        context.errors.print("no longer following; the daemon goes on", soft_wrap=True)
        raise
    except BaseException:
        progress.close()
        raise
    progress.finish(last.owed, last.owed_until, False)
    return tallies


def _show(
    daemon: socket.socket, request: Request, tallies: Tallies, refresh: Callable[[int], None]
) -> Update:
    for update in _updates(daemon, request):
        tallies.tallies |= {tally.source_id: tally for tally in update.tallies}
        if update.error:
            raise Failure(update.error, update.exit_code)
        refresh(update.owed)
        if update.done:
            return update
    raise Failure("the daemon ended before its visits had; what is owed stays owed")


def _updates(daemon: socket.socket, request: Request) -> Iterator[Update]:
    with daemon, daemon.makefile("rwb") as lines:
        try:
            lines.write(REQUEST.dump_json(request) + b"\n")
            lines.flush()
            for line in lines:
                yield UPDATE.validate_json(line)
        except ConnectionError:
            return
