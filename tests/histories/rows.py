"""The archive's rows as the checks see them: each with the stories that its words may be of."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tests.histories.line import Run
from tests.histories.words import key_of
from tests.histories.world import Outlet, Story, World

_COUNTER = re.compile(r"\n\n(?:阅读 \d+|\d+ views)\s*$")
# A row that nobody sees: whichever of these columns the archive has.
_HELD = ("held", "held_since", "held_reason", "hidden", "placeholder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One version of a row. `stories`: that may have been told in these words, by any outlet."""

    kind: str
    title: str
    text: str  # as a key
    stories: frozenset[str]
    is_wall: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One article."""

    id: int
    url: str
    source_id: str
    outlet: Outlet | None  # whose address it has
    copy_of: int | None
    held: bool
    withdrawn: bool
    current: Told
    versions: tuple[Told, ...]  # of its revisions

    @property
    def is_seen(self) -> bool:
        return self.copy_of is None and not self.held

    @cached_property
    def stories(self) -> frozenset[str]:
        """Those of its own outlet that all its versions may be of."""
        known = [t.stories for t in (*self.versions, self.current) if t.stories]
        return frozenset.intersection(*known) if known else frozenset()

    @cached_property
    def touched(self) -> frozenset[str]:
        """Those that any version may be of."""
        return frozenset().union(*(t.stories for t in (*self.versions, self.current)))


class Rows:
    """All rows of a finished history, and ways to ask for them."""

    def __init__(self, run: Run):
        self.run, self.world = run, run.world
        self.all = tuple(_read(run.conn, run.world))
        self._by_story: dict[str, list[Row]] = defaultdict(list)
        for row in self.all:
            for story in row.touched:
                self._by_story[story].append(row)

    def of(self, story: Story) -> list[Row]:
        """Rows at an address of the story's outlet that have told it."""
        found = self._by_story.get(story.id, [])
        return [row for row in found if row.outlet and row.outlet.id == story.outlet]

    def sure(self, story: Story) -> list[Row]:
        """Those of `of` that can be of no other story, and are seen."""
        return [r for r in self.of(story) if r.is_seen and r.stories == {story.id}]


def _read(conn: sqlite3.Connection, world: World) -> Iterable[Row]:
    revisions: dict[int, list[sqlite3.Row]] = defaultdict(list)
    for revision in conn.execute("SELECT * FROM revisions ORDER BY article_id, number"):
        revisions[revision["article_id"]].append(revision)
    rows = conn.execute("SELECT * FROM articles ORDER BY id").fetchall()
    columns = set(rows[0].keys()) if rows else set()
    held = [name for name in _HELD if name in columns]
    for row in rows:
        outlet = world.outlet_at(row["url"])
        yield Row(
            id=row["id"],
            url=row["url"],
            source_id=row["source_id"],
            outlet=outlet,
            copy_of=row["copy_of"],
            held=any(row[name] for name in held),
            withdrawn=row["withdrawn"] is not None,
            current=_told(world, outlet, "current", row["title"], row["text"]),
            versions=tuple(
                _told(world, outlet, r["kind"], r["title"], r["text"]) for r in revisions[row["id"]]
            ),
        )


def _told(world: World, outlet: Outlet | None, kind: str, title: str, text: str) -> Told:
    key, head = key_of(_COUNTER.sub("", text)), key_of(title)
    stories = set(world.tellers.get(key, ())) or _by_paragraphs(world, text)
    own = {s for s in stories if outlet and world.stories[s].outlet == outlet.id}
    stories = own or stories
    if len(stories) > 1:
        titled = {s for s in stories if head in world.titles(world.stories[s])}
        stories = titled or stories
    return Told(
        kind=kind,
        title=head,
        text=key,
        stories=frozenset(stories),
        is_wall=key in world.wall_texts,
    )


def _by_paragraphs(world: World, text: str) -> set[str]:
    """The stories that half of the paragraphs are of, at least: some lines were taken out."""
    parts = [key_of(part) for part in text.split("\n\n")]
    counted = Counter(s for part in parts for s in world.paragraph_tellers.get(part, ()))
    most = max(counted.values(), default=0)
    return {s for s, count in counted.items() if count == most and 2 * count >= len(parts)}
