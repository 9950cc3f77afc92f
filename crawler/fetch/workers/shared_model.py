"""The language detector's model, in memory that all workers share: 65 MB once, and not in each.

The fork server makes the room, which is empty and takes nothing. The first worker that meets a page
which doesn't name its language fills it, the others find it full. A worker may be killed at any
moment: the size of what is there is written last of all, and its lock ends with it.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import pickle
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from py3langid import langid, modelio

ROOM = 128 * 2**20  # bytes: twice the model of py3langid 0.4
_SIZE = struct.Struct("!Q")


class SharedModel:
    """Made before the processes are forked that share it; takes the place of py3langid's own
    identifier (`langid.IDENTIFIER`, which it lets forked workers inherit)."""

    def __init__(self) -> None:
        self._room = mmap.mmap(-1, ROOM)
        with tempfile.TemporaryFile() as file:
            self._lock = os.dup(file.fileno())  # until the process ends
        self._identifier: Any = None  # of this process, over the memory of all

    @property
    def is_full(self) -> bool:
        return self._size() > 0

    def classify(self, text: str) -> tuple[str, float]:
        """Give the language, as `en`, and how likely it is, as `py3langid.classify` does."""
        if self._identifier is None:
            with self._locked():
                if not self.is_full:
                    self._fill()
            self._identifier = self._read()
        found: tuple[str, float] = self._identifier.classify(text)
        return found

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.lockf(self._lock, fcntl.LOCK_EX)  # each process' own, though they share the file
        try:
            yield
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)

    def _size(self) -> int:
        (size,) = _SIZE.unpack_from(self._room)
        return int(size)

    def _fill(self) -> None:
        """Put the model in: a pickle without its arrays, then these, each after its size."""
        path = langid.MODEL_DIR / langid.MODEL_FILE
        ptc, pc, classes, moves, rows, outputs = modelio.load_model(path)
        arrays: list[pickle.PickleBuffer] = []
        model = (ptc, pc, classes, moves.typecode, rows, outputs)
        head = pickle.dumps(model, protocol=5, buffer_callback=arrays.append)
        self._room.seek(_SIZE.size)
        raw = [array.raw() for array in reversed(arrays)]
        parts: list[Any] = [*raw, memoryview(moves).cast("B"), head]
        del ptc, model, arrays, raw, moves
        while parts:  # each is let go when it is in: for a moment the model is there twice
            part = parts.pop()
            self._room.write(_SIZE.pack(len(part)))
            self._room.write(part)
            self._room.seek(-self._room.tell() % _SIZE.size, os.SEEK_CUR)  # arrays lie aligned
        _SIZE.pack_into(self._room, 0, self._room.tell())

    def _read(self) -> Any:
        view, parts, at = memoryview(self._room).toreadonly(), [], _SIZE.size
        while at < self._size():
            (size,) = _SIZE.unpack_from(view, at)
            at += _SIZE.size
            parts.append(view[at : at + size])
            at += size + -size % _SIZE.size
        head, moves, *arrays = parts
        model = pickle.loads(head, buffers=arrays)  # noqa: S301  # of a process of ours
        ptc, pc, classes, typecode, rows, outputs = model
        return langid.LanguageIdentifier(
            ptc, pc, classes, moves.cast(typecode), outputs, tk_row=rows
        )
