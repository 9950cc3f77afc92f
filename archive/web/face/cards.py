"""The rows of lists: an article without its text, what its headline was before, who else has it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from archive.text.strings import without_commands
from archive.web.face.face import Face
from archive.web.face.feed_formats import FeedItem
from archive.web.face.headline_changes import HeadlineChange, changed_headline
from archive.web.face.typography import clauses, is_flash, is_shouted, lang_tag, opening

OPENING_CHARS = 600  # of a text, from which decks are cut
DECK = 120  # Han characters of a list's deck, twice as many letters
CARD = f"""id, source_id, source_name, title, author, published, first_seen, version_seen, language,
  section, copy_of, revision, word_count, withdrawn, held, paywalled, url,
  substr(text, 1, {OPENING_CHARS}) AS opening"""  # columns of a query that `Card.of` reads
_BY_ID = f"SELECT {CARD} FROM articles WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
# `main`: as of a moment the view would ask for each article once more
_BEFORE = """
SELECT article_id, number, title FROM main.superseded
WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, number DESC
"""
# Here and elsewhere: what a list is sorted by must be a column of it, else SQLite makes the whole
# view that stands for the table as of a moment
_MEMBERS = """
SELECT copy_of AS story, id, source_name, published FROM articles
WHERE copy_of IN (SELECT value FROM json_each(?)) AND held IS NULL ORDER BY published, id
"""
_CODES = """
SELECT m.article_id, m.code, i.name FROM mentions AS m LEFT JOIN instruments AS i ON i.code = m.code
WHERE m.article_id IN (SELECT value FROM json_each(?)) ORDER BY m.article_id, m.count DESC, m.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """A security that an article mentions; `name` is '' where nobody has said it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An article in a list. Its strings command nobody; templates escape them."""

    id: int
    source_id: str
    outlet: str
    title: str
    author: str
    published: str
    first_seen: str
    version_seen: str
    language: str
    section: str
    copy_of: int | None
    revision: int
    words: int
    withdrawn: str | None
    held: str | None
    paywalled: bool
    url: str
    opening: str  # of the text
    tag: str  # `lang` of its words
    change: HeadlineChange | None = None  # from the headline it had
    securities: tuple[Security, ...] = ()

    @classmethod
    def of(
        cls,
        row: sqlite3.Row,
        *,
        change: HeadlineChange | None = None,
        securities: tuple[Security, ...] = (),
    ) -> Self:
        """Read a row of `CARD`."""
        title, text = without_commands(row["title"]), without_commands(row["opening"])
        return cls(
            id=row["id"],
            source_id=row["source_id"],
            outlet=without_commands(row["source_name"]),
            title=title,
            author=without_commands(row["author"]),
            published=row["published"],
            first_seen=row["first_seen"],
            version_seen=row["version_seen"],
            language=row["language"],
            section=without_commands(row["section"]),
            copy_of=row["copy_of"],
            revision=row["revision"],
            words=row["word_count"],
            withdrawn=row["withdrawn"],
            held=row["held"],
            paywalled=bool(row["paywalled"]),
            url=row["url"],
            opening=text,
            tag=lang_tag(title + text[:60], row["language"]),
            change=change,
            securities=securities,
        )

    @property
    def story(self) -> int:
        return self.copy_of or self.id

    @property
    def outlet_tag(self) -> str:
        return lang_tag(self.outlet, "zh" if self.tag.startswith("zh") else "")

    @property
    def headline(self) -> Markup:
        """The headline, with what came since the former one in <ins>."""
        return clauses(self.change.new if self.change else self.title)

    @property
    def is_flash(self) -> bool:
        """Whether it is shown whole: flash news of a sentence or two."""
        return is_flash(self.opening)

    @property
    def is_shouted(self) -> bool:
        return is_shouted(self.flash)

    @property
    def flash(self) -> str:
        """What flash news says, whole: its text begins with the headline, or follows it."""
        text = " ".join(self.opening.split())
        whole = self.title.rstrip("…. ") in text or not text
        return (text or self.title) if whole else f"{self.title} {text}"

    def deck(self, weight: int = DECK) -> str:
        """Give the beginning of the text, without the headline that it may repeat."""
        return opening(self.opening.removeprefix(self.title).lstrip(), weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherOutlet:
    """A copy of a story, in a list."""

    id: int
    outlet: str
    tag: str


def gather_cards(conn: sqlite3.Connection, ids: Collection[int]) -> dict[int, Card]:
    """Give the cards of articles by their ids, with former headlines and securities."""
    wanted = json.dumps(list(ids))
    found = conn.execute(_BY_ID, (wanted,)).fetchall()
    return {card.id: card for card in with_marks(conn, found)}


def with_marks(conn: sqlite3.Connection, found: Iterable[sqlite3.Row]) -> list[Card]:
    """Make cards of rows of `CARD`, in their order, with former headlines and securities."""
    rows = list(found)
    before = former_titles(conn, {row["id"]: row["revision"] for row in rows})
    codes: dict[int, list[Security]] = {}
    for row in conn.execute(_CODES, (json.dumps([row["id"] for row in rows]),)):
        name = without_commands(row["name"] or "")
        codes.setdefault(row["article_id"], []).append(Security(code=row["code"], name=name))
    return [
        Card.of(
            row,
            change=changed_headline(before.get(row["id"], ()), row["title"]),
            securities=tuple(codes.get(row["id"], ())),
        )
        for row in rows
    ]


def former_titles(conn: sqlite3.Connection, versions: Mapping[int, int]) -> dict[int, list[str]]:
    """Give the titles that articles had before their `versions`, the newest first."""
    revised = [article for article, version in versions.items() if version > 1]
    found: dict[int, list[str]] = {}
    for row in conn.execute(_BEFORE, (json.dumps(revised),)) if revised else ():
        if row["number"] < versions[row["article_id"]]:
            found.setdefault(row["article_id"], []).append(row["title"])
    return found


def other_outlets(
    conn: sqlite3.Connection, stories: Mapping[int, Card]
) -> dict[int, list[OtherOutlet]]:
    """Give the copies of stories at other outlets than the lead's, one each, the first first.

    `stories`: by their ids, the card that leads the row."""
    found: dict[int, dict[str, OtherOutlet]] = {}
    for row in conn.execute(_MEMBERS, (json.dumps(list(stories)),)):
        lead, outlet = stories[row["story"]], without_commands(row["source_name"])
        if outlet != lead.outlet:
            tag = lang_tag(outlet, "zh" if lead.tag.startswith("zh") else "")
            other = OtherOutlet(id=row["id"], outlet=outlet, tag=tag)
            found.setdefault(row["story"], {}).setdefault(outlet, other)
    return {story: list(others.values()) for story, others in found.items()}


def feed_item(card: Card, face: Face) -> FeedItem:
    """Give an article as an item of a feed: known by its own address."""
    return FeedItem(
        id=card.url,
        path=face.url(f"/-/article/{card.id}"),
        title=card.title,
        summary=card.deck(300),
        author=card.outlet,
        published=card.published,
        updated=max(card.version_seen, card.published),
        language=card.tag,
        withdrawn=card.withdrawn,
    )
