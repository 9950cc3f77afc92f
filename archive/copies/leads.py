"""Who leads a story that several outlets carry: evidence in, the lead and its reason out. Pure.

The first archived is only whoever was polled first, and a claimed time is a mirror's own word: so
what other outlets say of each other counts before either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

BY_HAND = "by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """What is known of one article of a story."""

    id: int
    outlet: str
    trust: int
    named_by: frozenset[str]  # outlets of this story that name it as origin, or link to it
    named_lately: int  # articles of other outlets that named it in 90 days
    public: datetime  # as early as it can be believed to have been
    archived: datetime
    announced: datetime  # no later than that: in between it may have stood behind a wall


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads, and why in words."""

    id: int
    reason: str


def choose_lead(contenders: Sequence[Contender]) -> Lead:
    """Decide between one or more: each rule leaves fewer, the one that leaves one is the reason."""
    left, reason = list(contenders), ""
    others = len({contender.outlet for contender in contenders}) - 1
    named = partial(_named_by_most, others)
    for narrow in (_most_trusted, named, _named_most_lately, _published_first):
        if len(left) > 1:
            kept, why = narrow(left)
            left, reason = (kept, why) if len(kept) < len(left) else (left, reason)
    if len(left) > 1:
        first = min(left, key=lambda contender: (contender.archived, contender.id))
        return Lead(first.id, "archived first")
    return Lead(left[0].id, reason)


Narrowed = tuple[list[Contender], str]


def most_trusted(contenders: Sequence[Contender]) -> list[Contender]:
    most = max(contender.trust for contender in contenders)
    return [contender for contender in contenders if contender.trust == most]


def _most_trusted(left: Sequence[Contender]) -> Narrowed:
    kept = most_trusted(left)
    others = max((c.trust for c in left if c not in kept), default=0)
    return kept, f"its outlet is trusted more ({kept[0].trust} over {others})"


def _named_by_most(others: int, left: Sequence[Contender]) -> Narrowed:
    """More than half of the other outlets: one mirror's word may be its own interest."""
    counts = {c.id: len(c.named_by - {c.outlet}) for c in left}
    named = [c for c in left if counts[c.id] * 2 > others]
    most = max((counts[c.id] for c in named), default=0)
    kept = [c for c in named if counts[c.id] == most]
    return kept or list(left), f"{most} of {others} other outlets name it or link to it"


def _named_most_lately(left: Sequence[Contender]) -> Narrowed:
    most = max(c.named_lately for c in left)
    kept = [c for c in left if c.named_lately == most]
    return kept, f"other outlets named its outlet most, {most} times in 90 days"


def _published_first(left: Sequence[Contender]) -> Narrowed:
    first = min(c.public for c in left)
    kept = [c for c in left if c.public == first]
    return kept, f"published first, {first:%Y-%m-%d %H:%M} UTC"
