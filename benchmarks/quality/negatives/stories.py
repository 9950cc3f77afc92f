"""An invented story with its exact gold, and the teasers that announce other stories."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from random import Random

from benchmarks.quality.negatives.words import Cast, word_lists

_FIRST_DAY = datetime(2025, 2, 3, 6, 0, tzinfo=UTC)  # the clock, then put into the zone

# What is special about an article. `metered` is a brief whose metadata call it not free;
# `comments` is a short text below which readers wrote more than it has; `flash` has one paragraph.
# `roundup`, `interview`, `wrap` and `linked` look like lists, and are none: several matters under
# headings, questions and answers, a line a company, company names that are links. Nor are
# `digest`, numbered matters, each with its link; `links`, a week's reading, commented; `minutes`,
# a day by the clock; `rail`, a brief between two rails of teasers that are longer than it is; and
# `sentences`, where each is a paragraph.
SHAPES = (
    "report", "brief", "metered", "subheads", "list", "table", "live", "comments", "captions",
    "quotation", "long", "standfirst", "flash", "roundup", "interview", "wrap", "linked",
    "digest", "links", "minutes", "rail", "sentences",
)  # fmt: skip
BRIEF = ("brief", "metered", "comments", "rail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`kind`: p, h2, ul, table (cells parted by tabs), quote, figure, entry, question, point,
    reference, minute."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`published` is aware. `standfirst` stands above the text and belongs to it."""

    shape: str
    slug: str
    headline: str
    standfirst: str
    authors: tuple[str, ...]
    published: datetime
    blocks: tuple[Block, ...]
    comments: tuple[tuple[str, str], ...]  # (who, what)
    caption: str
    keywords: tuple[str, ...]
    closing: str
    bio: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """A story as a list shows it."""

    slug: str
    headline: str
    summary: str
    author: str
    published: datetime
    section: str


def make_story(language: str, shape: str, seed: str, zone: tzinfo) -> Story:
    """The same story for the same seed, on every machine and Python."""
    chance = Random(seed)
    cast = Cast(language, chance)
    headline, published = cast.line("headline"), _moment(chance, zone)
    names = [cast.fill("{a}"), cast.fill("{a2}")]
    return Story(
        shape=shape,
        slug=_slug(headline, chance),
        headline=headline,
        standfirst=cast.paragraph(1) if shape in ("standfirst", "live") else "",
        authors=tuple(names[: chance.choice((0, 1, 1, 1, 2))]),
        published=published,
        blocks=tuple(_blocks(shape, cast, chance)),
        comments=tuple(_comments(shape, cast)),
        caption=cast.line("caption"),
        keywords=tuple(chance.sample(cast.lists["keyword"], 4)),
        closing=cast.fill(_label(language, "editor")),
        bio=cast.fill(_label(language, "bio")),
    )


def make_teasers(
    language: str, count: int, seed: str, zone: tzinfo, sentences: int
) -> list[Teaser]:
    """Headlines that differ, each with a summary of so many sentences (0: none)."""
    chance, found = Random(seed), dict[str, Teaser]()
    while len(found) < count:
        cast = Cast(language, chance)
        headline = cast.line("headline")
        summary = _summary(cast, sentences)
        found[headline] = Teaser(
            slug=_slug(headline, chance),
            headline=headline,
            summary=summary,
            author=cast.fill("{a}"),
            published=_moment(chance, zone),
            section=chance.choice(cast.lists["section"]),
        )
    return list(found.values())


def _summary(cast: Cast, sentences: int) -> str:
    if not sentences:
        return ""
    return cast.joined([cast.line("lead"), *cast.lines("sentence", sentences - 1)])


def _label(language: str, key: str) -> str:
    lines = word_lists(language)["label"]
    return next(line.partition(" = ")[2] for line in lines if line.startswith(f"{key} = "))


def _moment(chance: Random, zone: tzinfo) -> datetime:
    minutes = chance.randrange(300) * 24 * 60 + chance.randrange(14 * 60)
    return (_FIRST_DAY + timedelta(minutes=minutes)).replace(tzinfo=zone)


def _slug(headline: str, chance: Random) -> str:
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z]{3,}", plain)[:6]
    number = str(chance.randrange(100_000, 999_999))
    return "-".join([*words, number]) if len(words) > 2 else number


def _blocks(shape: str, cast: Cast, chance: Random) -> list[Block]:
    blocks = [_block("p", cast.line("lead"))]
    if shape in _LISTLIKE:
        return blocks + _LISTLIKE[shape](cast, chance)
    if shape in BRIEF:
        return blocks + _paragraphs(cast, chance, 2)
    if shape == "live":
        return blocks + [_entry(cast) for _ in range(chance.randint(5, 7))]
    blocks += _paragraphs(cast, chance, 3)
    if inside := _inside(shape, cast, chance):
        blocks += [inside, *_paragraphs(cast, chance, 2)]
    if shape in ("subheads", "long", "list"):
        for _ in range(3 if shape == "long" else 2):
            blocks += [_block("h2", cast.line("subhead")), *_paragraphs(cast, chance, 3)]
    return blocks + _paragraphs(cast, chance, 2)


def _flash(cast: Cast, chance: Random) -> list[Block]:
    del cast, chance
    return []


def _roundup(cast: Cast, chance: Random) -> list[Block]:
    others = [Cast(cast.language, chance) for _ in range(chance.randint(4, 6))]
    parts = ((_block("h2", o.line("headline")), _block("p", o.paragraph(2))) for o in others)
    return [block for part in parts for block in part]


def _interview(cast: Cast, chance: Random) -> list[Block]:
    asked = cast.lines("question", chance.randint(4, 6))
    parts = ((_block("question", line), _block("p", cast.paragraph(2))) for line in asked)
    return [block for part in parts for block in part]


def _wrap(cast: Cast, chance: Random) -> list[Block]:
    names = chance.sample(cast.lists["company"], 7)
    ends = [f"{name} {_figure(chance)} ({chance.choice('+-')}{_figure(chance)}%)" for name in names]
    return [
        *_paragraphs(cast, chance, 2),
        *(_block("p", end) for end in ends),
        *_paragraphs(cast, chance, 1),
    ]


def _sentences(cast: Cast, chance: Random) -> list[Block]:
    return [_block("p", line) for line in cast.lines("sentence", chance.randint(4, 9))]


def _linked(cast: Cast, chance: Random) -> list[Block]:
    return _paragraphs(cast, chance, 6)


def _digest(cast: Cast, chance: Random) -> list[Block]:
    others = [Cast(cast.language, chance) for _ in range(chance.randint(4, 7))]
    points = ((f"{n}. {o.line('headline')}", o.paragraph(2)) for n, o in enumerate(others, 1))
    return [_block("point", *point) for point in points]


def _links(cast: Cast, chance: Random) -> list[Block]:
    others = [Cast(cast.language, chance) for _ in range(chance.randint(5, 9))]
    told = (_block("reference", o.line("headline"), o.line("sentence")) for o in others)
    return [*_paragraphs(cast, chance, 1), *told, *_paragraphs(cast, chance, 1)]


def _minutes(cast: Cast, chance: Random) -> list[Block]:
    count = chance.randint(6, 12)
    clocks = [f"{17 - n}:{chance.randint(10, 59)}" for n in range(count)]
    return [_block("minute", clock, cast.paragraph(chance.randint(1, 2))) for clock in clocks]


_LISTLIKE: Mapping[str, Callable[[Cast, Random], list[Block]]] = {
    "flash": _flash,
    "roundup": _roundup,
    "interview": _interview,
    "wrap": _wrap,
    "linked": _linked,
    "digest": _digest,
    "links": _links,
    "minutes": _minutes,
    "sentences": _sentences,
}


def _paragraphs(cast: Cast, chance: Random, count: int) -> list[Block]:
    return [_block("p", cast.paragraph(chance.randint(1, 3))) for _ in range(count)]


def _inside(shape: str, cast: Cast, chance: Random) -> Block | None:
    if shape == "list":
        return _block("ul", *cast.lines("bullet", 4))
    if shape == "quotation":
        return _block("quote", cast.line("quote"))
    if shape == "captions":
        return _block("figure", cast.line("caption"), cast.line("credit"))
    if shape == "table":
        rows = chance.sample(cast.lists["company"], 5)
        return _block("table", *(f"{name}\t{_figure(chance)}\t{_figure(chance)}" for name in rows))
    return None


def _figure(chance: Random) -> str:
    return f"{chance.randint(2, 400)}.{chance.randint(10, 99)}"


def _entry(cast: Cast) -> Block:
    return _block("entry", cast.line("live"), cast.paragraph(2))


def _block(kind: str, *lines: str) -> Block:
    return Block(kind=kind, lines=lines)


def _comments(shape: str, cast: Cast) -> list[tuple[str, str]]:
    count = {"comments": len(cast.lists["comment"]), "standfirst": 2, "quotation": 3}.get(shape, 0)
    return [(cast.line("user"), cast.line("comment")) for _ in range(count)]


def gold_bodies(story: Story, *, lead_caption: bool) -> list[str]:
    """The text, one paragraph a line: with captions, and without them.

    `lead_caption`: the page has a picture above its text, with the story's caption.
    """
    above = [story.caption] if lead_caption else []
    return [
        "\n".join([*above, *_lines(story, captions=True)]),
        "\n".join(_lines(story, captions=False)),
    ]


def _lines(story: Story, *, captions: bool) -> list[str]:
    lines = [story.standfirst] if story.standfirst else []
    for block in story.blocks:
        if block.kind != "figure" or captions:
            lines += [line.replace("\t", " ") for line in block.lines]
    return lines
