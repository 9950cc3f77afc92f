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
from benchmarks.quality.negatives.kinds import KINDS, page
from benchmarks.quality.negatives.layouts import Family, families
from benchmarks.quality.negatives.stories import SHAPES, Story, gold_bodies

_SEEDS, _CLAIMED = ("", "2", "3"), "claimed"  # lists that claim to be an article are told thrice


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """`bodies`: the text with and without captions, a paragraph a line; `minute`: it is told."""

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


def negatives(*, every: bool = False) -> Iterator[InventedPage]:
    """Pages that are no article: those that are measured, or `every` kind on every site.

    Who trains a model takes every one whose split is "train".
    """
    for family in families():
        for kind in KINDS if every else family.names("pages"):
            for seed in _SEEDS if every and kind.startswith(_CLAIMED) else _SEEDS[:1]:
                url, html = page(family, kind, seed)
                yield _page(family, kind, url, html, None, seed)


def positives(*, every: bool = False) -> Iterator[InventedPage]:
    """The articles of the same sites: those that are measured, or `every` shape on every site."""
    for family in families():
        for shape in SHAPES if every else family.names("articles"):
            story, url, html = article(family, shape)
            yield _page(family, shape, url, html, _gold(family, story))


def _page(
    family: Family, kind: str, url: str, html: bytes, gold: Gold | None, seed: str = ""
) -> InventedPage:
    language = family.language.partition("_")[0]
    return InventedPage(
        name=f"{family.name}-{kind}{seed}",
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
        minute=_tells_minute(family),
        bodies=tuple(gold_bodies(story, lead_caption=shows_caption)),
    )


def _tells_minute(family: Family) -> bool:
    """Whether a page has the time of day: in sight, or in what it claims of itself."""
    claims = family.sections["article_head"] + family.sections["article"]
    return family.head["minute"] == "shown" or "[[jsonld]]" in claims or "[[iso]]" in claims
