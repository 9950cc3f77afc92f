"""The words that invented pages are made of: lists of lines per language, and slots in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
_SLOT = re.compile(r"\{(\w+)\}")
_CHINESE = ("zh", "zh_hant")

Lists = Mapping[str, Sequence[str]]


def read_sections(path: Path) -> dict[str, str]:
    """`== name` opens a section; what stands before the first is of the section ""."""
    parts = re.split(r"^== (\w+)\n", path.read_text(encoding="utf-8"), flags=re.M)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


@cache
def word_lists(language: str) -> Lists:
    """Section → its lines, of wording/LANGUAGE.txt."""
    sections = read_sections(HERE / "wording" / f"{language}.txt")
    return {name: tuple(text.split("\n")[:-1]) for name, text in sections.items() if name}


@cache
def labels(language: str) -> Mapping[str, str]:
    """What a site calls its buttons and boxes: `key = words`."""
    pairs = (line.partition(" = ") for line in word_lists(language)["label"])
    return {key: words for key, _, words in pairs}


class Cast:
    """Who and what one story is about: every sentence drawn from it names the same company.

    `line` never gives the same template twice, but when all have been given.
    """

    def __init__(self, language: str, chance: Random) -> None:
        self.language, self.lists, self._chance = language, word_lists(language), chance
        self._chinese = language in _CHINESE
        company, rival = chance.sample(self.lists["company"], 2)
        person, other = chance.sample(self.lists["person"], 2)
        sector = chance.choice(self.lists["sector"])
        fixed = ("bank", "place", "role")
        self._named = {name[0]: chance.choice(self.lists[name]) for name in fixed[:2]}
        self._named |= {"c": company, "r": rival, "a": person, "a2": other, "s": sector}
        self._named |= {"s2": sector.capitalize(), "role": chance.choice(self.lists["role"])}
        self._drawn: dict[str, list[str]] = {}

    def line(self, section: str) -> str:
        """A line of that section, its slots filled."""
        if not self._drawn.get(section):
            lines = self.lists[section]
            self._drawn[section] = self._chance.sample(lines, len(lines))
        return self.fill(self._drawn[section].pop())

    def lines(self, section: str, count: int) -> list[str]:
        return [self.line(section) for _ in range(count)]

    def paragraph(self, sentences: int) -> str:
        return self.joined(self.lines("sentence", sentences))

    def joined(self, sentences: Sequence[str]) -> str:
        return ("" if self._chinese else " ").join(sentences)

    def fill(self, template: str) -> str:
        return _SLOT.sub(self._slot, template)

    def _slot(self, match: re.Match[str]) -> str:
        name, chance = match[1], self._chance
        if name in self._named:
            return self._named[name]
        if name in ("m", "d"):
            return chance.choice(self.lists["month" if name == "m" else "weekday"])
        if name == "q":
            comma = "," if "Prozent" in "".join(self.lists["lead"]) else "."
            return f"{chance.randint(1, 9)}{comma}{chance.randint(1, 9)}"
        return str(chance.randint(12, 97) if name == "n" else chance.randint(3, 11))
