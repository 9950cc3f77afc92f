"""`broadsheet merge`: another archive brought into this one."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from archive.database.connect import transaction
from archive.files.orders import lead_to_images, write_owed
from archive.folder import DataFolder
from archive.images.rows import image_totals
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.plurals import counted, they_are
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from archive.files.orders import Written
    from archive.upkeep.merge.merge import Merged
    from archive.upkeep.merge.pairing import Pair
    from archive.upkeep.merge.takedown import Takedown


@click.command()
@click.argument("other", metavar="OTHER", type=click.Path(path_type=Path))
@click.option(
    "--yes",
    is_flag=True,
    help="Don't ask before removing what OTHER has forgotten.",
)
@click.option(
    "--trust-posts",
    is_flag=True,
    help="Keep the bytes of posts that were imported in OTHER even where they hold scripts.",
)
@pass_context
def merge(context: Context, other: Path, yes: bool, trust_posts: bool) -> None:
    """Bring the archive OTHER, a data folder or its archive.db, into this one.

    Articles that both have become one with all versions of both; nothing is lost or doubled, also
    when it is done twice. OTHER is only read, and may be in use; where it holds anything that
    Broadsheet doesn't write there, nothing of it comes in.
    """
    from archive.upkeep.merge.merge import merge as bring_in
    from archive.upkeep.merge.merge import opened
    from archive.upkeep.merge.takedown import plan_takedown

    with context.changing("merge") as connection, ExitStack() as stack:
        with context.errors.status("looking OTHER over"):
            pair = stack.enter_context(opened(connection, other))
        _lead_to_images(context, pair)
        plan = plan_takedown(pair.ours, pair.theirs)
        if not yes:
            _confirm(context, plan)
        with context.errors.status("") as status:
            merged = bring_in(
                pair,
                context.data,
                plan,
                now=context.now(),
                watch=lambda t: status.update(Text(t)),
                is_free=lambda path: not (context.markdown_dir / path).exists(),
                trust_posts=trust_posts,
            )
            status.update("writing the Markdown files")
            written = write_owed(connection, context.markdown_dir)
    _print(context, merged, written)
    if written.failed:
        raise click.exceptions.Exit(1)


def _lead_to_images(context: Context, pair: Pair) -> None:
    """Files that are written from now on lead to the pictures that come along."""
    settings, has_any = context.config_as_written.images, image_totals(pair.theirs).files
    with transaction(pair.ours):
        lead_to_images(
            pair.ours,
            keep=settings.keep or has_any > 0,
            link=settings.link,
            markdown_dir=context.markdown_dir,
            images=DataFolder(context.data).images,
        )


def _confirm(context: Context, plan: Takedown) -> None:
    """Ask before anything of ours goes because OTHER says so."""
    if not plan.ours:
        return
    context.errors.print(f"OTHER has forgotten {counted(len(plan.ours), 'article')} of ours:")
    for found in plan.ours:
        context.errors.print(Text(printable_line(f"{found.article_id}: {found.title}")))
    click.confirm("Remove them here, too? They can't be brought back", abort=True, err=True)


def _print(context: Context, merged: Merged, written: Written) -> None:
    for theirs, ours in merged.renamed:
        context.console.print(
            Text(
                printable_line(
                    f"Their source {theirs} has another address than ours: it is {ours}."
                )
            )
        )
    for line in _sentences(merged, written):
        context.console.print(line)
    for problem in written.problems:
        context.errors.print(Text(printable_line(problem)))


def _sentences(merged: Merged, written: Written) -> list[str]:
    """Say what came in; of what seldom happens only where it did."""
    seldom = {
        f"{merged.joined:,} of ours turned out to be another one of ours.": merged.joined,
        f"{they_are(merged.forgotten, 'article')} forgotten, as in OTHER.": merged.forgotten,
        f"{they_are(merged.held, 'wall')} held: see `broadsheet held`.": merged.held,
        f"{counted(merged.damaged, 'damaged raw page')} of theirs stayed away.": merged.damaged,
        f"{counted(merged.images.new, 'picture')} came along.": merged.images.new,
        (
            f"{counted(merged.images.damaged, 'picture')} of theirs stayed away, missing or "
            "damaged: [images] keep fetches them."
        ): merged.images.damaged,
        (
            f"{counted(merged.remade, 'imported post')} of theirs got a file made of its text: its "
            "own bytes may hold scripts (--trust-posts keeps them)."
        ): merged.remade,
    }
    return [
        (
            f"New: {counted(merged.articles, 'article')}, {counted(merged.sources, 'source')}, "
            f"{counted(merged.entries, 'entry')}, {counted(merged.pages, 'raw page')}, "
            f"{counted(merged.runs, 'run')}."
        ),
        f"{counted(merged.grown, 'article')} of ours got versions or addresses of theirs.",
        *(sentence for sentence, count in seldom.items() if count),
        (
            f"{counted(written.count, 'file')} written, {written.removed:,} removed, "
            f"{written.failed:,} failed."
        ),
    ]
