"""Bytes that wait for extraction, by source: asked before a request is sent, as no answer can be
given back."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Hashable

SHARE = 5_000_000  # bytes that a source may hold while others wait
ALL = 24_000_000  # that all may hold together, and one that is alone
COMING, COMING_ALONE = 5, 8  # answers on their way to a source: each may be its largest
GUESS = 256 * 1024  # bytes of a page whose source has sent none yet; the median of 150 is 113 KB
FADES = 0.9  # a source's large page is forgotten after some dozen small ones
SOURCES = 10_000  # whose size of page is remembered


class Backlog:
    """A source that holds nothing may always send one request."""

    def __init__(self) -> None:
        self._expected: Counter[str] = Counter()  # answers that a source is still to give
        self._held: dict[Hashable, int] = {}  # a task's bytes, of all its parts
        self._of_source: Counter[str] = Counter()  # their sum
        self._sizes: OrderedDict[str, float] = OrderedDict()  # of a page, as far as is known

    def sent(self, source_id: str) -> None:
        self._expected[source_id] += 1

    def received(self, task: Hashable, source_id: str, size: int, *, is_page: bool) -> None:
        """An answer came; its bytes are held until the task ends."""
        if task not in self._held:
            self._expected[source_id] -= 1
        self._held[task] = self._held.get(task, 0) + size
        self._of_source[source_id] += size
        if is_page:
            self._sizes[source_id] = max(size, FADES * self._sizes.get(source_id, 0.0))
            self._sizes.move_to_end(source_id)
            if len(self._sizes) > SOURCES:
                self._sizes.popitem(last=False)

    def ended(self, task: Hashable, source_id: str) -> None:
        """A task has ended, whether an answer came or not."""
        if task in self._held:
            self._of_source[source_id] -= self._held.pop(task)
        else:
            self._expected[source_id] -= 1
        if not self._expected[source_id]:
            del self._expected[source_id]
        if not self._of_source[source_id]:
            del self._of_source[source_id]

    def has_room(self, source_id: str, *, alone: bool) -> bool:
        """Whether the source may send another request."""
        expected = self._expected.get(source_id, 0)
        held = self._of_source.get(source_id, 0)
        if not expected and not held:
            return True
        if expected >= (COMING_ALONE if alone else COMING):
            return False
        to_come = expected * self._sizes.get(source_id, GUESS)
        if held + to_come >= (ALL if alone else SHARE):
            return False
        return self._of_source.total() < ALL
