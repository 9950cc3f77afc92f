"""`broadsheet verify`: what disagrees in the archive, and its repair."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from collections import Counter

    from archive.upkeep.verify.check import Findings, Scope, Watch
    from archive.upkeep.verify.damage import DamageKind


@click.command()
@click.option("--full", is_flag=True, help="Compare all articles, files and pages, not a sample.")
@click.option("--repair", is_flag=True, help="Repair what can be; needs the archive for itself.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@pass_context
def verify(context: Context, full: bool, repair: bool, as_json: bool) -> None:
    """Check that rows, Markdown files, search index, clusters and raw pages agree.

    Runs beside a daemon or crawl. --full needs room for a copy of archive.db meanwhile. Exit code
    0 when nothing is wrong (any more), 1 with a list of what is.
    """
    from archive.database.lock import lock_holder
    from archive.upkeep.verify.check import Scope

    context.require_archive()
    what = Scope(
        data=context.data,
        directory=context.markdown_dir,
        full=full,
        busy=lambda: not repair and lock_holder(context.data) is not None,
    )
    with context.errors.status("") as status:
        found, left = _run(context, what, repair, status.update)
    if as_json:
        context.console.print(json.dumps(_as_json(found, left, full=full), ensure_ascii=False))
    else:
        _print(context, what, found, left)
    if left.counts:
        raise click.exceptions.Exit(1)


def _run(
    context: Context, what: Scope, repair: bool, watch: Watch
) -> tuple[Counter[DamageKind], Findings]:
    from archive.upkeep.verify.check import Findings, check
    from archive.upkeep.verify.repair import repair as mend

    if not repair:
        report = Findings.of(check(what, now=context.now(), watch=watch))
        return report.counts, report
    with context.changing("verify --repair") as connection:
        repaired = mend(connection, what, now=context.now(), watch=watch)
    return repaired.found, repaired.left


def _as_json(found: Counter[DamageKind], left: Findings, *, full: bool) -> dict[str, Any]:
    from archive.upkeep.verify.damage import BEYOND_REPAIR

    return {
        "full": full,
        "repaired": {kind.value: count for kind, count in (found - left.counts).items()},
        "damage": [
            {
                "kind": kind.value,
                "count": count,
                "repair": kind not in BEYOND_REPAIR,
                "examples": [
                    {"where": damage.where, "detail": damage.detail}
                    for damage in left.examples
                    if damage.kind is kind
                ],
            }
            for kind, count in sorted(left.counts.items())
        ],
    }


def _print(context: Context, what: Scope, found: Counter[DamageKind], left: Findings) -> None:
    from archive.upkeep.verify.damage import BEYOND_REPAIR

    for kind, count in sorted((found - left.counts).items()):
        context.console.print(f"{kind}: {count:,} repaired")
    for kind, count in sorted(left.counts.items()):
        context.console.print(f"{kind}: {count:,}")
        examples = [damage for damage in left.examples if damage.kind is kind]
        for damage in examples:
            context.console.print(Text(printable_line(f"  {damage.where}: {damage.detail}")))
        if count > len(examples):
            context.console.print(f"  … and {count - len(examples):,} more")
        if kind in BEYOND_REPAIR:
            context.console.print(f"  No repair: {BEYOND_REPAIR[kind]}.")
    context.console.print(_summary(what, left))


def _summary(what: Scope, left: Findings) -> str:
    from archive.upkeep.verify.check import SAMPLE
    from archive.upkeep.verify.damage import BEYOND_REPAIR

    if set(left.counts) - set(BEYOND_REPAIR):
        return "`broadsheet verify --repair` repairs what can be."
    if left.counts:
        return "The rest is in order."
    sample = f"all rows, and the contents of up to {SAMPLE} articles and as many pages"
    compared = "everything" if what.full else sample
    return f"Nothing is wrong. Compared: {compared}."
