"""What was learned of outlets, by hash: a task names the hash, a worker asks for the lines."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256

from archive.articles.boilerplate import learned
from archive.database.read_connection import ReadConnection
from config.model import Source

KEPT = 1024  # sets of lines: of far more tasks than can be out


class Outlets:
    """Remembers each outlet's lines until something new is learned of it."""

    def __init__(self, reader: ReadConnection):
        self._reader = reader
        self._current: dict[str, str] = {}  # outlet -> hash
        self._lines: OrderedDict[str, frozenset[str]] = OrderedDict()

    async def hash_of(self, source: Source) -> str:
        """The hash of what extraction takes out of the source's pages; '' for nothing."""
        if not source.body.learn:
            return ""
        hash_ = self._current.get(source.name)
        if hash_ is None or (hash_ and hash_ not in self._lines):
            lines = await self._reader.run(learned, source.name)
            hash_ = self._current[source.name] = _hash(lines)
            self._lines[hash_] = lines
        if hash_:
            self._lines.move_to_end(hash_)
        while len(self._lines) > KEPT:
            self._lines.popitem(last=False)
        return hash_

    def taught(self, outlet: str) -> None:
        """Something was learned of an outlet, or forgotten."""
        self._current.pop(outlet, None)

    def lines(self, hash_: str) -> frozenset[str]:
        """The lines that a task's hash stands for."""
        return self._lines.get(hash_, frozenset())


def _hash(lines: frozenset[str]) -> str:
    if not lines:
        return ""
    return sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
