"""`broadsheet` with places at which it, a worker or the fork server is killed (test_kills.py).

A place is armed by fuses, files named after it: whoever comes by takes one away, and who takes the
last one dies there. So a test can arm it while the crawl runs, for the n-th time that it is passed,
in whichever process that is.
"""

from __future__ import annotations

import asyncio
import faulthandler
import inspect
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import wraps
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

FUSES = "BROADSHEET_TEST_FUSES"  # the folder; it marks every process of the crawl, too
SOON_S = 0.003  # into what takes some ms

# Of main: what it has just done, or is about to do; once a process, or with each page or visit
ONCE = ("before catching up", "before the run's end is noted", "after the run's end is noted")
STARTING = ("before a worker starts",)
OFTEN = (
    "visit booked, not committed",
    "visit committed",
    "soon after a request is sent",
    "soon after a page is given to a worker",
    "raw page committed",
    "page booked, not committed",
    "page committed, file not written",
    "before a file is renamed",
    "after a file is renamed",
    "file written, not noted",
    "file noted, not committed",
)
OF_MAIN = (*ONCE, *STARTING, *OFTEN)
OF_WORKER = ("worker in its task", "worker in its answer", "worker after its answer")
OF_FORK_SERVER = ("fork server at a worker's start", "fork server while a worker works")


def arm(folder: Path, place: str, times: int) -> None:
    """Whoever passes there for the n-th time from now on dies."""
    for number in range(times):
        (folder / f"{place}#{number}").touch()


def is_armed(folder: Path, place: str) -> bool:
    return any(folder.glob(f"{place}#*"))


def burns(place: str) -> bool:
    """Take a fuse away; whether it was the last."""
    folder = Path(os.environ[FUSES])
    for fuse in sorted(folder.glob(f"{place}#*")):
        try:
            fuse.unlink()
        except FileNotFoundError:  # another process was faster
            continue
        return not is_armed(folder, place)
    return False


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at(place: str) -> None:
    if place and burns(place):
        die()


def cut(owner: Any, name: str, *, before: str = "", after: str = "", soon: str = "") -> None:
    """Let a function of `owner` die before, after, or soon after its begin."""
    function = getattr(owner, name)

    def enter() -> None:
        _die_at(before)
        if soon and burns(soon):
            asyncio.get_running_loop().call_later(SOON_S, die)

    @wraps(function)
    def plain(*args: Any, **kwargs: Any) -> Any:
        enter()
        value = function(*args, **kwargs)
        _die_at(after)
        return value

    @wraps(function)
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        enter()
        value = await function(*args, **kwargs)
        _die_at(after)
        return value

    setattr(owner, name, awaited if inspect.iscoroutinefunction(function) else plain)


def install() -> None:
    """Put all places into this process, and into those that it starts."""
    from archive.files import orders
    from crawler.fetch.desk_local import LocalDesk
    from crawler.fetch.house.bookkeeping import Bookkeeper
    from crawler.fetch.house.closing import Closing
    from crawler.fetch.house.visit_book import VisitBook
    from crawler.fetch.http.handler import ShortKeepAlive
    from crawler.fetch.workers import process
    from crawler.fetch.workers.pool import ExtractionPool

    cut(Bookkeeper, "_catch_up", before="before catching up")
    cut(
        LocalDesk,
        "_end_run",
        before="before the run's end is noted",
        after="after the run's end is noted",
    )
    cut(VisitBook, "book", after="visit booked, not committed")
    cut(Bookkeeper, "visit", after="visit committed")
    cut(ShortKeepAlive, "download_request", soon="soon after a request is sent")
    cut(ExtractionPool, "extract", soon="soon after a page is given to a worker")
    cut(Bookkeeper, "_keep", after="raw page committed")
    cut(Closing, "book", after="page booked, not committed")
    cut(
        Bookkeeper,
        "_write",
        before="page committed, file not written",
        after="file written, not noted",
    )
    cut(os, "replace", before="before a file is renamed", after="after a file is renamed")
    cut(orders, "note_done", after="file noted, not committed")
    cut(process, "_launch", before="before a worker starts")
    _cut_fork_server(process)
    process.serve = serve


def _cut_fork_server(process: Any) -> None:
    launch: Callable[..., None] = process._launch

    def launch_without_server(*args: Any) -> None:
        if burns("fork server at a worker's start"):
            os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
        launch(*args)

    process._launch = launch_without_server


def serve(line: socket.socket) -> None:
    """A worker's life, with the places where it ends."""
    from crawler.fetch.workers import worker

    real = worker._answer

    def answer(function: Callable[..., Any], args: tuple[Any, ...], cpu_s: float) -> memoryview:
        if burns("worker in its task"):
            threading.Timer(SOON_S, die).start()
        if burns("fork server while a worker works"):
            os.kill(os.getppid(), signal.SIGKILL)
        told = real(function, args, cpu_s)
        if burns("worker in its answer"):
            line.sendall(told[: len(told) // 2])
            die()
        if burns("worker after its answer"):
            threading.Timer(SOON_S, die).start()
        return told

    worker._answer = answer
    worker.serve(line)


def main() -> None:
    from crawler.run.cli import main as broadsheet

    faulthandler.register(signal.SIGUSR1)  # where does it stand still?
    install()
    broadsheet(sys.argv[1:])
