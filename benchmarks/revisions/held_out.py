"""The held-out pairs: whole short articles, by one who had not read the rules of the archive.

Two parts, each with its author, date and what was known in its heading: `held_out` has every sort
of change, `marks` those of marks, blanks and capitals alone. They measure; no rule is mended for
a minor pair of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PARTS = ("held_out", "marks")
_CHANGE = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}")
_WRITTEN_OUT = {r"\n": "\n", r"\xa0": "\xa0", r"\u200b": "\u200b"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """An article that changed: what kind of change that is, and of which sort."""

    kind: str
    language: str
    sort: str
    title: str
    text: str

    @property
    def change(self) -> str:
        """The changes alone, to be shown."""
        marks = _CHANGE.finditer(f"{self.title} {self.text}")
        return f"{self.sort} {self.language}: {' '.join(mark.group() for mark in marks)}"

    def version(self, which: int) -> tuple[str, str]:
        """Give title and text before (0) or after (1) the change."""
        return _side(self.title, which), _side(self.text, which)


def held_out(part: str) -> Iterator[HeldOut]:
    """Yield the pairs of one of PARTS, Chinese first."""
    for language in ("zh", "en"):
        listed = Path(__file__).with_name(f"{part}_{language}.txt").read_text(encoding="utf-8")
        for block in listed.strip().split("\n\n"):
            if not block.startswith("#"):
                yield _pair(block, language)


def _pair(block: str, language: str) -> HeldOut:
    heading, title, *paragraphs = block.split("\n")
    kind, sort = heading.split(" ", 1)
    text = "\n\n".join(paragraphs)
    return HeldOut(kind=kind, language=language, sort=sort, title=title, text=text)


def _side(marked: str, which: int) -> str:
    return _CHANGE.sub(lambda mark: _written(mark[which + 1] or ""), marked)


def _written(text: str) -> str:
    for shown, meant in _WRITTEN_OUT.items():
        text = text.replace(shown, meant)
    return text
