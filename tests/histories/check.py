"""What must hold after every history. Each check gives its violations in words.

Nothing is called wrong that a careful reader of the pages could not tell to be wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from tests.histories.gaps import every_gap_is_named, no_gap_is_made_up
from tests.histories.line import Run
from tests.histories.rows import Row, Rows
from tests.histories.words import key_of
from tests.histories.world import FOREVER, Story, bare

_SETTLED = timedelta(hours=48)  # after which what a wall hid is back
_MANY = 4  # addresses that must have shown a wall before it can be known as one
_REQUESTS = 3  # of a page whose feed only makes noise


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    kind: str
    seed: int
    story: str
    words: str

    def __str__(self) -> str:
        return f"[{self.kind}] seed {self.seed}, {self.story}: {self.words}"


Found = Iterator[tuple[str, str, str]]  # kind, story, words
Check = Callable[[Run, Rows], Found]


def violations(run: Run) -> list[Violation]:
    if run.crashed:
        return [Violation(kind="crash", seed=run.world.seed, story="-", words=run.crashed)]
    rows = Rows(run)
    return [
        Violation(kind=kind, seed=run.world.seed, story=story, words=words)
        for check in CHECKS
        for kind, story, words in check(run, rows)
    ]


def nothing_is_deleted(run: Run, rows: Rows) -> Found:
    for words in run.vanished:
        yield "deleted", "-", words


def nothing_turns_in_circles(run: Run, rows: Rows) -> Found:
    for words in run.restless:
        yield "restless", "-", f"{words} is handed out again and again"


def one_row_a_story(run: Run, rows: Rows) -> Found:
    """Nor any row of two stories."""
    counted: Counter[frozenset[str]] = Counter()
    for row in rows.all:
        if row.is_seen and row.stories:
            counted[row.stories] += 1
    for stories, count in counted.items():
        story = run.world.stories[min(stories)]
        if count > len(stories) and _was_told_as_one(run, story):
            where = [r.url for r in rows.all if r.is_seen and r.stories == stories]
            yield "two rows", _name(story), f"{count} rows: {' '.join(where[:4])}"


def _was_told_as_one(run: Run, story: Story) -> bool:
    """Whether the evidence that joins its addresses was there to be seen."""
    return "redirect" not in story.joins or "same guid" in story.joins or story.id in run.led


def one_story_a_row(run: Run, rows: Rows) -> Found:
    for row in rows.all:
        if _kins(run, row):
            continue
        touched = sorted(row.touched)
        plots = {run.world.stories[s].plot for s in touched}
        yield "mixed", f"{touched[0]} ({'/'.join(sorted(plots))})", f"row {row.id} tells {touched}"


def _kins(run: Run, row: Row) -> bool:
    """Whether all versions of a row can be of one story, or of kin."""
    told = [t.stories for t in (*row.versions, row.current) if t.stories]
    kins = [{run.world.stories[s].kin for s in stories} for stories in told]
    return not kins or bool(set.intersection(*kins))


def own_words_at_own_address(run: Run, rows: Rows) -> Found:
    """No text under another outlet's address, no article filed under another outlet."""
    for row in rows.all:
        for told in (row.current, *row.versions):
            owners = {run.world.stories[s].outlet for s in told.stories}
            if owners and (row.outlet is None or row.outlet.id not in owners):
                story = run.world.stories[min(told.stories)]
                yield "foreign text", _name(story), f"row {row.id} at {row.url}"
                break
    for story in run.world.stories.values():
        if story.plot != "foreign" or story.outlet not in _listed_by(run, story):
            continue
        for row in rows.of(story):
            if row.source_id != story.outlet:
                yield "foreign source", _name(story), f"row {row.id} is of {row.source_id}"


def no_wall_is_an_article(run: Run, rows: Rows) -> Found:
    met: dict[str, set[str]] = defaultdict(set)
    real: set[str] = set()
    replaced: set[str] = set()  # addresses whose article was archived before a wall came
    for shown in run.shown:
        if shown.form == "wall":
            met[shown.outlet].add(bare(shown.url))
            if shown.story in real and shown.look:
                replaced.add(shown.story)
        elif shown.story:
            real.add(shown.story)
    for row in rows.all:
        if not (row.current.is_wall and row.outlet and row.is_seen):
            continue
        hurt = row.touched & replaced
        if hurt:
            story = run.world.stories[min(hurt)]
            yield "wall over article", _name(story), f"row {row.id} shows the wall"
        elif len(met[row.outlet.id]) >= _MANY and _all_walls_over(run, row):
            yield "wall is article", row.outlet.id, f"row {row.id} at {row.url}"


def _all_walls_over(run: Run, row: Row) -> bool:
    walls = row.outlet.walls if row.outlet else ()
    return all(wall.until + _SETTLED <= run.end for wall in walls)


def every_edit_is_a_revision(run: Run, rows: Rows) -> Found:
    for story, numbers in _versions_shown(run).items():
        told = rows.of(story)
        if not told or story.stub:
            continue  # another check says so
        have = {v.text for row in told for v in row.versions}
        titled = {(v.title, v.text) for row in told for v in row.versions}
        for number in sorted(numbers):
            version = story.versions[number]
            text, title = key_of(version.text), key_of(version.title)
            if text not in have:
                yield "lost edit", _name(story), f"the text of version {number} was shown"
            elif not _has_two_titles(story) and (title, text) not in titled:
                yield "lost title", _name(story), f"the title of version {number} was shown"


def _has_two_titles(story: Story) -> bool:
    """Whether addresses of the story may give two titles at one time, for all that one can see."""
    return story.plot == "headlines" or story.joins == ("canonical",)


def a_new_title_in_the_feed_is_looked_at(run: Run, rows: Rows) -> Found:
    """The last title, where a feed gave it while its page could be had."""
    for story in run.world.stories.values():
        outlet = run.world.outlets[story.outlet]
        last = story.versions[-1]
        told = rows.of(story)
        if len(story.versions) < 2 or not told or outlet.noisy or outlet.sitemap or story.stub:
            continue
        if key_of(last.title) in {key_of(v.title) for v in story.versions[:-1]}:
            continue
        listed = (p for p in run.polled if p.at >= last.at and p.outlet == story.outlet)
        seen = [p for p in listed if p.stories.get(story.id) == last.title]
        if not any(p.page_forms.get(story.id, "page") == "page" for p in seen):
            continue
        if key_of(last.title) not in {v.title for row in told for v in row.versions}:
            yield "feed's edit unseen", _name(story), f"the feed gave the title {last.title!r}"


def the_newest_version_is_shown(run: Run, rows: Rows) -> Found:
    for story, numbers in _versions_shown(run).items():
        sure = rows.sure(story)
        if len(sure) != 1 or story.stub or sure[0].current.is_wall:
            continue
        row, newest = sure[0], story.versions[max(numbers) :]
        if row.current.text not in {key_of(v.text) for v in newest}:
            yield "stale text", _name(story), f"row {row.id} shows an older version"
        elif story.plot != "headlines" and row.current.title not in {
            key_of(v.title) for v in newest
        }:
            yield "stale title", _name(story), f"row {row.id} shows an older title"


def no_more_revisions_than_edits(run: Run, rows: Rows) -> Found:
    """No outlet here goes back to older words: what comes twice was no edit."""
    for row in rows.all:
        if len(row.stories) != 1 or row.stories != row.touched:
            continue
        if run.world.stories[min(row.stories)].stub:  # what was learned of it is taken out
            continue
        kept = [(v.title, v.text) for v in row.versions if v.kind != "extraction" and v.stories]
        if len(kept) > len(set(kept)):
            words = f"{len(kept)} revisions of {len(set(kept))} versions, row {row.id}"
            yield "spurious revisions", _name(run.world.stories[min(row.stories)]), words


def what_must_part_is_parted(run: Run, rows: Rows) -> Found:
    """No story hidden as a copy of one that only looks alike; the original leads."""
    by_id = {row.id: row for row in rows.all}
    for parting in run.world.partings:
        one, other = run.world.stories[parting.one], run.world.stories[parting.other]
        pair = {one.id, other.id}
        for row in (*rows.of(one), *rows.of(other)):
            leads = by_id.get(row.copy_of or 0)
            if leads and len(row.stories | leads.stories) > 1 and leads.stories <= pair:
                yield "hidden as a copy", _name(one), f"{parting.evidence}: row {row.id}"
    for story in run.world.stories.values():
        if not story.original:
            continue
        original = run.world.stories[story.original]
        if story.turned and any(
            by_id[r.copy_of].stories & {original.id, story.id} for r in _copies(rows, story)
        ):
            yield "turned mirror", _name(story), "is hidden as a copy of what it turns"
        told = run.world.outlets[story.outlet].full  # by the feed's text alone: nobody is named
        named = story.names_original and not told
        if named and not story.turned and _copies(rows, original):
            yield "mirror leads", _name(original), "is hidden as a copy of a mirror that names it"


def _copies(rows: Rows, story: Story) -> list[Row]:
    known = {row.id for row in rows.all}
    return [row for row in rows.of(story) if row.copy_of in known]


def every_story_is_archived(run: Run, rows: Rows) -> Found:
    """Or a word says why not; and all that can be had two days later is archived."""
    shown = {s.story for s in run.shown if s.form in ("page", "feed")}
    entries = run.conn.execute("SELECT guid, raw_url, state, reason FROM entries").fetchall()
    for story in run.world.stories.values():
        if not _listed_by(run, story) or rows.of(story):
            continue
        if story.id in shown and not story.stub:
            yield "lost", _name(story), "its page was shown, and no row has it"
        elif story.id not in shown and _can_be_had(run, story):
            yield "never came back", _name(story), "it could be had for two days, and wasn't"
        else:
            yield from _unexplained(run, story, entries)


def _unexplained(run: Run, story: Story, entries: list) -> Found:
    lines = [n for listed in run.world.notices.values() for n in listed if n.story == story.id]
    guids, urls = {n.guid for n in lines} - {""}, {n.url for n in lines}
    own = [e for e in entries if e["guid"] in guids or bare(e["raw_url"]) in urls]
    if not own:
        yield "not noticed", _name(story), "it was listed, and no entry is left of it"
    elif all(e["state"] == "owed" and not e["reason"] for e in own):
        yield "owed without a word", _name(story), "to the end"


def _can_be_had(run: Run, story: Story) -> bool:
    lines = [n for listed in run.world.notices.values() for n in listed if n.story == story.id]
    moments = [run.end - part * _SETTLED / 4 for part in range(6)]
    for line in lines:
        answers = [run.world.answer(line.url, at) for at in moments]
        if all(a.form == "page" and a.story == story.id for a in answers):
            return not run.world.outlets[story.outlet].full and line.until == FOREVER
    return False


def withdrawals_are_noted(run: Run, rows: Rows) -> Found:
    for story in run.world.stories.values():
        if story.plot != "withdrawn":
            continue
        urls = [n.url for n in run.world.notices[story.outlet] if n.story == story.id]
        answers = {run.last_reply.get(url, (None, ""))[1] for url in urls}
        for row in rows.sure(story):
            if answers == {"gone"} and not row.withdrawn:
                yield "not withdrawn", _name(story), f"row {row.id}, its page answered 410"


def noise_asks_for_no_pages(run: Run, rows: Rows) -> Found:
    for story in run.world.stories.values():
        outlet = run.world.outlets[story.outlet]
        if not outlet.noisy or outlet.outages or outlet.walls or len(story.versions) > 1:
            continue
        if story.plot in ("plain", "columns", "digests", "notices"):
            asked = run.requests[story.id]
            if asked > _REQUESTS:
                yield "requests", _name(story), f"{asked} requests of a page that never changed"


def _versions_shown(run: Run) -> dict[Story, set[int]]:
    shown: dict[str, set[int]] = defaultdict(set)
    for page in run.shown:
        if page.form in ("page", "feed") and page.story:
            shown[page.story].add(page.version)
    return {run.world.stories[name]: numbers for name, numbers in shown.items()}


def _listed_by(run: Run, story: Story) -> set[str]:
    """The outlets whose feed listed it in a window that was read."""
    return {polled.outlet for polled in run.polled if story.id in polled.stories}


def _name(story: Story) -> str:
    return f"{story.id} ({story.plot})"


CHECKS: tuple[Check, ...] = (
    nothing_is_deleted,
    nothing_turns_in_circles,
    one_row_a_story,
    one_story_a_row,
    own_words_at_own_address,
    no_wall_is_an_article,
    every_edit_is_a_revision,
    a_new_title_in_the_feed_is_looked_at,
    the_newest_version_is_shown,
    no_more_revisions_than_edits,
    what_must_part_is_parted,
    every_story_is_archived,
    every_gap_is_named,
    no_gap_is_made_up,
    withdrawals_are_noted,
    noise_asks_for_no_pages,
)
