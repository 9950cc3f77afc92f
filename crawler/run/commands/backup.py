"""`broadsheet backup` and `broadsheet restore`: the archive in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.run.commands.render import render_files
from crawler.run.context import Context, Failure, pass_context


@click.command()
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@pass_context
def backup(context: Context, out: Path) -> None:
    """Copy the archive and its raw pages to the file OUT, beside a daemon or crawl.

    OUT is a tar file, compressed when its name ends in .gz or .zst; in a folder it is named by the
    time. It is checked before it takes its name, and `broadsheet restore` brings it back.
    """
    from archive.backup import backup as make

    context.require_archive()
    made = make(context.data, out, now=context.now())
    context.console.print(
        f"{made.file}: {made.articles:,} articles, {made.pages:,} raw pages, "
        f"{made.bytes / 1e6:,.1f} MB, checked. `broadsheet restore {made.file}` brings it back."
    )


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Move an archive that is there aside.")
@pass_context
def restore(context: Context, file: Path, force: bool) -> None:
    """Bring back the archive that `broadsheet backup` wrote to FILE, then its Markdown files.

    The data folder must not have an archive, unless --force moves it to a folder beside the
    restored one. What is damaged, or of a newer Broadsheet, is refused and changes nothing.
    """
    from archive.backup import restore as bring_back
    from archive.lock import ArchiveLock

    if (context.data / "archive.db").exists() and not force:
        raise Failure(
            f"there is an archive in {context.data}: name another folder with --data, or move it "
            "aside with --force"
        )
    aside = context.data / f"before-restore-{context.now():%Y-%m-%dT%H%M%SZ}"
    with ArchiveLock(context.data, "broadsheet restore"):
        restored = bring_back(file, context.data, aside=aside if force else None)
    context.console.print(
        f"{context.archive_path}: {restored.articles:,} articles, {restored.pages:,} raw pages, "
        f"as of {restored.made}."
    )
    if aside.is_dir():
        context.console.print(f"The archive that was there: {aside}")
    if context.config_as_written.markdown.enabled:
        with context.changing("restore") as connection:
            render_files(context, connection)
