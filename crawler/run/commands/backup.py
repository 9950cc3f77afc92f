"""`broadsheet backup` and `broadsheet restore`: the archive in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.folder import DataFolder, private_files
from crawler.run.commands.render import render_files
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.plurals import counted

if TYPE_CHECKING:
    from archive.upkeep.backup import Backup

_OTHER_FORMATS = frozenset(
    {
        *(".zip", ".7z", ".rar", ".tgz", ".tzst", ".bz2", ".tbz", ".tbz2", ".xz", ".txz"),
        *(".lz", ".lz4", ".lzma", ".br", ".db", ".sqlite", ".sqlite3", ".sql"),
    }
)


@click.command()
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@pass_context
def backup(context: Context, out: Path) -> None:
    """Copy the archive, its raw pages and pictures to the file OUT, beside a daemon or crawl.

    OUT is a tar file, compressed when its name ends in .gz or .zst, and refused when that promises
    another format; in a folder it is named by the time. It is checked before it takes its name,
    and `broadsheet restore` brings it back.
    """
    from archive.upkeep.backup import backup as make

    context.require_archive()
    _refuse_other_format(out)
    if not out.absolute().parent.is_dir():
        raise Failure(f"there is no folder {out.absolute().parent}: make it first", exit_code=2)
    with private_files(shared=context.is_shared):
        made = make(context.data, out, now=context.now())
    context.console.print(
        f"{made.file}: {_contents(made)}, {made.bytes / 1e6:,.1f} MB, checked. "
        f"`broadsheet restore {made.file}` brings it back."
    )


def _contents(made: Backup) -> str:
    images = f", {counted(made.images, 'picture')}" if made.images else ""
    return f"{counted(made.articles, 'article')}, {counted(made.pages, 'raw page')}{images}"


def _refuse_other_format(out: Path) -> None:
    if out.suffix.lower() in _OTHER_FORMATS and not out.is_dir():
        name = out.stem.removesuffix(".tar")
        raise Failure(
            f"{out}: a backup is a tar file, not {out.suffix}: name it {name}.tar, "
            f"{name}.tar.gz or {name}.tar.zst",
            exit_code=2,
        )


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Move an archive that is there aside.")
@click.option(
    "--trust-schema",
    is_flag=True,
    help="Keep triggers and views in FILE that Broadsheet didn't make.",
)
@pass_context
def restore(context: Context, file: Path, force: bool, trust_schema: bool) -> None:
    """Bring back the archive that `broadsheet backup` wrote to FILE, then its Markdown files.

    The data folder must not have an archive, unless --force moves it to a folder beside the
    restored one. What is damaged, of a newer Broadsheet, or has triggers or views that Broadsheet
    didn't make, is refused and changes nothing.
    """
    from archive.database.lock import ArchiveLock
    from archive.upkeep.backup import restore as bring_back

    if DataFolder(context.data).archive.exists() and not force:
        raise Failure(
            f"there is an archive in {context.data}: name another folder with --data, or move it "
            "aside with --force"
        )
    aside = context.data / f"before-restore-{context.now():%Y-%m-%dT%H%M%SZ}"
    with ArchiveLock(context.data, "broadsheet restore", shared=context.is_shared):
        restored = bring_back(
            file, context.data, aside=aside if force else None, trust_schema=trust_schema
        )
    context.console.print(f"{context.archive_path}: {_contents(restored)}, as of {restored.made}.")
    if aside.is_dir():
        context.console.print(f"The archive that was there: {aside}")
    if context.config_as_written.markdown.enabled:
        with context.changing("restore") as connection:
            render_files(context, connection)
