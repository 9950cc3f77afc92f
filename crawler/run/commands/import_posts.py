"""`broadsheet import`: posts of an earlier site become articles."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from rich.text import Text

from archive.errors import ArchiveError
from archive.model import Verdict
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.terminal import printable_line


@click.command(name="import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@pass_context
def import_posts(context: Context, folder: Path) -> None:
    """Archive the Markdown posts below DIR, with Hexo front matter as our own files have it.

    Their files stay byte for byte, under their own paths. What is archived already adds nothing.
    Exit code 1 when a file could not be read; the others are imported all the same.
    """
    from archive.database.connect import transaction
    from archive.errors import UnreadablePost
    from archive.files.orders import write_owed
    from archive.upkeep.importing import import_post
    from crawler.run.formats.posts_in import post_files, read_post

    if not folder.is_dir():
        raise Failure(f"{folder} is no folder", exit_code=2)
    counts: Counter[str] = Counter()
    with context.filling("import") as connection:
        for path in post_files(folder):
            try:
                post = read_post(path, folder, now=context.now())
                with transaction(connection):
                    saved = import_post(connection, post, now=context.now())
            except (UnreadablePost, ArchiveError) as error:
                counts["failed"] += 1
                context.errors.print(Text(printable_line(f"{path}: {error}")), soft_wrap=True)
            else:
                counts[_outcome(saved.verdict)] += 1
        written = write_owed(connection, context.markdown_dir)
    for problem in written.problems:
        context.errors.print(Text(printable_line(problem)))
    context.console.print(
        f"{counted(counts['imported'], 'post')} imported, {counts['known']:,} known already, "
        f"{counts['refused']:,} refused, {counts['failed']:,} unreadable; "
        f"{counted(written.count, 'file')} written to {context.markdown_dir}."
    )
    if counts["failed"] or written.failed:
        raise click.exceptions.Exit(1)


def _outcome(verdict: Verdict | None) -> str:
    if verdict is None:
        return "refused"  # a placeholder, or forgotten
    return "imported" if verdict in (Verdict.NEW, Verdict.REVISED) else "known"
