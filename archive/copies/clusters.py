"""One story on many sites: near copies refer to the article that leads them.

`copy_of` leads from a copy to its story, never to another copy. A text is compared with copies,
too: what an outlet made of an excerpt may be nearer to another copy than to the story itself. One
that turns what the story says (archive.copies.contradictions) is a story of its own, linked to it.
What joins or leaves a cluster after it was first placed is recorded in `cluster_changes`; what a
person decided there, no text undoes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from archive.asof.changes import at_now
from archive.copies.contradictions import turns
from archive.copies.fingerprints import bands, likeness
from archive.copies.leadership import pin_lead, settle_lead
from archive.copies.links import drop_link, link, linked
from archive.copies.matches import EPOCH, find_story, is_copy
from archive.copies.members import Member, copies_of, is_held, kept_apart, member_of
from archive.database.times import to_text
from archive.errors import ArchiveError
from archive.files.orders import want_file

MOST = 50  # copies that are compared with each other: a long one takes 5 MB and 40 ms


def file_new(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> int | None:
    """Give a new article its place: return who leads its story, or None where it has no copies.

    It may be the one that leads from now on.
    """
    member = member_of(conn, article_id)
    story = _place(conn, member, _list(conn, member))
    if story is None:
        return None
    _attach(conn, article_id, story)
    return settle_lead(conn, story, now=now)


def after_revision(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> None:
    """Look at the cluster of an article whose text has changed.

    A copy that no longer matches leaves it, and so do the copies of a story that no longer match:
    the oldest of those becomes the story of the others that match it. Two that said the contrary
    come together when one was corrected.
    """
    member = member_of(conn, article_id)
    if member.fingerprint != member.words.fingerprint:
        _unlist(conn, member)
        member = replace(member, fingerprint=_list(conn, member))
    if member.copy_of is None:
        left = _left_behind(conn, member)
        _regroup(conn, left, now=now, reason="the story was revised")
    elif not _belongs(conn, member):
        _regroup(conn, [article_id], now=now, reason="the copy was revised")
    for other in linked(conn, article_id):
        _judge_link(conn, article_id, other, now=now)
    settle_lead(conn, member_of(conn, article_id).story, now=now)


@at_now
def join(conn: sqlite3.Connection, story: int, other: int, *, now: datetime, reason: str) -> int:
    """Make one cluster of two by hand: `other` and its copies become copies of `story`.

    Gives how many `story` has then. Raises ArchiveError for a `story` that is a copy itself, and
    for an article and itself.
    """
    target, joining = member_of(conn, story), member_of(conn, other)
    if target.copy_of is not None:
        raise ArchiveError(f"article {story} is a copy itself: name its story {target.copy_of}")
    if joining.id == story:
        raise ArchiveError(f"article {other} can't become a copy of itself: name two articles")
    for article_id in (other, *copies_of(conn, other)):
        _move(conn, article_id, story, now=now, reason=reason, by_hand=True)
    settle_lead(conn, story, now=now)
    return len(copies_of(conn, story))


@at_now
def lead(conn: sqlite3.Connection, article_id: int, *, now: datetime) -> int:
    """Let an article lead its story by hand, for good; give how many copies it leads.

    Raises ArchiveError for a story without any.
    """
    story = member_of(conn, article_id).story
    copies = len(copies_of(conn, story))
    if not copies:
        raise ArchiveError(f"article {article_id} has no copies to lead, and is none")
    pin_lead(conn, article_id, story, now=now)
    return copies


@at_now
def part(conn: sqlite3.Connection, article_id: int, *, now: datetime, reason: str) -> int | None:
    """Take a copy out of its cluster by hand, for good: give its new story, None if it is one.

    Raises ArchiveError for an article that is no copy.
    """
    copy_of = member_of(conn, article_id).copy_of
    if copy_of is None:
        raise ArchiveError(f"article {article_id} is a story: name the copy that is to leave it")
    _move(conn, article_id, None, now=now, reason=reason, by_hand=True)
    _regroup(conn, [article_id], now=now, reason=reason)
    settle_lead(conn, copy_of, now=now)
    return member_of(conn, article_id).copy_of


def dissolve(conn: sqlite3.Connection, article_id: int, *, now: datetime, reason: str) -> None:
    """Before an article's row goes: its bands go, and its copies find a story among themselves."""
    member = member_of(conn, article_id)
    _unlist(conn, member)
    if member.copy_of is not None:
        conn.execute("UPDATE articles SET copy_of = NULL WHERE id = ?", (article_id,))
        want_file(conn, member.copy_of)
        settle_lead(conn, member.copy_of, now=now)
    _regroup(conn, copies_of(conn, article_id), now=now, reason=reason)


def drop_bands(conn: sqlite3.Connection, article_id: int) -> None:
    """Before an article's date changes: its bands go. `relist` stores them anew."""
    _unlist(conn, member_of(conn, article_id))


def rebuild_bands(conn: sqlite3.Connection, article_id: int) -> None:
    """Store an article's fingerprint and bands anew, whatever is stored."""
    member = member_of(conn, article_id)
    _unlist(conn, member)
    _list(conn, member)


def _place(
    conn: sqlite3.Connection, member: Member, stored: str, without: Collection[int] = ()
) -> int | None:
    """Find the story of a text; where it has none, link it to those that it turns."""
    found = find_story(conn, member, stored, without)
    if found.story is None:
        for other, turn in found.turned.items():
            link(conn, member.id, other, turn)
    return found.story


def _belongs(conn: sqlite3.Connection, member: Member) -> bool:
    """Tell whether a copy still matches its story or another copy of it, or was put there."""
    assert member.copy_of is not None
    if is_held(conn, member):
        return True
    if turns(member_of(conn, member.copy_of).text, member.text) is not None:
        return False
    rest = (member.copy_of, *copies_of(conn, member.copy_of))
    return any(is_copy(member, member_of(conn, i)) for i in rest[:MOST] if i != member.id)


def _left_behind(conn: sqlite3.Connection, story: Member) -> list[int]:
    """Give the copies that match neither the story nor a copy that does, and those that turn it.

    Of more than MOST all that don't match the story itself: one site alone could else fill the
    memory. Each finds its place again by its bands.
    """
    ids = copies_of(conn, story.id)
    if len(ids) > MOST:
        members = (member_of(conn, i) for i in ids)
        return [m.id for m in members if not (is_held(conn, m) or _stays(m, story))]
    left = {i: member_of(conn, i) for i in ids}
    reached = [story, *(member for member in left.values() if is_held(conn, member))]
    held = {member.id for member in reached}
    turned = {i for i, m in left.items() if i not in held and turns(story.text, m.text) is not None}
    while reached:
        near = reached.pop()
        left.pop(near.id, None)
        reached += [left.pop(i) for i in list(left) if i not in turned and is_copy(left[i], near)]
    return list(left)


def _stays(copy: Member, story: Member) -> bool:
    return is_copy(copy, story) and turns(story.text, copy.text) is None


def _judge_link(conn: sqlite3.Connection, article_id: int, other_id: int, *, now: datetime) -> None:
    """Keep the link between two that say the contrary, or bring them together when they don't."""
    member, other = member_of(conn, article_id), member_of(conn, other_id)
    turn = turns(other.text, member.text)
    if turn is not None and likeness(member.words, other.words)[0] != "other":
        link(conn, article_id, other_id, turn)
        return
    drop_link(conn, article_id, other_id)
    if other.id in kept_apart(conn, article_id) or not is_copy(member, other):
        return
    alone = next(
        (m for m in (member, other) if m.story == m.id and not copies_of(conn, m.id)), None
    )
    if alone is not None:
        story = other.story if alone is member else member.story
        _move(conn, alone.id, story, now=now, reason="what they differed in was corrected")


def _regroup(
    conn: sqlite3.Connection, articles: Iterable[int], *, now: datetime, reason: str
) -> None:
    """Take copies out of their cluster, the oldest first: each finds another, or is a story."""
    waiting = sorted(articles)
    for number, article_id in enumerate(waiting):
        member = member_of(conn, article_id)
        apart = kept_apart(conn, article_id)
        story = _place(conn, member, member.fingerprint, apart.union(waiting[number:]))
        if story != member.copy_of:
            _move(conn, article_id, story, now=now, reason=reason)
    for story in {member_of(conn, article_id).story for article_id in waiting}:
        settle_lead(conn, story, now=now)


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
    stored, day = member.words.fingerprint, member.published.toordinal() - EPOCH
    if stored != member.fingerprint:
        conn.execute("UPDATE articles SET fingerprint = ? WHERE id = ?", (stored, member.id))
    conn.executemany(
        "INSERT OR IGNORE INTO near_bands(band, day, article_id) VALUES (?, ?, ?)",
        [(band, day, member.id) for band in bands(stored)],
    )
    return stored


def _unlist(conn: sqlite3.Connection, member: Member) -> None:
    day = member.published.toordinal() - EPOCH
    conn.executemany(
        "DELETE FROM near_bands WHERE band = ? AND day = ? AND article_id = ?",
        [(band, day, member.id) for band in bands(member.fingerprint)],
    )
