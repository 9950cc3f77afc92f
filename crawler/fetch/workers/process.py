"""A worker process from outside: one task at a time, over a line that nobody else holds.

What a killed worker breaks is its own: a pipe or a lock that workers share is left half written,
or taken, by one that dies at the wrong moment, and all the others wait for it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import pickle
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Any, Self

from archive.errors import NoWorkers
from crawler.fetch.safe_path import keep_children_safe
from crawler.fetch.workers.worker import HEAD, READY, framed, serve

START_S = 60.0  # the first one waits for what the fork server imports
PAUSES_S = (0.1, 0.5, 2.0)  # before it is tried again
DEATH_S = 2.0  # until the fork server has told how a worker ended
WALL = 3.0  # times the processor time that a task may take: the machine has others to serve
LOWEST_PRIORITY = 19
_PRELOADED = ["crawler.fetch.workers.fork_server", "crawler.fetch.workers.shared_memory"]


class WorkerDied(Exception):
    """A worker ended before its task did: by a signal, or by itself."""


class WorkerProcess:
    """`kill` and `close` may be repeated; after either it takes no task."""

    def __init__(
        self, process: BaseProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ):
        self._process, self._reader, self._writer = process, reader, writer
        self.tasks = 0  # that it did
        self._open = True

    @classmethod
    async def start(cls) -> Self:
        """Fork one; raises NoWorkers when there is none to be had, however often it is tried."""
        keep_children_safe()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED)
        pauses = iter(PAUSES_S)
        while True:
            # here and not in the thread below: it dies with the thread that starts it
            _ensure_fork_server()
            ours, theirs = socket.socketpair()
            process = context.Process(target=serve, args=(theirs,), daemon=True)
            worker = cls(process, *await asyncio.open_connection(sock=ours, limit=2**20))
            try:
                async with asyncio.timeout(START_S):
                    await asyncio.to_thread(_launch, process, theirs)
                    await worker._reader.readexactly(len(READY))
                return worker
            except BaseException as error:
                worker.kill()
                theirs.close()
                if not isinstance(error, OSError | EOFError):
                    raise
                if isinstance(error, TimeoutError):
                    _kill_fork_server()  # or the thread would wait for it for ever
                pause_s = next(pauses, None)
                if pause_s is None:
                    raise NoWorkers(f"no worker process can be started: {error!r}") from error
            await asyncio.sleep(pause_s)  # the fork server is dying, it may be

    @property
    def is_usable(self) -> bool:
        return self._open and not self._reader.at_eof()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    async def run(
        self, function: Callable[..., Any], args: tuple[Any, ...], *, cpu_s: float
    ) -> tuple[bool, Any, float]:
        """Give (succeeded, value or exception, seconds of processor time).

        Raises TimeoutError over `cpu_s`, WorkerDied. Cancelled, it ends the process.
        """
        try:
            async with asyncio.timeout(WALL * cpu_s):
                await self._send((function, args, cpu_s))
                (size,) = HEAD.unpack(await self._reader.readexactly(HEAD.size))
                answer = await self._reader.readexactly(size)
            succeeded, value, seconds = pickle.loads(answer)  # noqa: S301  # of a process of ours
        except (EOFError, OSError) as error:  # TimeoutError is an OSError
            await self._end(error)
        except BaseException:
            self.kill()
            raise
        self.tasks += 1
        return succeeded, value, seconds

    async def _send(self, message: object) -> None:
        """Its bytes are let go when they are sent: a worker may be at them for long."""
        self._writer.write(framed(message))
        await self._writer.drain()

    async def _end(self, error: Exception) -> None:
        """Raise what the end of the process, or of our patience, means."""
        if isinstance(error, TimeoutError):
            self.kill()
            raise error
        await asyncio.to_thread(self._process.join, DEATH_S)
        code = self._process.exitcode
        self.kill()
        if code == -signal.SIGXCPU:
            raise TimeoutError("processor time") from error
        raise WorkerDied(_words(code)) from error

    def step_aside(self) -> None:
        """Let every other process go first, for the rest of its life."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid or 0, LOWEST_PRIORITY)

    def close(self) -> None:
        """Let it end by itself: its line has no other end any more."""
        self._open = False
        self._writer.close()

    def kill(self) -> None:
        """End it at once; blocks for no longer than a system call."""
        self._open = False
        with suppress(OSError):
            if self._process.pid is not None and self._process.exitcode is None:
                self._process.kill()
        self._writer.transport.abort()


def _ensure_fork_server() -> None:
    """It ignores Ctrl-C only once it has imported what it preloads: blocked while it is started,
    the signal waits for us and never reaches it. We get ours right after."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _launch(process: BaseProcess, theirs: socket.socket) -> None:
    with theirs:  # the worker's copy is the only one from here on: its end is the line's end
        process.start()


def _words(code: int | None) -> str:
    if code is None or code >= 0:
        return "it ended" if code is None else f"it ended with exit code {code}"
    try:
        return f"it was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"it was ended by signal {-code}"


def _kill_fork_server() -> None:
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    if pid is not None:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
