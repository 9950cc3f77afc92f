"""The decision as a save makes it, and texts that are there to make it slow."""

from __future__ import annotations

import time
from typing import Protocol

from archive.articles.revisions import Version, differ_by_noise, kind_of_change
from benchmarks.revisions.pairs import pairs

HOSTILE = {
    "one sentence": ("a " * 500_000, "a " * 499_999 + "b "),
    "sentences alike": ("a. " * 300_000, "b. " + "a. " * 299_999),
    "short lines": ("1\n" * 500_000, "1\n" * 499_999 + "2\n"),
    "digits": ("1" * 1_000_000, "1" * 999_999 + "2"),
    "lines of digits": (("1" * 150 + "\n") * 6_600, ("1" * 150 + "\n") * 6_599 + "2"),
    "lines of dates": (("1 jan 1 " * 18 + "\n") * 6_600, ("1 jan 1 " * 18 + "\n") * 6_599 + "2"),
    "two words": ("a b " * 240, "b a " * 240 + "a"),
}


class Labelled(Protocol):
    """A pair of versions and what it is: noise, minor or edit."""

    @property
    def kind(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def change(self) -> str: ...
    def version(self, number: int, /) -> tuple[str, str]: ...


def decided(old: tuple[str, str], new: tuple[str, str]) -> str:
    """Name what parts two versions (title, text): noise, minor or edit."""
    before, after = Version.of(*old), Version.of(*new)
    if before.content_hash == after.content_hash or differ_by_noise(old, new):
        return "noise"
    return kind_of_change(before, after).value


def corrected(chars: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """Give an article of so many characters, and with one sentence corrected in its middle."""
    text = "\n\n".join(pair.version(0)[1] for pair in pairs() if pair.language == "zh")[:chars]
    return ("题", text), ("题", text[: chars // 2] + "的的" + text[chars // 2 :])


def timed_ms(old: tuple[str, str], new: tuple[str, str]) -> float:
    """CPU time of a decision."""
    started = time.process_time()
    decided(old, new)
    return (time.process_time() - started) * 1000
