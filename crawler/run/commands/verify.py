"""`broadsheet verify`: what disagrees in the archive, and its repair."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from archive.folder import DataFolder
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archive.upkeep.verify.check import Findings, Scope, Watch
    from archive.upkeep.verify.damage import DamageKind
    from archive.upkeep.verify.repair import Repaired


@click.command()
@click.option("--full", is_flag=True, help="Compare all articles, files and pages, not a sample.")
@click.option(
    "--repair", "mending", is_flag=True, help="Repair what can be; needs the archive for itself."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@pass_context
def verify(context: Context, full: bool, mending: bool, as_json: bool) -> None:
    """Check that rows, Markdown files, search index, clusters and raw pages agree.

    Runs beside a daemon or crawl. --full needs room for a copy of archive.db meanwhile. Exit code
    0 when nothing is wrong (any more), 1 with a list of what is.
    """
    from archive.database.lock import may_be_held
    from archive.upkeep.verify.check import Scope

    context.require_archive()
    what = Scope(
        data=context.data,
        directory=context.markdown_dir,
        full=full,
        busy=lambda: not mending and may_be_held(context.data),
    )
    with context.errors.status("") as status:
        repaired = _run(context, what, mending, status.update)
    if as_json:
        found = _as_json(repaired, full=full) | {"open_to_all": list(map(str, _exposed(context)))}
        context.console.print(json.dumps(found, ensure_ascii=False))
    else:
        _print(context, what, repaired, tried=mending)
        _tell_exposed(context)
    if repaired.left.counts or repaired.lost:
        raise click.exceptions.Exit(1)


def _exposed(context: Context) -> list[Path]:
    """What everybody here can read though `[archive] mode` is private; made before it was."""
    return [] if context.is_shared else DataFolder(context.data).open_to_all(context.markdown_dir)


def _tell_exposed(context: Context) -> None:
    if exposed := _exposed(context):
        names = " ".join(map(str, exposed))
        words = (
            f"Every user of this machine can read {names}: `chmod -R o= {names}` ends that, or "
            '[archive] mode = "shared" says that it is meant so.'
        )
        context.console.print(Text(printable_line(words)), soft_wrap=True)


def _run(context: Context, what: Scope, mending: bool, watch: Watch) -> Repaired:
    from archive.upkeep.verify.check import Findings, check
    from archive.upkeep.verify.repair import Repaired, repair

    if not mending:
        report = Findings.of(check(what, now=context.now(), watch=watch))
        return Repaired(found=report.counts, left=report)
    with context.changing("verify --repair") as connection:
        return repair(connection, what, now=context.now(), watch=watch)


def _as_json(repaired: Repaired, *, full: bool) -> dict[str, Any]:
    from archive.upkeep.verify.damage import BEYOND_REPAIR

    found, left = repaired.found, repaired.left
    return {
        "full": full,
        "repaired": {kind.value: count for kind, count in (found - left.counts).items()},
        "lost": [str(lost) for lost in repaired.lost],
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


def _print(context: Context, what: Scope, repaired: Repaired, *, tried: bool) -> None:
    from archive.upkeep.verify.damage import BEYOND_REPAIR, LAST_RESORT

    found, left = repaired.found, repaired.left
    no_repair = BEYOND_REPAIR | LAST_RESORT if tried else BEYOND_REPAIR
    for kind, count in sorted((found - left.counts).items()):
        context.console.print(f"{kind}: {count:,} repaired")
    for kind, count in sorted(left.counts.items()):
        context.console.print(f"{kind}: {count:,}")
        examples = [damage for damage in left.examples if damage.kind is kind]
        for damage in examples:
            context.console.print(Text(printable_line(f"  {damage.where}: {damage.detail}")))
        if count > len(examples):
            context.console.print(f"  … and {count - len(examples):,} more")
        if kind in no_repair:
            context.console.print(f"  No repair: {no_repair[kind]}.")
    for lost in repaired.lost:
        context.console.print(Text(printable_line(f"Lost: {lost}.")))
    if repaired.lost:
        kept = DataFolder(what.data).set_aside
        context.console.print(
            Text(printable_line(f"The damaged file is in {kept}; a backup may have these rows."))
        )
    context.console.print(_summary(what, left, no_repair))


def _summary(what: Scope, left: Findings, no_repair: Mapping[DamageKind, str]) -> str:
    from archive.upkeep.verify.check import SAMPLE
    from archive.upkeep.verify.damage import LAST_RESORT

    if set(left.counts) - set(no_repair):
        return "`broadsheet verify --repair` repairs what can be."
    if set(left.counts) & set(LAST_RESORT):
        return "What can't be read was not compared; the rest is in order."
    if left.counts:
        return "The rest is in order."
    sample = f"all rows, and the contents of up to {SAMPLE} articles and as many pages"
    compared = "everything" if what.full else sample
    return f"Nothing is wrong. Compared: {compared}."
