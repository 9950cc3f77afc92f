"""The stories: read from `stories/*.txt`, dated back from the moment the site starts.

A file holds the stories of one outlet. Each begins with `=== slug`, has `key: value` lines, a
blank line, and blocks separated by blank lines: a paragraph, `## subhead`, `> quote`, `- item`
lines, `| cell | cell |` lines, `![caption](address)`, `---` (the next part of a multi-page
story).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from .markup import Block, parse_blocks, plain, sentences
from .outlets import BY_KEY, OUTLETS, Outlet
from .wraps import wraps

STORIES = Path(__file__).with_name("stories")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")  # how a title file writes control characters
_AGE = re.compile(r"(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story as its outlet prints it now; `number` is its place in the outlet's file."""

    slug: str
    outlet: Outlet
    number: int
    title: str
    age: timedelta  # how long before the site's start it was published; negative: embargoed
    published: datetime
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    origin: str = ""  # the outlet that a syndicated copy names
    editor: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()  # labels of what announces it; empty: everything
    parts: tuple[tuple[Block, ...], ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for part in self.parts for block in part)

    @property
    def repeats(self) -> str:
        """The slug of the story whose text this one repeats; '' for an original."""
        return next((t.partition("=")[2] for t in self.traits if t.startswith("copies=")), "")

    @property
    def paragraphs(self) -> list[str]:
        return [plain(block.text) for block in self.blocks if block.kind == "p"]

    @property
    def summary(self) -> str:
        return " ".join(sentences(self.paragraphs[0])[:2])

    @property
    def image(self) -> str:
        return next((block.text for block in self.blocks if block.kind == "image"), "")

    @property
    def ident(self) -> int:
        return 100_000 + 1_000 * OUTLETS.index(self.outlet) + 7 * self.number

    @property
    def path(self) -> str:
        return _PATHS[self.outlet.key].format(
            slug=self.slug,
            section=(self.section or "news").lower().replace(" ", "-"),
            id=self.ident,
            day=self.published.astimezone(self.outlet.zone),
        )

    def part_path(self, part: int) -> str:
        """Where part 1, 2, … of the story is: `_2.html`, or `?page=2` where paths have no end."""
        if part == 1:
            return self.path
        if self.path.endswith(".html"):
            return f"{self.path.removesuffix('.html')}_{part}.html"
        return f"{self.path}{'&' if '?' in self.path else '?'}page={part}"


_PATHS = {
    "ledger": "/{section}/{slug}",
    "haichuan": "/{day:%Y}/{day:%m%d}/{id}.shtml",
    "jinling": "/gsxw/{day:%Y%m}/t{day:%Y%m%d}_{id}.html",
    "taiping": "/news/story.php?id={id}",
    "wire": "/item/{id}",
    "magazine": "/essay/{slug}.html",
}


def parse_age(text: str) -> timedelta:
    """Read "3d4h", "5h30m" or "-2h"; anything else is a ValueError."""
    match = _AGE.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        raise ValueError(f"not an age such as 3d4h: {text!r}")
    days, hours, minutes = (int(group or 0) for group in match.groups()[1:])
    age = timedelta(days=days, hours=hours, minutes=minutes)
    return -age if match[1] else age


def load_stories(start: datetime) -> dict[str, Story]:
    """All stories by slug, published relative to `start` (aware, whole minutes)."""
    return {story.slug: replace(story, published=start - story.age) for story in _undated()}


@cache
def _undated() -> tuple[Story, ...]:
    written = {story.slug: story for outlet in OUTLETS for story in _read_outlet(outlet)}
    return tuple(_with_copied_body(story, written) for story in written.values())


def _with_copied_body(story: Story, written: dict[str, Story]) -> Story:
    """A syndicated copy or a double repeats another story's blocks, perhaps with one more."""
    if not story.repeats:
        return story
    extra = story.parts[0] if story.parts else ()
    return replace(story, parts=((*written[story.repeats].blocks, *extra),))


def _read_outlet(outlet: Outlet) -> Iterator[Story]:
    path = STORIES / f"{outlet.key}.txt"
    if not path.exists():
        return
    pieces = path.read_text(encoding="utf-8").split("\n=== ")[1:]
    for number, piece in enumerate([*pieces, *wraps(outlet.key)], start=1):
        yield _parse_story(piece, BY_KEY[outlet.key], number)


def _parse_story(piece: str, outlet: Outlet, number: int) -> Story:
    head, _, body = piece.partition("\n\n")
    slug, *lines = head.splitlines()
    meta = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return Story(
        slug=slug.strip(),
        outlet=outlet,
        number=number,
        title=_ESCAPE.sub(lambda match: chr(int(match[1], 16)), meta["title"]),
        age=parse_age(meta["age"]),
        published=datetime.min.replace(tzinfo=UTC),
        authors=_listed(meta.get("authors", "")),
        origin=meta.get("origin", ""),
        editor=meta.get("editor", ""),
        section=meta.get("section", ""),
        tags=_listed(meta.get("tags", "")),
        traits=frozenset(_listed(meta.get("traits", ""))),
        channels=frozenset(_listed(meta.get("in", ""))),
        parts=tuple(parse_blocks(part) for part in re.split(r"^---$", body, flags=re.M)),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())
