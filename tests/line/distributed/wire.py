"""The wire between a worker and its broker, which can be cut: a port on loopback, and a socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Wire:
    """While it is cut, connections stay open, new ones are taken, and nothing comes through."""

    def __init__(self, socket: Path):
        self._socket, self._is_cut = socket, False
        self._ends: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._joined, "127.0.0.1", 0)
        )
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/0"

    def cut(self) -> None:
        self._is_cut = True

    def mend(self) -> None:
        """What was joined before has lost bytes, and ends."""
        self._is_cut = False
        self._loop.call_soon_threadsafe(self._end_all)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _end_all(self) -> None:
        for end in self._ends:
            end.close()

    async def _joined(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        ends = {back}
        self._ends |= ends
        with suppress(OSError, asyncio.CancelledError):
            far, there = await asyncio.open_unix_connection(self._socket)
            ends.add(there)
            self._ends.add(there)
            await asyncio.gather(self._pass(near, there), self._pass(far, back))
        for end in ends:
            end.close()
        self._ends -= ends

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(1 << 16):
            if not self._is_cut:
                target.write(data)
                await target.drain()
        target.close()


@contextmanager
def wire_to(socket: Path) -> Iterator[Wire]:
    wire = Wire(socket)
    try:
        yield wire
    finally:
        wire.close()
