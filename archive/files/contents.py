"""What Markdown files hold, by the hash under which it is ordered."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256


def file_hash(content: bytes) -> str:
    """SHA-256, as table `files` has it."""
    return sha256(content).hexdigest()


class LatestContents:
    """The latest ones, so many at `most`: what was rendered for its hash is not rendered again."""

    def __init__(self, most: int) -> None:
        self._most, self._kept = most, OrderedDict[str, bytes]()

    def keep(self, content: bytes) -> str:
        """Give the hash by which `content` is found."""
        found = file_hash(content)
        self._kept[found] = content
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found

    def find(self, wanted: str | None) -> bytes | None:
        """None where it is no longer among the latest, or nothing is wanted."""
        return None if wanted is None else self._kept.get(wanted)
