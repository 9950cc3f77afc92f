"""`broadsheet render`: the Markdown files, rebuilt from the database alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.text import Text

from archive.folder import DataFolder
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    import sqlite3


@click.command()
@pass_context
def render(context: Context) -> None:
    """Rebuild the Markdown files from the archive.

    A file that is missing or differs is written again; no file but the archive's is touched.
    Exit code 1 when a file could not be written.
    """
    if not context.config_as_written.markdown.enabled:
        raise Failure("[markdown] enabled is false in the config: there are no files to render")
    with context.changing("render") as connection:
        render_files(context, connection)


def render_files(context: Context, connection: sqlite3.Connection) -> None:
    """Bring every file in line with the archive, and say so; Exit 1 when one can't be written."""
    from archive.database.connect import transaction
    from archive.files.orders import lead_to_images, render_all, set_settings

    markdown, images = context.config_as_written.markdown, context.config_as_written.images
    with transaction(connection):
        set_settings(
            connection,
            markdown=True,
            body=markdown.body,
            placeholder_image=markdown.placeholder_image,
        )
        lead_to_images(
            connection,
            keep=images.keep,
            link=images.link,
            markdown_dir=context.markdown_dir,
            images=DataFolder(context.data).images,
        )
    rendered = render_all(connection, context.markdown_dir)
    written = rendered.written
    context.console.print(
        f"{counted(rendered.stories, 'file')} in {context.markdown_dir}: "
        f"{written.count:,} written, {written.removed:,} removed, {written.failed:,} failed."
    )
    for problem in written.problems:
        context.errors.print(Text(printable_line(problem)))
    if written.failed:
        raise click.exceptions.Exit(1)
