"""One process at a time fetches or writes: the lock of an archive folder."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.errors import ArchiveError, ArchiveLocked
from archive.folder import DataFolder, private_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who fetches or writes now."""

    pid: int
    command: str
    trouble: str = ""  # what it says is wrong with itself; '' for nothing


class ArchiveLock:
    """Holds `<data>/lock` while the block runs; readers never need it.

    The lock is the kernel's (flock), so that it ends with the process, however that dies: the
    file a dead process leaves behind locks nothing. Its JSON only says who holds it.
    What its holder makes is private, unless `shared` (`folder.private_files`). Raises
    ArchiveLocked naming the holder, ArchiveError where the folder can't be written.
    """

    def __init__(self, data: Path, command: str, *, shared: bool = False) -> None:
        self._data = data
        self._command = command
        self._shared = shared
        self._descriptor: int | None = None
        self._privacy = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as entered:
            entered.enter_context(private_files(shared=self._shared))
            self._lock()
            self._privacy = entered.pop_all()
        return self

    def _lock(self) -> None:
        descriptor = _open(self._data)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise _refusal(self._data, holder, error) from error
        _write(descriptor, {"pid": os.getpid(), "command": self._command})
        self._descriptor = descriptor

    def tell_trouble(self, words: str) -> None:
        """Let whoever asks who holds the lock know what is wrong; '' ends it."""
        if self._descriptor is not None:
            holder = {"pid": os.getpid(), "command": self._command, "trouble": words}
            _write(self._descriptor, holder)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is None:
            return
        # Emptied, not removed: a waiting process may have the file open, and would then hold
        # a lock that nobody else can see.
        os.ftruncate(self._descriptor, 0)
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)
        self._descriptor = None
        self._privacy.close()


def lock_holder(data: Path) -> Holder | None:
    """Give the process that holds the lock; None where nobody does, or none may be seen."""
    try:
        descriptor = os.open(DataFolder(data).lock, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return None
    try:
        holder = _read(descriptor)
        return holder if holder is not None and _is_locked(descriptor) else None
    finally:
        os.close(descriptor)


def may_be_held(data: Path) -> bool:
    """Whether a process holds the lock, as far as this one may see: of a lock that another user
    keeps to himself nobody can tell."""
    lock = DataFolder(data).lock
    return (lock.exists() and not os.access(lock, os.R_OK)) or lock_holder(data) is not None


def _is_locked(descriptor: int) -> bool:
    # Asked only of a file that names a holder, so that the moment for which this takes the lock
    # itself comes only after a holder was killed: nobody's start is refused because of a reader.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _open(data: Path) -> int:
    try:
        data.mkdir(parents=True, exist_ok=True)
        return os.open(DataFolder(data).lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise ArchiveError(
            f"archive {data} can't be locked: {error.strerror}; check the folder and its rights"
        ) from error


def _refusal(data: Path, holder: str, error: OSError) -> ArchiveLocked | ArchiveError:
    if isinstance(error, BlockingIOError):
        return ArchiveLocked(f"archive {data} is in use by {holder}; wait for it or stop it")
    return ArchiveError(
        f"archive {data} can't be locked: {error.strerror}; put it on a file system with flock"
    )


def _write(descriptor: int, holder: dict[str, object]) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _holder(descriptor: int) -> str:
    holder = _read(descriptor)
    if holder is None:
        return "another process"  # it has the lock and has not yet written its name
    return f"pid {holder.pid} ({holder.command})"


def _read(descriptor: int) -> Holder | None:
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(
            pid=int(holder["pid"]),
            command=str(holder["command"]),
            trouble=str(holder.get("trouble", "")),
        )
    except (ValueError, KeyError, TypeError):
        return None
