"""Files that outlive a power cut whole: the old one or the new one, never a part."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes, *, sync: Callable[[Path], None] = sync_folder) -> None:
    """Put `content` at `path`, with the folders above it; OSError where that can't be done.

    `sync` is given the file's folder: who writes several may do with `sync_folder` once, at last.
    """
    _make_folder(path.parent)
    # A dot: Hexo skips it. One name per file: what a killed process left is written over.
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder, and those above it, so that they outlive a power cut as the file does."""
    missing = [*takewhile(lambda above: not above.is_dir(), (folder, *folder.parents))]
    for below in reversed(missing):
        below.mkdir(exist_ok=True)
        sync_folder(below.parent)
