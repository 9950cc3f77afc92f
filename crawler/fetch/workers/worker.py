"""Inside a worker process: one task after the other, until its line closes.

A message is its length in 8 bytes, then a pickle: (function, arguments, seconds of processor time)
on the way in, (succeeded, value or exception, seconds it took) on the way out.
"""

from __future__ import annotations

import math
import pickle
import resource
import signal
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, Generic, TypeVar, cast

from crawler.fetch.workers.lifeline import die_with_parent, die_with_starter

T = TypeVar("T")

MEMORY = 2 * 2**30  # bytes of address space
HEAD = struct.Struct("!Q")
READY = b"r"  # the first byte: whoever sends it has got through all that may fail at a start


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """What `jobs` calls by this name. It becomes the function on its way into a worker: these
    alone import what reads pages, 20 MB that the crawl's own process goes without."""

    name: str

    def __reduce__(self) -> tuple[Callable[[str], Callable[..., Any]], tuple[str]]:
        return _job, (self.name,)

    def __call__(self, *args: Any) -> T:
        return cast("T", _job(self.name)(*args))


def _job(name: str) -> Callable[..., Any]:
    from crawler.fetch.workers import jobs

    return jobs.BY_NAME[name]


def framed(message: object) -> memoryview:
    """Give a message as it goes over the line, made in one place: it may have 50 MB."""
    written = BytesIO()
    written.seek(HEAD.size)
    pickle.dump(message, written, protocol=pickle.HIGHEST_PROTOCOL)
    size = written.tell() - HEAD.size
    written.seek(0)
    written.write(HEAD.pack(size))
    return written.getbuffer()


def serve(line: socket.socket) -> None:
    """Do what comes over the line; the end of a worker process is the end of this."""
    _prepare()
    with line, line.makefile("rb") as tasks:
        line.sendall(READY)
        while (message := _read(tasks)) is not None:
            function, args, cpu_s = pickle.loads(message)  # noqa: S301  # of the process that made us
            line.sendall(_answer(function, args, cpu_s))


def _prepare() -> None:
    die_with_parent()
    die_with_starter()
    # The parent ends its workers itself: a Ctrl-C to the group must not lose what they hold.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(tasks: BinaryIO) -> bytes | None:
    head = tasks.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (size,) = HEAD.unpack(head)
    body = tasks.read(size)
    return body if len(body) == size else None


def _answer(function: Callable[..., Any], args: tuple[Any, ...], cpu_s: float) -> memoryview:
    began = time.process_time()
    # a whole second more than promised: the kernel counts in those; then SIGXCPU ends the process
    limit = math.ceil(began + cpu_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    try:
        value, succeeded = function(*args), True
    except Exception as error:
        value, succeeded = _portable(error), False
    return framed((succeeded, value, time.process_time() - began))


def _portable(error: Exception) -> Exception:
    """The exception, where it survives the way; else its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return RuntimeError(repr(error))
    return error
