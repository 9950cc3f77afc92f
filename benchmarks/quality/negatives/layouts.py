"""Families of layouts: how one invented site builds its pages, read from families/*.html."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from random import Random

from benchmarks.quality.negatives.cards import drawn_forms
from benchmarks.quality.negatives.stories import Teaser, make_teasers
from benchmarks.quality.negatives.words import HERE, labels, read_sections, word_lists

_SLOT = re.compile(r"\[\[(\w+)\]\]")
SPLITS = ("train", "held-out")
_DRAWN = 0.7  # of the pages to learn from, with forms of their own for this page


class Markup(str):
    """What is HTML already; every other string is escaped where it is put in."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """`head`: the file's own lines, `key: value`; `sections`: its templates, over the defaults."""

    name: str
    head: Mapping[str, str]
    sections: Mapping[str, str]

    @property
    def language(self) -> str:
        return self.head["language"]

    @property
    def split(self) -> str:
        return self.head["split"]

    @property
    def zone(self) -> tzinfo:
        return timezone(timedelta(hours=int(self.head["zone"])))

    def names(self, key: str) -> list[str]:
        return self.head[key].split()


@cache
def families() -> tuple[Family, ...]:
    """All of them, by name."""
    folder = HERE / "families"
    common = read_sections(folder / "default.html")
    paths = sorted(path for path in folder.glob("*.html") if path.stem != "default")
    return tuple(_family(path.stem, read_sections(path), common) for path in paths)


def _family(name: str, own: Mapping[str, str], common: Mapping[str, str]) -> Family:
    head = {}
    for line in (common[""] + own[""]).splitlines():
        key, _, value = line.partition(": ")
        head[key] = value
    return Family(name=name, head=head, sections={**common, **own})


class Canvas:
    """One page of a family: fills its sections, drawing what is asked for from the word lists."""

    def __init__(self, family: Family, seed: str, values: Mapping[str, str]) -> None:
        self.family, self._seed, self._values = family, f"{family.name} {seed}", values
        self.chance = Random(self._seed)
        self.lists = word_lists(family.language)
        self._forms = _forms(family, self._seed)
        self._labels = labels(family.language)
        self._made: Mapping[str, Callable[[], str]] = {
            "nav": lambda: self._links("nav_item", self.lists["section"][:9]),
            "footer_links": lambda: self._links("footer_item", self.lists["outlet_list"]),
            "share": lambda: self._links("share_item", self.lists["share"]),
            "tags": lambda: self._links("tag_item", self.chance.sample(self.lists["keyword"], 4)),
            "most_read": lambda: self.teasers("most_item", 8, 0),
            "related": lambda: self.teasers("related_item", 4, 0),
            "related_long": lambda: self.teasers("related_long_item", 3, 2),
            "rail_cards": lambda: self.teasers("teaser", 8, 2),
            "number": lambda: str(self.chance.randint(1_000, 99_999)),
            "few": lambda: str(self.chance.randint(2, 9)),
        }

    def section(self, name: str, /, **values: str) -> Markup:
        """That section, filled; a name that nobody knows is a KeyError."""
        template = self._forms.get(name, self.family.sections[name]).rstrip("\n")
        return Markup(_SLOT.sub(lambda slot: self._filled(slot[1], values), template))

    def document(self, shell: str, main: str, **values: str) -> bytes:
        """The whole page in the family's charset."""
        text = self.section(shell, main=Markup(main), **values)
        charset = self.family.head["charset"]
        return text.encode("gb18030" if charset == "gb2312" else charset, "xmlcharrefreplace")

    def teasers(self, item: str, count: int, sentences: int) -> Markup:
        family = self.family
        seed = f"{self._seed} {item}"
        found = make_teasers(family.language, count, seed, family.zone, sentences)
        return self.joined(self.teaser(item, teaser, n + 1) for n, teaser in enumerate(found))

    def teaser(self, item: str, teaser: Teaser, n: int) -> Markup:
        return self.section(
            item,
            text=teaser.headline,
            summary=teaser.summary,
            href=self.address(teaser.slug, teaser.published),
            writer=teaser.author,
            shown=self.shown(teaser.published),
            stamp=teaser.published.isoformat(),
            kind=teaser.section,
            n=str(n),
        )

    def label(self, key: str) -> str:
        return self._labels[key]

    def shown(self, moment: datetime) -> str:
        return moment.strftime(self.family.head["date"])

    def address(self, slug: str, moment: datetime) -> str:
        path = self.family.head["path"].replace("[slug]", slug)
        return moment.strftime(path)

    def joined(self, pieces: Iterable[str]) -> Markup:
        return Markup("\n".join(pieces))

    def _links(self, item: str, texts: Iterable[str]) -> Markup:
        numbered = enumerate(texts, start=1)
        return self.joined(
            self.section(item, text=text, href=f"/{_folder(text, n)}/", n=str(n))
            for n, text in numbered
        )

    def _filled(self, slot: str, values: Mapping[str, str]) -> str:
        value = self._value(slot, values)
        return value if isinstance(value, Markup) else html.escape(value)

    def _value(self, slot: str, values: Mapping[str, str]) -> str:
        for known in (values, self._values, self.family.head):
            if slot in known:
                return known[slot]
        if slot in self._made:
            return self._made[slot]()
        if slot.startswith("l_"):
            return self.label(slot[2:])
        return self.section(slot, **values)


def _forms(family: Family, seed: str) -> Mapping[str, str]:
    """What a page shows its stories in, where that isn't its site's own form."""
    chance = Random(f"{seed} forms")
    drawn = family.split == SPLITS[0] and chance.random() < _DRAWN
    return drawn_forms(chance) if drawn else {}


def _folder(text: str, n: int) -> str:
    return "-".join(re.findall(r"[a-z]+", text.lower())) or f"c{n:03}"
