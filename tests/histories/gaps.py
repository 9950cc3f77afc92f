"""What no window showed is inside a named gap, and no gap is made up. Where the archive has none
of the table `gaps`, nothing is asked of it.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.database.times import from_text
from tests.histories.line import Polled, Run
from tests.histories.rows import Rows
from tests.histories.world import Notice, Story

_FEW = 4  # items: of a list that was shorter nobody can tell that it moved on

# What stays listed got another title, address and guid, and its feed dates all by the poll: only
# the pages that are fetched afterwards tell that it is the same, so the visit can but name a gap.
UNKNOWABLE = "gap over what nobody could know again"

Found = Iterator[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Gap:
    outlet: str
    since: datetime
    until: datetime
    counts: bool  # False: it is healed, or its source has no window


def every_gap_is_named(run: Run, rows: Rows) -> Found:
    gaps = gaps_of(run)
    if gaps is None:
        return
    for story in unseen(run):
        if not is_named(run, story, gaps):
            yield "no word of a gap", f"{story.id} ({story.plot})", "it was in no window"


def no_gap_is_made_up(run: Run, rows: Rows) -> Found:
    """Two windows that overlap leave none between them."""
    for gap in gaps_of(run) or ():
        if not gap.counts:
            continue
        windows = [p for p in run.polled if p.outlet == gap.outlet]
        within = [p for p in windows if gap.since <= p.at <= gap.until]
        pairs = list(itertools.pairwise(within))
        if pairs and all(_overlap(*pair) for pair in pairs):
            known = all(one.marks & other.marks for one, other in pairs)
            kind = "made-up gap" if known else UNKNOWABLE
            yield kind, gap.outlet, f"{gap.since:%d %H:%M} to {gap.until:%d %H:%M}"


def _overlap(one: Polled, other: Polled) -> bool:
    """By something that is not pinned, and stands below what is new."""
    return bool(one.plain & other.plain)


def gaps_of(run: Run) -> list[Gap] | None:
    """None where the archive knows no gaps."""
    known = run.conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'gaps'").fetchone()
    if known is None:
        return None
    return [
        Gap(
            row["source_id"],
            from_text(row["started"]),
            from_text(row["ended"]) if row["ended"] else run.end,
            not row["windowless"] and row["healed"] is None and row["why"] != "silent",
        )
        for row in run.conn.execute("SELECT * FROM gaps")
    ]


def unseen(run: Run) -> list[Story]:
    """Stories that every reader of the feeds has missed, for their number alone."""
    seen = {story for polled in run.polled for story in polled.stories}
    return [
        story
        for story in run.world.stories.values()
        if story.id not in seen and _overflowed(run, story)
    ]


def _overflowed(run: Run, story: Story) -> bool:
    """Whether it was still listed at the visit after it came, below the window's end.

    What was published before the first visit, or after the last, is in no gap that can be seen.
    """
    lines = [n for n in run.world.notices.get(story.outlet, ()) if n.story == story.id]
    return any(_fell_out(run, story, line) for line in lines)


def _fell_out(run: Run, story: Story, line: Notice) -> bool:
    visits = [p for p in run.polled if p.outlet == story.outlet]
    before = [p for p in visits if p.at <= line.at]
    after = [p for p in visits if p.at > line.at]
    if not before or not after or line.rank <= before[-1].at:
        return False
    if len(before[-1].stories) < _FEW:
        return False
    return after[0].at < line.until


def is_named(run: Run, story: Story, gaps: list[Gap]) -> bool:
    """Inside a gap, or of a source of which the archive says that it has no window."""
    listing = run.conn.execute(
        "SELECT listing FROM sources WHERE id = ?", (story.outlet,)
    ).fetchone()
    if listing and json.loads(listing["listing"]).get("windowless"):
        return True
    return any(
        gap.outlet == story.outlet and gap.since <= story.published <= gap.until for gap in gaps
    )
