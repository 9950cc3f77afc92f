"""`broadsheet reextract`: today's extraction over the pages that were kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from archive.folder import DataFolder
from crawler.run.terminal.context import Context, Failure, pass_context, unknown_source
from crawler.run.terminal.date_options import MomentOption
from crawler.run.terminal.tables import FittedTable, name, number
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    import sqlite3

    from archive.articles.reextraction import Reread
    from crawler.run.reextract import ReextractReport, Wanted

_SHOWN_CHARS = 100  # of a text, before and after


@click.command()
@click.option("--source", "source_id", metavar="ID", help="Only pages of this source.")
@click.option(
    "--since",
    type=MomentOption(),
    metavar="DATE",
    help="Only pages fetched on that day (UTC) or later; a time with its zone as well.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--restart", is_flag=True, help="Begin anew where an earlier run was interrupted.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@pass_context
def reextract(
    context: Context,
    source_id: str | None,
    since: datetime | None,
    dry_run: bool,
    restart: bool,
    as_json: bool,
) -> None:
    """Read the stored pages again with today's extraction and config; nothing is fetched.

    What differs becomes a revision of kind `extraction`; pages that were refused and are articles
    today are archived. An article that would be refused today is named and stays. A run that was
    interrupted goes on where it stopped, when called with the same options. --dry-run works
    beside a daemon. Exit code 1 when a page can't be read, or a file not be written.
    """
    from crawler.run.reextract import Wanted

    wanted = Wanted(source_id=source_id, since=since, dry_run=dry_run)
    if not DataFolder(context.data).pages.is_file():
        context.require_archive()
        raise Failure(f"no raw pages are kept in {context.data}: see [pages] keep_raw")
    opened = context.reading() if dry_run else context.changing("reextract")
    with opened as connection:
        report = _run(context, connection, wanted, restart)
    if as_json:
        context.console.print(json.dumps(_as_json(report, wanted), ensure_ascii=False))
    else:
        _print(context, report, wanted)
    if report.problems:
        raise click.exceptions.Exit(1)


def _run(
    context: Context, connection: sqlite3.Connection, wanted: Wanted, restart: bool
) -> ReextractReport:
    from archive.pages.store import PageStore
    from archive.sources.declarations import source_states
    from crawler.run.reextract import Reextraction

    known = [state.id for state in source_states(connection)]
    if wanted.source_id is not None and wanted.source_id not in known:
        raise unknown_source(wanted.source_id, known)
    store = PageStore(DataFolder(context.data).pages, readonly=wanted.dry_run)
    try:
        with _progress(context) as progress:
            bar = progress.add_task("pages", total=None)
            reextraction = Reextraction(
                connection,
                store,
                config=context.config_as_written,
                markdown_dir=context.markdown_dir,
                wanted=wanted,
                position=0 if restart else _position(context, connection, wanted),
                watch=lambda: progress.advance(bar),
            )
            progress.update(bar, total=reextraction.count())
            asyncio.run(reextraction.run())
            return reextraction.report
    finally:
        store.close()


def _position(context: Context, connection: sqlite3.Connection, wanted: Wanted) -> int:
    """Where the last run with the same options was interrupted; 0 where none was."""
    from archive.database.runs import unfinished

    left = None if wanted.dry_run else unfinished(connection, wanted.command)
    position = (left or {}).get("position", 0)
    if position:
        context.errors.print(
            f"goes on behind page {position:,}, where the last run was interrupted;"
            " --restart begins anew"
        )
    return position


def _progress(context: Context) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(
        *columns,
        TimeRemainingColumn(),
        console=context.errors,
        transient=True,
        disable=not context.errors.is_terminal,
    )


def _as_json(report: ReextractReport, wanted: Wanted) -> dict[str, Any]:
    return {
        "dry_run": wanted.dry_run,
        "outcomes": {fate.value: count for fate, count in report.fates.items()},
        "changes": dict(report.changes),
        "unreadable": report.unreadable,
        "examples": {
            kind: [_example(read) for read in reads] for kind, reads in report.examples.items()
        },
        "problems": report.problems,
    }


def _example(read: Reread) -> dict[str, Any]:
    (difference,) = read.differences or (None,)
    said = {"before": difference.before, "after": difference.after} if difference else {}
    return {"id": read.article_id, "url": read.url, "why": read.why, **said}


def _print(context: Context, report: ReextractReport, wanted: Wanted) -> None:
    console = context.console
    outcomes = FittedTable([name("stored pages, read again"), number("number")])
    for fate, count in report.fates.most_common():
        outcomes.add_row(fate.value, f"{count:,}")
    if report.unreadable:
        outcomes.add_row("page unreadable", f"{report.unreadable:,}")
    console.print(outcomes)
    if report.changes:
        changes = FittedTable([name("what differs"), number("articles")])
        for what, count in report.changes.most_common():
            changes.add_row(what, f"{count:,}")
        console.print()
        console.print(changes)
    for kind, reads in report.examples.items():
        console.print()
        console.print(Text(f"{kind}:"))
        for line in (line for read in reads for line in _lines(read)):
            console.print(Text(line))
    for problem in report.problems:
        context.errors.print(Text(printable_line(problem)))
    if wanted.dry_run:
        console.print()
        console.print("Nothing was changed (--dry-run).")


def _lines(read: Reread) -> Iterator[str]:
    name = f"article {read.article_id}" if read.article_id else ""
    yield f"  {printable_line(f'{name} {read.title} {read.url}')}"
    if read.why:
        yield f"    {printable_line(read.why)}"
    for difference in read.differences:
        for sign, text in (("-", difference.before), ("+", difference.after)):
            if text:
                yield f"    {sign} {_short(text)}"


def _short(text: str) -> str:
    line = printable_line(text)
    return line if len(line) <= _SHOWN_CHARS else f"{line[:_SHOWN_CHARS]}…"
