"""`broadsheet merge`: another archive brought into this one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from crawler.run.context import Context, pass_context
from crawler.run.terminal import one_line

if TYPE_CHECKING:
    from archive.files import Written
    from archive.merging.merge import Merged
    from archive.merging.takedown import Takedown


@click.command()
@click.argument("other", metavar="OTHER", type=click.Path(path_type=Path))
@click.option(
    "--yes",
    is_flag=True,
    help="Don't ask before removing what OTHER has forgotten or takes for placeholders.",
)
@pass_context
def merge(context: Context, other: Path, yes: bool) -> None:
    """Bring the archive OTHER, a data folder or its archive.db, into this one.

    Articles that both have become one with all versions of both; nothing is lost or doubled, also
    when it is done twice. OTHER is only read, and may be in use.
    """
    from archive.files import write_owed
    from archive.merging.learned import would_undo
    from archive.merging.merge import merge as bring_in
    from archive.merging.merge import opened, plan_takedown

    with context.changing("merge") as connection, opened(connection, other) as pair:
        plan = plan_takedown(pair.ours, pair.theirs)
        if not yes:
            _confirm(context, plan, would_undo(pair))
        with context.errors.status("") as status:
            merged = bring_in(
                pair,
                context.data,
                plan,
                now=context.now(),
                watch=lambda t: status.update(Text(t)),
                is_free=lambda path: not (context.markdown_dir / path).exists(),
            )
            status.update("writing the Markdown files")
            written = write_owed(connection, context.markdown_dir)
    _print(context, merged, written)
    if written.failed:
        raise click.exceptions.Exit(1)


def _confirm(context: Context, plan: Takedown, undone: list[tuple[int, str]]) -> None:
    """Ask before anything of ours goes because OTHER says so."""
    forgotten = [(found.article_id, found.title) for found in plan.ours]
    for why, found in (("has forgotten", forgotten), ("takes for placeholders", undone)):
        if found:
            context.errors.print(f"OTHER {why} {len(found):,} articles that are here:")
            for number, title in found:
                context.errors.print(Text(one_line(f"{number}: {title}")))
            click.confirm("Remove them here, too? They can't be brought back", abort=True, err=True)


def _print(context: Context, merged: Merged, written: Written) -> None:
    for theirs, ours in merged.renamed:
        context.console.print(
            Text(one_line(f"Their source {theirs} has another address than ours: it is {ours}."))
        )
    for line in _sentences(merged, written):
        context.console.print(line)
    for problem in written.problems:
        context.errors.print(Text(one_line(problem)))


def _sentences(merged: Merged, written: Written) -> list[str]:
    """Say what came in; of what seldom happens only where it did."""
    seldom = {
        f"{merged.joined:,} of ours turned out to be another one of ours.": merged.joined,
        f"{merged.forgotten:,} articles are forgotten, as they were there.": merged.forgotten,
        f"{merged.refused:,} of theirs are placeholders and stay away.": merged.refused,
        f"{merged.undone:,} of ours are gone: placeholders, as OTHER knows.": merged.undone,
        f"{merged.damaged:,} of their raw pages are damaged and stay away.": merged.damaged,
    }
    return [
        (
            f"New: {merged.articles:,} articles, {merged.sources:,} sources, {merged.entries:,} "
            f"entries, {merged.pages:,} raw pages, {merged.runs:,} runs."
        ),
        f"{merged.grown:,} of our articles got versions or addresses of theirs.",
        *(sentence for sentence, count in seldom.items() if count),
        f"{written.count:,} files written, {written.removed:,} removed, {written.failed:,} failed.",
    ]
