"""Financial news in two languages, drawn from templates with a seeded generator.

A template file has sections: `names` and `extras` hold what a story keeps from its first line to
its last, every other one a kind of story: a title, then its sentences. `[a|b]` is a choice,
`<1.1-9.9>` a number with as many decimals, `{org}` a name.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

TOPICS = ("policy", "company", "market", "court")  # free stories: some of many sentences
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_NUMBER = re.compile(r"<([\d.]+)-([\d.]+)>")
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Story:
    language: str
    kind: str
    title: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return paragraphs(self.sentences, self.language)

    def saying(self, *sentences: str) -> Story:
        return replace(self, sentences=sentences)


def paragraphs(sentences: tuple[str, ...], language: str) -> str:
    """Set sentences as a news page does: two in a paragraph."""
    joint = "" if language == "zh" else " "
    pairs = (sentences[i : i + 2] for i in range(0, len(sentences), 2))
    return "\n\n".join(joint.join(pair) for pair in pairs)


def write(language: str, kind: str, rng: random.Random, names: dict[str, str]) -> Story:
    """Write one story; a free one takes 7 to 11 of its kind's sentences, in their order."""
    title, *sentences = _templates(language)[kind]
    if kind in TOPICS:
        chosen = sorted(rng.sample(range(1, len(sentences)), rng.randint(6, 10)))
        sentences = [sentences[0], *(sentences[i] for i in chosen)]
    return Story(
        language,
        kind,
        _drawn(title.removeprefix("title: "), rng, names),
        tuple(_drawn(sentence, rng, names) for sentence in sentences),
    )


def draw_names(language: str, rng: random.Random) -> dict[str, str]:
    """Draw who and what a story is about."""
    templates = _templates(language)
    names = {}
    for line in (*templates["names"], *templates["extras"]):
        key, _, pattern = line.partition(": ")
        names[key] = _drawn(pattern, rng, {})
    return names | {"date": _date(language, rng)}


def _date(language: str, rng: random.Random) -> str:
    day = rng.randint(1, 28)
    return f"12月{day}日" if language == "zh" else f"December {day}"


def _drawn(pattern: str, rng: random.Random, names: dict[str, str]) -> str:
    while True:  # a choice may hold another
        chosen = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), pattern)
        if chosen == pattern:
            break
        pattern = chosen
    named = _NAME.sub(lambda found: names[found[1]], pattern)
    return _NUMBER.sub(lambda found: _number(found[1], found[2], rng), named)


def _number(low: str, high: str, rng: random.Random) -> str:
    decimals = len(low.partition(".")[2])
    return f"{rng.uniform(float(low), float(high)):.{decimals}f}"


@cache
def _templates(language: str) -> dict[str, list[str]]:
    name = {"zh": "chinese", "en": "english"}[language]
    sections: dict[str, list[str]] = {}
    for line in Path(__file__).with_name(f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("== "):
            current = sections[line[3:]] = []
        else:
            current.append(line)
    return sections
