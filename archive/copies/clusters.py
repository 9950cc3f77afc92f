"""One story on many sites: near copies refer to the article that was archived first.

`copy_of` leads from a copy to its story, never to another copy. A text is compared with copies,
too: what an outlet made of an excerpt may be nearer to another copy than to the story itself.
What joins or leaves a cluster after it was first placed is recorded in `cluster_changes`; what a
person decided there, no text undoes.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from archive.copies.fingerprints import Likeness, Words, bands, likeness, may_be_near
from archive.database.times import from_text, to_text
from archive.errors import ArchiveError
from archive.files.orders import want_file

WITHIN = timedelta(days=7)  # between the publication of a story and of its copies
CANDIDATES = 10  # texts that one article is compared with: 20 find one copy in 500 more
VERBATIM = 0.9  # likeness of a text that needs no comparison with others
MOST = 50  # copies that are compared with each other: a long one takes 5 MB and 40 ms
BAND_ROWS = 100  # of one band in that time: what more texts share is a form, and tells little

_EPOCH = date(1970, 1, 1)
_IN_BAND = """
SELECT article_id FROM near_bands WHERE band = ? AND day BETWEEN ? AND ? LIMIT ?
"""
_MEMBER = """
SELECT id, title, text, source_name, published, language, fingerprint, copy_of
FROM articles WHERE id = ?
"""
_LAST_BY_HAND = """
SELECT story FROM cluster_changes WHERE article_id = ? AND by_hand ORDER BY id DESC LIMIT 1
"""
_HELD_APART = """
SELECT was FROM cluster_changes WHERE article_id = :id AND by_hand AND story IS NULL
UNION SELECT article_id FROM cluster_changes WHERE was = :id AND by_hand AND story IS NULL
"""


@dataclass(frozen=True, kw_only=True)
class Member:
    """What decides where an article belongs."""

    id: int
    title: str
    text: str
    source_name: str
    published: datetime
    language: str
    copy_of: int | None
    fingerprint: str  # as stored

    @cached_property
    def words(self) -> Words:
        return Words.of(self.text, self.title, self.source_name)

    @property
    def story(self) -> int:
        return self.id if self.copy_of is None else self.copy_of


def file_new(conn: sqlite3.Connection, article_id: int) -> int | None:
    """Give a new article its place: return the story that it is a copy of, or None.

    The story's file lists it.
    """
    member = member_of(conn, article_id)
    stored = _list(conn, member)
    story = find_story(conn, member, stored)
    if story is not None:
        _attach(conn, article_id, story)
    return story


def after_revision(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> None:
    """Look at the cluster of an article whose text has changed.

    A copy that no longer matches leaves it, and so do the copies of a story that no longer match:
    the oldest of those becomes the story of the others that match it.
    """
    member = member_of(conn, article_id)
    if member.fingerprint == member.words.fingerprint:
        return
    _unlist(conn, member)
    member = replace(member, fingerprint=_list(conn, member))
    if member.copy_of is None:
        left = _left_behind(conn, member)
        _regroup(conn, left, now=now, reason="the story was revised")
    elif not _belongs(conn, member):
        _regroup(conn, [article_id], now=now, reason="the copy was revised")


def join(conn: sqlite3.Connection, story: int, other: int, *, now: datetime, reason: str) -> None:
    """Make one cluster of two by hand: `other` and its copies become copies of `story`.

    Raises ArchiveError for a `story` that is a copy itself, and for an article and itself.
    """
    target, joining = member_of(conn, story), member_of(conn, other)
    if target.copy_of is not None:
        raise ArchiveError(f"article {story} is a copy itself: name its story {target.copy_of}")
    if joining.id == story:
        raise ArchiveError(f"article {other} can't become a copy of itself: name two articles")
    for article_id in (other, *copies_of(conn, other)):
        _move(conn, article_id, story, now=now, reason=reason, by_hand=True)


def part(conn: sqlite3.Connection, article_id: int, *, now: datetime, reason: str) -> int | None:
    """Take a copy out of its cluster by hand, for good: give its new story, None if it is one.

    Raises ArchiveError for an article that is no copy.
    """
    copy_of = member_of(conn, article_id).copy_of
    if copy_of is None:
        raise ArchiveError(f"article {article_id} is a story: name the copy that is to leave it")
    _move(conn, article_id, None, now=now, reason=reason, by_hand=True)
    _regroup(conn, [article_id], now=now, reason=reason)
    return member_of(conn, article_id).copy_of


def dissolve(conn: sqlite3.Connection, article_id: int, *, now: datetime, reason: str) -> None:
    """Before an article's row goes: its bands go, and its copies find a story among themselves."""
    member = member_of(conn, article_id)
    _unlist(conn, member)
    if member.copy_of is not None:
        conn.execute("UPDATE articles SET copy_of = NULL WHERE id = ?", (article_id,))
        want_file(conn, member.copy_of)
    _regroup(conn, copies_of(conn, article_id), now=now, reason=reason)


def drop_bands(conn: sqlite3.Connection, article_id: int) -> None:
    """Before an article's date changes: its bands go. `relist` stores them anew."""
    _unlist(conn, member_of(conn, article_id))


def rebuild_bands(conn: sqlite3.Connection, article_id: int) -> None:
    """Store an article's fingerprint and bands anew, whatever is stored."""
    member = member_of(conn, article_id)
    _unlist(conn, member)
    _list(conn, member)


def copies_of(conn: sqlite3.Connection, story: int) -> list[int]:
    """Give the copies of a story, the oldest first."""
    found = conn.execute("SELECT id FROM articles WHERE copy_of = ? ORDER BY id", (story,))
    return [int(row[0]) for row in found]


def find_story(
    conn: sqlite3.Connection, member: Member, stored: str, without: Collection[int] = ()
) -> int | None:
    """Return the story that a text is a copy of: that of the text most like it, the oldest of
    several, but for the first that is nearly the same word for word.

    `stored`: its fingerprint. `without`: articles, and stories with all their copies, that don't
    count.
    """
    best: tuple[float, int] | None = None
    waiting, judge = _near(conn, member, stored, without), _Judge(conn=conn, member=member)
    while waiting:
        other = waiting.pop(0)
        kind, score = judge.likeness(other)
        if kind == "copy" and judge.may_join(other):
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
    rows = (_read(conn, candidate) for candidate in _candidates(conn, member, stored))
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
    weights: dict[int, float] = defaultdict(float)
    first, last = _day(member.published) - WITHIN.days, _day(member.published) + WITHIN.days
    for band in bands(stored):
        found = conn.execute(_IN_BAND, (band, first, last, BAND_ROWS)).fetchall()
        for (article_id,) in found:
            weights[article_id] += 1 / len(found)
    weights.pop(member.id, None)
    return sorted(weights, key=lambda i: (-weights[i], i))[:CANDIDATES]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """Compares one text with others, with each at most once: a story comes with all its copies."""

    conn: sqlite3.Connection
    member: Member
    found: dict[int, tuple[Likeness, float]] = field(default_factory=dict)

    def likeness(self, other: Member) -> tuple[Likeness, float]:
        if other.id not in self.found:
            self.found[other.id] = likeness(self.member.words, other.words)
        return self.found[other.id]

    def may_join(self, other: Member) -> bool:
        """Judge a match with a copy by its story, too, lest a chain of matches lead far away."""
        if not _comparable(self.member, other):
            return False
        if other.copy_of is None:
            return True
        story = member_of(self.conn, other.copy_of)
        return _comparable(self.member, story) and self.likeness(story)[0] != "sibling"


def _is_copy(one: Member, other: Member) -> bool:
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


def _belongs(conn: sqlite3.Connection, member: Member) -> bool:
    """Tell whether a copy still matches its story or another copy of it, or was put there."""
    assert member.copy_of is not None
    if _is_held(conn, member):
        return True
    rest = (member.copy_of, *copies_of(conn, member.copy_of))
    return any(_is_copy(member, member_of(conn, i)) for i in rest[:MOST] if i != member.id)


def _left_behind(conn: sqlite3.Connection, story: Member) -> list[int]:
    """Give the copies that match neither the story nor a copy that does.

    Of more than MOST all that don't match the story itself: one site alone could else fill the
    memory. Each finds its place again by its bands.
    """
    ids = copies_of(conn, story.id)
    if len(ids) > MOST:
        members = (member_of(conn, i) for i in ids)
        return [m.id for m in members if not (_is_held(conn, m) or _is_copy(m, story))]
    left = {i: member_of(conn, i) for i in ids}
    reached = [story, *(member for member in left.values() if _is_held(conn, member))]
    while reached:
        near = reached.pop()
        left.pop(near.id, None)
        reached += [left.pop(i) for i in list(left) if _is_copy(left[i], near)]
    return list(left)


def _is_held(conn: sqlite3.Connection, member: Member) -> bool:
    """Tell whether a person put the copy where it is."""
    last = conn.execute(_LAST_BY_HAND, (member.id,)).fetchone()
    return last is not None and last["story"] is not None and last["story"] == member.copy_of


def _regroup(
    conn: sqlite3.Connection, articles: Iterable[int], *, now: datetime, reason: str
) -> None:
    """Take copies out of their cluster, the oldest first: each finds another, or is a story."""
    waiting = sorted(articles)
    for number, article_id in enumerate(waiting):
        member = member_of(conn, article_id)
        apart = {row[0] for row in conn.execute(_HELD_APART, {"id": article_id})}
        story = find_story(conn, member, member.fingerprint, apart.union(waiting[number:]))
        if story != member.copy_of:
            _move(conn, article_id, story, now=now, reason=reason)


def _move(
    conn: sqlite3.Connection,
    article_id: int,
    story: int | None,
    *,
    now: datetime,
    reason: str,
    by_hand: bool = False,
) -> None:
    """Take an article from its story to another, or make it one; the record says so."""
    was = member_of(conn, article_id).copy_of
    conn.execute(
        "INSERT INTO cluster_changes(at, article_id, was, story, reason, by_hand)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (to_text(now), article_id, was, story, reason, int(by_hand)),
    )
    _attach(conn, article_id, story)
    if was is not None:
        want_file(conn, was)


def _attach(conn: sqlite3.Connection, article_id: int, story: int | None) -> None:
    conn.execute("UPDATE articles SET copy_of = ? WHERE id = ?", (story, article_id))
    want_file(conn, article_id)
    if story is not None:
        want_file(conn, story)


def _list(conn: sqlite3.Connection, member: Member) -> str:
    """Store the fingerprint of the text as it is now, and its bands; give the fingerprint."""
    stored, day = member.words.fingerprint, _day(member.published)
    if stored != member.fingerprint:
        conn.execute("UPDATE articles SET fingerprint = ? WHERE id = ?", (stored, member.id))
    conn.executemany(
        "INSERT OR IGNORE INTO near_bands(band, day, article_id) VALUES (?, ?, ?)",
        [(band, day, member.id) for band in bands(stored)],
    )
    return stored


def _unlist(conn: sqlite3.Connection, member: Member) -> None:
    day = _day(member.published)
    conn.executemany(
        "DELETE FROM near_bands WHERE band = ? AND day = ? AND article_id = ?",
        [(band, day, member.id) for band in bands(member.fingerprint)],
    )


def member_of(conn: sqlite3.Connection, article_id: int) -> Member:
    """Read what decides where an article belongs; ArchiveError when there is none."""
    member = _read(conn, article_id)
    if member is None:
        raise ArchiveError(f"there is no article {article_id}: `broadsheet search` finds articles")
    return member


def _read(conn: sqlite3.Connection, article_id: int) -> Member | None:
    row = conn.execute(_MEMBER, (article_id,)).fetchone()
    if row is None:
        return None
    return Member(**{**dict(row), "published": from_text(str(row["published"]))})


def _day(moment: datetime) -> int:
    return (moment.date() - _EPOCH).days
