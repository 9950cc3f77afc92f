"""Which story a text is a copy of: candidates by their bands, then text against text."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import nsmallest

from archive.copies.contradictions import Turn, turns
from archive.copies.fingerprints import BANDS, Likeness, bands, likeness, may_be_near
from archive.copies.members import Member, member_of, read_member
from archive.copies.sentences import differ_in_one

WITHIN = timedelta(days=7)  # between the publication of a story and of its copies
CANDIDATES = 10  # texts that one article is compared with: 20 find one copy in 500 more
VERBATIM = 0.9  # likeness of a text that needs no comparison with others
EQUAL_ELSE = 0.6  # likeness of a text with other numbers that may be no other issue of a template
BAND_ROWS = 100  # of one band in that time: what more texts share is a form, and tells little

EPOCH = date(1970, 1, 1).toordinal()  # the day of bands counts from it
_IN_BANDS = " UNION ALL ".join(
    f"SELECT * FROM (SELECT {number}, article_id FROM near_bands"  # noqa: S608
    f" WHERE band = ?{number + 3} AND day BETWEEN ?1 AND ?2 LIMIT {BAND_ROWS})"
    for number in range(BANDS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The story of a text, if any; and the articles that the text turns, with what each says."""

    story: int | None
    turned: dict[int, Turn]


def find_story(
    conn: sqlite3.Connection, member: Member, stored: str, without: Collection[int] = ()
) -> Found:
    """Find the story that a text is a copy of: that of the text most like it, the oldest of
    several, but for the first that is nearly the same word for word.

    `stored`: its fingerprint. `without`: articles, and stories with all their copies, that don't
    count.
    """
    near = _near(conn, member, stored, without)
    if not near:
        return Found(story=None, turned={})
    judge = _Judge(conn=conn, member=member)
    story = _search(judge, near)
    turned = {other: turn for other, turn in judge.turned.items() if turn is not None}
    return Found(story=story, turned=turned)


def _search(judge: _Judge, near: Sequence[Member]) -> int | None:
    best: tuple[float, int] | None = None
    waiting = list(near)
    while waiting:
        other = waiting.pop(0)
        kind, score = judge.likeness(other)
        if kind == "sibling" and score >= EQUAL_ELSE and judge.may_be_contrary(other):
            judge.turns(other)
        if kind == "copy" and judge.may_join(other, near):
            best = max(best or (0.0, 0), (score, -other.story))
            # the others could only lead to the same story
            if score > VERBATIM or all(left.story == -best[1] for left in waiting):
                break
    return -best[1] if best else None


def _near(
    conn: sqlite3.Connection, member: Member, stored: str, without: Collection[int]
) -> list[Member]:
    """Give the candidates whose fingerprints are alike enough, those first that share rare bands.

    Where all lead to one story, that first: it was read a moment ago, and spares the others.
    """
    rows = (read_member(conn, candidate) for candidate in _candidates(conn, member, stored))
    found = [
        other
        for other in rows
        if other is not None
        and other.id not in without
        and other.story not in without
        and _alike(other.fingerprint, stored)
    ]
    if len({other.story for other in found}) == 1:
        found.sort(key=lambda other: other.id != other.story)
    return found


def _candidates(conn: sqlite3.Connection, member: Member, stored: str) -> list[int]:
    """Give the articles that share bands, those first that share rare ones."""
    if not stored:
        return []
    weights: dict[int, float] = defaultdict(float)
    day = member.published.toordinal() - EPOCH
    days = (day - WITHIN.days, day + WITHIN.days)
    found = conn.execute(_IN_BANDS, (*days, *bands(stored))).fetchall()
    sizes = Counter(band for band, _ in found)
    for band, article_id in found:
        weights[article_id] += 1 / sizes[band]
    weights.pop(member.id, None)
    first_ones = nsmallest(CANDIDATES, ((-weight, id) for id, weight in weights.items()))
    return [article_id for _, article_id in first_ones]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """Compares one text with others, with each at most once: a story comes with all its copies."""

    conn: sqlite3.Connection
    member: Member
    found: dict[int, tuple[Likeness, float]] = field(default_factory=dict)
    turned: dict[int, Turn | None] = field(default_factory=dict)

    def likeness(self, other: Member) -> tuple[Likeness, float]:
        if other.id not in self.found:
            self.found[other.id] = likeness(self.member.words, other.words)
        return self.found[other.id]

    def may_join(self, other: Member, near: Sequence[Member]) -> bool:
        """Judge a match with a copy by its story, too, lest a chain of matches lead far away.

        What turns one of the story's texts isn't put beside it, though others say nothing of it.
        """
        if not _comparable(self.member, other):
            return False
        if any(self.turns(each) for each in near if each.story == other.story):
            return False
        if other.copy_of is None:
            return True
        story = member_of(self.conn, other.copy_of)
        if not _comparable(self.member, story) or self.likeness(story)[0] == "sibling":
            return False
        return not self.turns(story)

    def may_be_contrary(self, other: Member) -> bool:
        """Tell whether other numbers may be a turned text's: not another day's, nor one outlet's.

        What has but one number and another there is a sibling, which is no copy anyway.
        """
        days, others = self.member.words.days, other.words.days
        if (days and others and not days & others) or self.member.source_name == other.source_name:
            return False
        return differ_in_one(self.member.text, other.text)

    def turns(self, other: Member) -> bool:
        if other.id not in self.turned:
            self.turned[other.id] = turns(other.text, self.member.text)
        return self.turned[other.id] is not None


def is_copy(one: Member, other: Member) -> bool:
    """Tell whether two texts are copies of each other; `turns` isn't asked."""
    alike = _alike(one.fingerprint, other.fingerprint) and _comparable(one, other)
    return alike and likeness(one.words, other.words)[0] == "copy"


def _alike(one: str, other: str) -> bool:
    """Tell from two fingerprints whether it is worth while to compare the texts."""
    return one != "" and other != "" and may_be_near(one, other)


def _comparable(one: Member, other: Member) -> bool:
    """A translation is no copy, and next month's wrap is none of this month's."""
    if abs(one.published - other.published) > WITHIN:
        return False
    if one.language and other.language and one.language != other.language:
        return False
    return one.words.enough and other.words.enough
