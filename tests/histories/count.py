"""What histories offered and what became of it: evidence that joined and parted, recall, gaps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.histories.gaps import gaps_of, is_named, unseen
from tests.histories.line import Run
from tests.histories.rows import Rows
from tests.histories.world import EVIDENCE, Story

Counts = Counter[str]


@dataclass(kw_only=True)
class Tally:
    """Sums over histories. `joined` to `wrongly`: by the truth; `reasons`: in the archive's words.

    `apart`: addresses of one story that stand in two rows (for kin that is no mistake).
    """

    histories: int = 0
    seconds: float = 0.0
    stories: int = 0
    listed: int = 0  # in a window that was read
    archived: int = 0
    unseen: int = 0  # in no window, though they were listed between two visits
    in_gaps: int = 0  # of these
    joined: Counts = field(default_factory=Counter)
    apart: Counts = field(default_factory=Counter)
    parted: Counts = field(default_factory=Counter)
    wrongly: Counts = field(default_factory=Counter)  # two stories that are one row
    reasons: Counts = field(default_factory=Counter)
    plots: Counts = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for name in ("histories", "seconds", "stories", "listed", "archived", "unseen", "in_gaps"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("joined", "apart", "parted", "wrongly", "reasons", "plots"):
            getattr(self, name).update(getattr(other, name))

    def lines(self) -> list[str]:
        share = self.archived / max(self.listed, 1)
        lines = [
            f"{self.histories} histories, {self.seconds / max(self.histories, 1):.3f} s CPU each",
            f"recall: {self.archived} of {self.listed} listed stories, {share:.2%}",
            f"{self.unseen} fell out of a feed between visits, {self.in_gaps} in a named gap",
            f"{'evidence':28}{'joined':>8}{'apart':>8}{'parted':>8}{'wrongly one':>13}",
        ]
        names = dict.fromkeys((*EVIDENCE, *sorted(self.parted)))
        lines += [
            f"{name:28}{self.joined[name]:8}{self.apart[name]:8}"
            f"{self.parted[name]:8}{self.wrongly[name]:13}"
            for name in names
        ]
        told = [f"  {count:7} {reason}" for reason, count in self.reasons.most_common(25)]
        return [*lines, "what the archive gives as reasons:", *told]


def tally(run: Run, seconds: float) -> Tally:
    rows = Rows(run)
    counts = Tally(histories=1, seconds=seconds, stories=len(run.world.stories))
    listed = {story for polled in run.polled for story in polled.stories}
    counts.listed = len(listed)
    counts.archived = sum(bool(rows.of(run.world.stories[story])) for story in listed)
    gaps = gaps_of(run) or []
    counts.unseen = len(unseen(run))
    counts.in_gaps = sum(is_named(run, story, gaps) for story in unseen(run)) if gaps else 0
    counts.plots = Counter(story.plot for story in run.world.stories.values())
    _joins(run, rows, counts)
    _parts(run, rows, counts)
    _reasons(run, counts)
    return counts


def _joins(run: Run, rows: Rows, counts: Tally) -> None:
    ways: dict[str, set[tuple[str, int]]] = {}
    for shown in run.shown:
        if shown.story:
            story = run.world.stories[shown.story]
            at_one = "same address" in story.joins  # there it is the guid that changes
            way = (shown.url, shown.version if at_one else 0)
            ways.setdefault(story.kin, set()).add(way)
    for story in run.world.stories.values():
        if not story.joins or story.id != story.kin or len(ways.get(story.kin, ())) < 2:
            continue
        kin = [s for s in run.world.stories.values() if s.kin == story.kin]
        found = {row.id for one in kin for row in rows.of(one)}
        if found:
            for name in story.joins:
                (counts.joined if len(found) == 1 else counts.apart)[name] += 1


def _parts(run: Run, rows: Rows, counts: Tally) -> None:
    for parting in run.world.partings:
        one, other = (run.world.stories[s] for s in (parting.one, parting.other))
        if _rows(rows, one) and _rows(rows, other):
            counts.parted[parting.evidence] += 1
        elif rows.of(one) and rows.of(other):
            counts.wrongly[parting.evidence] += 1


def _rows(rows: Rows, story: Story) -> bool:
    """Whether a row tells this story and no other."""
    return any(row.stories == {story.id} == row.touched for row in rows.of(story))


def _reasons(run: Run, counts: Tally) -> None:
    columns = {row["name"] for row in run.conn.execute("PRAGMA table_info(article_urls)")}
    if "reason" in columns:
        for reason, count in run.conn.execute(
            "SELECT reason, count(*) FROM article_urls GROUP BY reason"
        ):
            counts.reasons[f"address: {reason or '(none)'}"] += count
    for state, reason, count in run.conn.execute(
        "SELECT state, reason, count(*) FROM entries GROUP BY state, reason"
    ):
        counts.reasons[f"entry {state}: {reason or '(none)'}"[:70]] += count
