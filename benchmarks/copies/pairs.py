"""The labelled set: groups of texts that are one story, and pairs that only resemble each other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.copies.edits import EDITS, corrected, turned
from benchmarks.copies.grammar import TOPICS, Story, draw_names, write

TEMPLATES = ("filing", "notice", "wrap", "flash", "operation")
_FACTS = ("org", "org2", "person", "person2")


@dataclass(frozen=True, slots=True)
class Text:
    """One article to file. Texts of equal `group` are one story."""

    story: Story
    group: int
    age: timedelta  # how long before the newest of the set it was published
    outlet: int | None = None  # None: one that hardly any other text of the story has


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by their places in the set; `kind` says what makes them a pair."""

    kind: str
    one: int
    other: int
    copies: bool
    turned: bool = False  # one story, of which one text says the contrary


@dataclass(frozen=True, slots=True)
class LabelledSet:
    texts: tuple[Text, ...]
    pairs: tuple[Pair, ...]


def labelled_set(size: int, seed: int) -> LabelledSet:
    """Make about `size` pairs: as many copies as texts that are none, in both languages."""
    return _Making(random.Random(seed)).made(size)


class _Making:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.texts: list[Text] = []
        self.pairs: list[Pair] = []
        self.groups = 0
        self.taken: set[str] = set()
        self.stories: list[int] = []  # that were edited, by their places

    def made(self, size: int) -> LabelledSet:
        while len(self.pairs) < size:
            language = self.rng.choice(("zh", "en"))
            self._copies(language)
            self._template(language)
            if self.rng.random() < 0.5:
                self._follow_up(language)
            if self.rng.random() < 0.5:
                self._unrelated(language)
            if self.rng.random() < 0.3:
                self._translated()
            if self.rng.random() < 0.3:
                self._same_tail(language)
            if self.rng.random() < 0.3:
                self._same_lines(language)
        self._turned()
        return LabelledSet(tuple(self.texts), tuple(self.pairs))

    def _copies(self, language: str) -> None:
        """A story and up to three edits of it; each edit with the story is a pair."""
        kind = self.rng.choice((*TOPICS, *TOPICS, "wrap"))
        base = self._write(language, kind)
        first = self._add(base, days=self.rng.uniform(0, 2))
        for edit in self.rng.sample(EDITS, self.rng.randint(1, 3)):
            if kind == "wrap" and edit.__name__ in ("excerpt", "edited", "dropped", "reordered"):
                continue  # five sentences, each a fifth of it
            text = edit(base, self.rng)
            other = self._add(text, same_as=first, days=self.rng.uniform(0, 3))
            # what turns a number is a story of its own, linked
            turns = edit is corrected and text != base
            self.pairs.append(Pair(edit.__name__, first, other, copies=not turns, turned=turns))
        self.stories.append(first)

    def _turned(self) -> None:
        """Some stories told by a mirror that turned a verb, a direction or a negation in them.

        Last, and with numbers of their own: the other texts of a seed stay what they were.
        """
        rng = random.Random(len(self.texts))
        for first in rng.sample(self.stories, len(self.stories) // 4):
            base = self.texts[first].story
            text = turned(base, rng)
            if text != base:
                other = self._add(text, same_as=first, days=rng.uniform(0, 3))
                self.pairs.append(Pair("turned", first, other, copies=False, turned=True))

    def _template(self, language: str) -> None:
        """Two issues of a daily piece, or one form filled in by two companies."""
        kind = self.rng.choice(TEMPLATES)
        names = self._names(language)
        one = write(language, kind, self.rng, names)
        if kind in ("filing", "notice"):
            names = self._names(language)
        else:
            names |= {"date": self._names(language)["date"]}
        other = write(language, kind, self.rng, names)
        days = self.rng.choice((0.0, 1.0, 1.0, 2.0, 5.0))
        self._unlike(f"template {kind}", one, other, days)

    def _follow_up(self, language: str) -> None:
        """The next day's story: new sentences over the background of the first, a third of it."""
        names = self._names(language)
        kind, later = self.rng.sample(TOPICS, 2)
        one = write(language, kind, self.rng, names)
        other = write(language, later, self.rng, names)
        background = one.sentences[-max(2, len(other.sentences) // 3) :]
        cut = other.sentences[: len(other.sentences) - len(background)]
        self._unlike("follow-up", one, other.saying(*cut, *background), 1.0)

    def _unrelated(self, language: str) -> None:
        """The same kind of story, of others."""
        kind = self.rng.choice(TOPICS)
        one, other = self._write(language, kind), self._write(language, kind)
        self._unlike("unrelated", one, other, self.rng.uniform(0, 2))

    def _translated(self) -> None:
        """The same facts and figures in the other language."""
        names = self._names("en")
        facts = {key: names[key] for key in _FACTS}
        seed, kind = self.rng.random(), self.rng.choice(TOPICS)
        one = write("en", kind, random.Random(seed), names)
        chinese = self._names("zh") | facts
        other = write("zh", kind, random.Random(seed), chinese)
        self._unlike("translated", one, other, 0.2)

    def _same_tail(self, language: str) -> None:
        """Two releases of one company, with the same words about it: up to two thirds of each."""
        names = self._names(language)
        kind, later = self.rng.sample(TOPICS, 2)
        one, other = (write(language, k, self.rng, names) for k in (kind, later))
        about = write(language, "about", self.rng, names).sentences
        count = self.rng.randint(3, 5)
        self._unlike(
            "same words about",
            one.saying(*one.sentences[:count], *about),
            other.saying(*other.sentences[:count], *about),
            self.rng.uniform(0, 3),
        )

    def _same_lines(self, language: str) -> None:
        """Two short items of one outlet, with its long notice below both."""
        notice = write(language, "about", self.rng, self._names(language)).sentences
        one, other = (self._write(language, self.rng.choice(TOPICS)) for _ in range(2))
        short = (story.saying(*story.sentences[:2], *notice) for story in (one, other))
        self._unlike("same notice below", *short, 0.5, outlet=self.rng.randrange(400))

    def _unlike(
        self, kind: str, one: Story, other: Story, days: float, outlet: int | None = None
    ) -> None:
        later = self.rng.uniform(0, 2)
        first = self._add(one, days=later + days, outlet=outlet)
        second = self._add(other, days=later, outlet=outlet)
        self.pairs.append(Pair(kind, first, second, copies=False))

    def _write(self, language: str, kind: str) -> Story:
        return write(language, kind, self.rng, self._names(language))

    def _names(self, language: str) -> dict[str, str]:
        """Draw names with a company that no other story of the set is about."""
        while True:
            names = draw_names(language, self.rng)
            if names["org"] not in self.taken:
                self.taken.add(names["org"])
                return names

    def _add(
        self,
        story: Story,
        *,
        days: float,
        same_as: int | None = None,
        outlet: int | None = None,
    ) -> int:
        if same_as is None:
            self.groups += 1
        group = self.groups if same_as is None else self.texts[same_as].group
        self.texts.append(Text(story, group, timedelta(days=days), outlet))
        return len(self.texts) - 1


def kinds(pairs: tuple[Pair, ...]) -> Iterator[str]:
    """Give the kinds of the set, copies first, each once."""
    found = dict.fromkeys((not pair.copies, pair.kind) for pair in pairs)
    return (kind for _, kind in sorted(found))
