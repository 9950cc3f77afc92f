"""`broadsheet sources remove · rename · enable · disable`: changes to the user's config file."""

from __future__ import annotations

import sqlite3
import tomllib
from datetime import datetime
from pathlib import Path

import click

from archive.folder import DataFolder
from archive.model import EntryState
from crawler.run.terminal.context import Context, Failure, pass_context, unknown_source
from crawler.run.terminal.plurals import they_are

_DROPPED_REASON = "source removed"
_BATCH = 1000  # owed entries read at once


@click.command()
@click.argument("source_id", metavar="ID")
@click.option(
    "--drop-owed", is_flag=True, help="Close its owed entries too: nobody will fetch them."
)
@pass_context
def remove(context: Context, source_id: str, drop_owed: bool) -> None:
    """Take a source out of the config; its articles stay."""
    from config.edit import remove_source

    path = _editable(context, source_id)
    if not drop_owed or not context.archive_path.is_file():
        remove_source(path, source_id)
        context.console.print(f"{source_id} is removed from {path}; its articles stay.")
        return
    with context.changing("sources remove") as connection:
        remove_source(path, source_id)
        dropped = _drop_owed(connection, source_id, now=context.now())
    context.console.print(
        f"{source_id} is removed from {path}; {they_are(dropped, 'owed entry')} closed, "
        "its articles stay."
    )


@click.command()
@click.argument("old")
@click.argument("new")
@pass_context
def rename(context: Context, old: str, new: str) -> None:
    """Give a source another id, in the config and in the archive.

    Run it again if it was cut short: it finishes what is left.
    """
    if not context.archive_path.is_file():
        _rename_in_config(context, old, new)
    else:
        with context.changing("sources rename") as connection:
            _rename_everywhere(context, connection, old, new)
            _rename_in_pages(context, old, new)
    context.console.print(f"{old} is now {new}.")


@click.command()
@click.argument("source_id", metavar="ID")
@pass_context
def enable(context: Context, source_id: str) -> None:
    """Visit a source again."""
    from config.edit import set_enabled

    path = _editable(context, source_id)
    set_enabled(path, source_id, True)
    context.console.print(f"{source_id} is enabled in {path}.")


@click.command()
@click.argument("source_id", metavar="ID")
@pass_context
def disable(context: Context, source_id: str) -> None:
    """Stop visiting a source; its owed entries wait."""
    from config.edit import set_enabled

    path = _editable(context, source_id)
    set_enabled(path, source_id, False)
    context.console.print(f"{source_id} is disabled in {path}; what it owes waits.")


COMMANDS = (remove, rename, enable, disable)


def _editable(context: Context, source_id: str) -> Path:
    """Give the user's config file if the source stands in it, else say what to do."""
    if context.config_as_written.by_id(source_id) is None:
        raise unknown_source(source_id, (source.id for source in context.config_as_written.source))
    path = context.config_path
    if path is None or source_id not in _ids_in(path):
        raise Failure(
            f"{source_id} comes with the shipped defaults, which are never written to: declare "
            f"it in {path or 'a config file of yours (`broadsheet init`)'} to change it",
            exit_code=2,
        )
    return path


def _ids_in(path: Path) -> set[str]:
    """The source ids that the file itself declares; the file is known to be valid."""
    declared = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("source", [])
    return {source["id"] for source in declared}


def _rename_in_config(context: Context, old: str, new: str) -> None:
    from config.edit import rename_in_config

    rename_in_config(_editable(context, old), old, new)


def _rename_everywhere(
    context: Context, connection: sqlite3.Connection, old: str, new: str
) -> None:
    """Rename the rows, then the config, and commit last.

    A config that can't be written rolls the rows back. A crash between the two leaves the new id
    in the config and the old one in the rows: the same command, run again, renames the rows.
    """
    from archive.database.connect import transaction
    from archive.sources.declarations import rename_source, source_state

    with transaction(connection):
        has_rows = source_state(connection, old) is not None
        in_config = context.config_as_written.by_id(old) is not None
        finishing = has_rows and not in_config and context.config_as_written.by_id(new) is not None
        if has_rows:
            rename_source(connection, old, new)
        if not finishing:
            _rename_in_config(context, old, new)


def _rename_in_pages(context: Context, old: str, new: str) -> None:
    """The raw pages, by which `reextract` and `export` choose those of a source."""
    from archive.pages.store import PageStore

    if DataFolder(context.data).pages.is_file():
        store = PageStore(DataFolder(context.data).pages)
        store.rename_source(old, new)
        store.close()


def _drop_owed(connection: sqlite3.Connection, source_id: str, *, now: datetime) -> int:
    from archive.database.connect import transaction
    from archive.entries.owed import close_entry, owed, owed_hosts

    dropped = 0
    with transaction(connection):
        for _, host in owed_hosts(connection, [source_id]):
            while batch := owed(connection, source_id, host, now=None, limit=_BATCH):
                for entry in batch:
                    assert entry.id is not None  # owed() gives stored entries
                    close_entry(connection, entry.id, EntryState.FAILED, _DROPPED_REASON, now=now)
                dropped += len(batch)
    return dropped
