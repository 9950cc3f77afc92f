"""The processes that a crawl or the daemon has started, while they come and go."""

from __future__ import annotations

from collections.abc import Iterator

import psutil


def commands_below(pid: int) -> Iterator[tuple[psutil.Process, list[str]]]:
    """Give each process below this one with its command line; one that has just ended has none."""
    for child in psutil.Process(pid).children(recursive=True):
        try:
            words = child.cmdline()
        except psutil.Error:  # it ends between the list and the question
            continue
        yield child, words
