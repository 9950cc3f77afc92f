"""Many histories in words: violations by kind with their smallest seeds, and one in full."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from tests.histories.check import Violation, violations
from tests.histories.count import Tally, tally
from tests.histories.generate import world_of
from tests.histories.line import Run, run_history, template_archive
from tests.histories.rows import Rows

_BATCH = 25


@dataclass(kw_only=True)
class Result:
    violations: list[Violation] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


def run_seeds(seeds: Sequence[int], *, processes: int = 1) -> Result:
    """Run a history of each seed and put together what was found."""
    batches = [seeds[i : i + _BATCH] for i in range(0, len(seeds), _BATCH)]
    result = Result()
    if processes == 1:
        parts = [_run_batch(batch) for batch in batches]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_run_batch, batches))
    for part in parts:
        result.violations += part.violations
        result.tally.add(part.tally)
    return result


def _run_batch(seeds: Sequence[int]) -> Result:
    result = Result()
    for seed in seeds:
        begun = time.process_time()
        run = run_history(world_of(seed), _template())
        seconds = time.process_time() - begun
        result.violations += violations(run)
        if not run.crashed:
            result.tally.add(tally(run, seconds))
        run.conn.close()
    return result


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return template_archive(Path(folder))


def report(result: Result, *, kind: str = "") -> str:
    """Violations by kind and plot, the smallest seeds first, then what was counted."""
    found: dict[str, list[Violation]] = defaultdict(list)
    for violation in result.violations:
        found[violation.kind].append(violation)
    if kind:
        return "\n".join(map(str, found.get(kind, ())))
    lines = [f"{len(result.violations)} violations"]
    for name, of_kind in sorted(found.items(), key=lambda item: -len(item[1])):
        seeds = sorted({v.seed for v in of_kind})
        lines.append(f"{name}: {len(of_kind)} in {len(seeds)} histories")
        plots: dict[str, list[int]] = defaultdict(list)
        for violation in of_kind:
            plots[violation.story.partition(" ")[2] or "-"].append(violation.seed)
        for plot, where in sorted(plots.items(), key=lambda item: -len(item[1])):
            few = ", ".join(map(str, sorted(set(where))[:6]))
            lines.append(f"    {len(where):5} {plot or '-':32} seeds {few}")
    return "\n".join([*lines, "", *result.tally.lines()])


def explain(seed: int, *, events: bool) -> str:
    """One history: outlets, stories, what happened, the rows it led to, what is wrong."""
    run = run_history(world_of(seed), _template(), explain=True)
    world = run.world
    lines = [f"seed {seed}", *(f"outlet {o.id}: {o}" for o in world.outlets.values())]
    for story in world.stories.values():
        lines.append(f"story {story.id} ({story.plot}) {story.published:%d %H:%M} {story.joins}")
        lines += [f"    v{n} {v.at:%d %H:%M} {v.title}" for n, v in enumerate(story.versions)]
        for url, turns in world.turns.items():
            lines += [
                f"    {turn.at:%d %H:%M} {url} {turn.form} {turn.to}"
                + (f" canonical {turn.canonical}" if turn.canonical else "")
                for turn in turns
                if turn.story == story.id
            ]
        for by, listed in world.notices.items():
            lines += [
                f"    {n.at:%d %H:%M}-{min(n.until, run.end):%d %H:%M} in {by}: {n.url} {n.guid}"
                for n in listed
                if n.story == story.id
            ]
    lines += run.events if events else ()
    lines += _archive_lines(run)
    return "\n".join([*lines, "", *map(str, violations(run))])


def _archive_lines(run: Run) -> list[str]:
    lines = []
    for row in Rows(run).all:
        told = "; ".join(f"{v.kind} {sorted(v.stories)} {v.is_wall or ''}" for v in row.versions)
        state = "" if row.is_seen else f" copy of {row.copy_of}" if row.copy_of else " held"
        lines.append(f"row {row.id}{state} {row.url} by {row.source_id}: {told}")
    for url in run.conn.execute("SELECT * FROM article_urls ORDER BY article_id, url"):
        lines.append("address " + " ".join(str(value) for value in tuple(url)))
    entries = run.conn.execute(
        "SELECT id, source_id, guid, url, state, reason, article_id FROM entries ORDER BY id"
    )
    return [*lines, *("entry " + " | ".join(str(v) for v in tuple(e)) for e in entries)]
