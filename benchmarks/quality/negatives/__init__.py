"""Invented sites: their articles, with exact gold, and their pages that are no article.

Everything is made at run time from word lists (wording/) and layouts (families/), the same on every
machine. A family of layouts is one site; it belongs to "train" or to "held-out" as a whole, and
nothing may be tuned or trained on what is held out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from benchmarks.quality.negatives.articles import article
from benchmarks.quality.negatives.kinds import page
from benchmarks.quality.negatives.layouts import Family, families
from benchmarks.quality.negatives.stories import Story, gold_bodies


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """`bodies`: the text with and without captions, a paragraph a line; `minute`: it is shown."""

    title: str
    authors: tuple[str, ...]
    published: datetime
    minute: bool
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedPage:
    """A page of an invented site. `kind` is what it is: `section_long`, `captcha`, or the shape
    of an article; `gold` is None where it is no article."""

    name: str
    split: str  # train, held-out
    language: str  # zh, en, other
    kind: str
    family: str
    url: str
    zone: tzinfo
    html: bytes = field(repr=False)
    gold: Gold | None = field(default=None, repr=False)


def negatives() -> Iterator[InventedPage]:
    """Pages that are no article, of every family."""
    for family in families():
        for kind in family.names("pages"):
            url, html = page(family, kind)
            yield _page(family, kind, url, html, None)


def positives() -> Iterator[InventedPage]:
    """The articles of the same sites."""
    for family in families():
        for shape in family.names("articles"):
            story, url, html = article(family, shape)
            yield _page(family, shape, url, html, _gold(family, story))


def _page(family: Family, kind: str, url: str, html: bytes, gold: Gold | None) -> InventedPage:
    language = family.language.partition("_")[0]
    return InventedPage(
        name=f"{family.name}-{kind}",
        split=family.split,
        language=language if language in ("zh", "en") else "other",
        kind=kind,
        family=family.name,
        url=url,
        zone=family.zone,
        html=html,
        gold=gold,
    )


def _gold(family: Family, story: Story) -> Gold:
    shows_caption = "[[caption]]" in family.sections["article"]
    return Gold(
        title=story.headline,
        authors=story.authors,
        published=story.published,
        minute=family.head["minute"] == "shown",
        bodies=tuple(gold_bodies(story, lead_caption=shows_caption)),
    )
