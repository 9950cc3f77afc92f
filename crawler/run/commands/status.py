"""`broadsheet status`: how each source fares, once or live."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from crawler.run.terminal.context import Context, Failure, pass_context, unknown_source
from crawler.run.terminal.tables import FittedTable, identity, name, number, phrase
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Group
    from rich.text import Text

    from crawler.run.status.report import SourceReport, StatusReport

_REFRESH_S = 2.0
_FRAME_LINES = 7  # of the live picture: the table's header, the lines below it, the prompt
_DRAWN_WHOLE, _DRAWN_OF_MORE = 500, 100  # sources: rich takes 0.4 ms for a row
_WIDE = 120  # columns from which on the reasons have room in the table
_STYLES = {
    "ok": "green",
    "failing": "red",
    "gone": "red",
    "blocked": "red",
    "silent": "yellow",
    "moved": "yellow",
    "quiet": "cyan",
    "slow": "cyan",
}


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option("--watch", is_flag=True, help="Show it live until Ctrl-C.")
@click.option(
    "--check",
    is_flag=True,
    help="Exit with 1 when a source is failing, silent, blocked or gone, nothing moves, or nobody"
    " serves a slot of a distributed crawl.",
)
@pass_context
def status(
    context: Context, sources: tuple[str, ...], as_json: bool, watch: bool, check: bool
) -> None:
    """Show how SOURCES (default: all) fare: health, last news, rhythm, next poll, what is owed.

    Reads the archive only, also beside a running daemon. What needs somebody stands first.
    """
    if watch:
        _refuse(context, as_json or check)
        _watch(context, sources)
        return
    report = _report(context, sources)
    if as_json:
        click.echo(json.dumps(report.fields(), ensure_ascii=False, indent=2))
    else:
        rows = None if len(report.sources) <= _DRAWN_WHOLE else _DRAWN_OF_MORE
        context.console.print(picture(report, rows=rows, narrow=context.console.width < _WIDE))
        if rows is not None:
            context.console.print("Name them to see them; --json has all.", soft_wrap=True)
        if not report.summary.sources:
            words = f"To begin, {context.how_to_add_a_source}."
            context.console.print(words, soft_wrap=True)
    stalled = report.process is not None and bool(report.process.trouble)
    unserved = report.desk is not None and report.desk.is_troubled
    if check and (stalled or unserved or any(source.troubled for source in report.sources)):
        raise click.exceptions.Exit(1)


def picture(report: StatusReport, *, rows: int | None = None, narrow: bool = False) -> Group:
    """Draw the table and the lines below it; at most `rows` sources.

    Where it is `narrow`, the table has ids and single words, and the reasons come below it.
    """
    from rich.console import Group
    from rich.text import Text

    from crawler.run.status.words import footer
    from crawler.run.terminal.plurals import counted

    shown = report.sources if rows is None else report.sources[:rows]
    hidden = len(report.sources) - len(shown)
    more = [Text(f"… and {counted(hidden, 'more source')}")] if hidden else []
    reasons = [Text(), *_reasons(shown, report)] if narrow else []
    lines = [Text(line) for line in footer(report)]
    if not report.sources:
        return Group(*lines)
    return Group(_table(shown, report, narrow), *more, *reasons, Text(), *lines)


def _table(sources: Sequence[SourceReport], report: StatusReport, narrow: bool) -> FittedTable:
    from rich.text import Text

    from crawler.run.status.words import cells

    table = FittedTable(
        [
            identity("source"),
            name("outlet", least=22),
            identity("health") if narrow else phrase("health", least=28),
            identity("last success", 3),
            identity("last new", 2),
            identity("rhythm", 5),
            identity("next poll", 4),
            number("today", 1),
            number("owed"),
        ]
    )
    for source in sources:
        _, health, *rest = (printable_line(cell) for cell in cells(source, report))
        shown = source.status if narrow else health
        outlet = printable_line(source.name)
        table.add_row(source.id, outlet, Text(shown, style=_style(source)), *rest)
    return table


def _reasons(sources: Sequence[SourceReport], report: StatusReport) -> Iterator[Text]:
    from rich.text import Text

    from archive.database.times import from_text
    from crawler.run.status.words import health

    for source in sources:
        words = printable_line(health(source, from_text(report.at)))
        if words != source.status:
            yield Text(f"{source.id}: {words}", style=_style(source))


def _style(source: SourceReport) -> str:
    return _STYLES.get(source.status, "dim")


def _report(context: Context, ids: tuple[str, ...]) -> StatusReport:
    from archive.database.lock import lock_holder
    from crawler.run.status.report import empty_report, read_report

    config, holder = context.essentials, lock_holder(context.data)
    if context.archive_path.is_file():
        with context.reading() as connection:
            report = read_report(connection, config, holder=holder, now=context.now())
    else:
        report = empty_report(config, holder=holder, now=context.now())
    if holder is not None:
        from crawler.run.redis.desk_notes import read_state

        report = replace(report, desk=read_state(context.data))
    return _only(report, ids) if ids else report


def _only(report: StatusReport, ids: tuple[str, ...]) -> StatusReport:
    known = {source.id for source in report.sources}
    for source_id in ids:
        if source_id not in known:
            raise unknown_source(source_id, known)
    return replace(report, sources=tuple(s for s in report.sources if s.id in ids))


def _refuse(context: Context, with_others: bool) -> None:
    if with_others:
        raise click.UsageError("--watch goes with neither --json nor --check")
    if not context.console.is_terminal:
        raise Failure("--watch needs a terminal; leave it out", exit_code=2)


def _watch(context: Context, ids: tuple[str, ...]) -> None:
    from rich.live import Live

    try:
        with Live(console=context.console, auto_refresh=False, vertical_overflow="crop") as live:
            while True:
                live.update(_live_picture(context, ids), refresh=True)
                time.sleep(_REFRESH_S)
    except KeyboardInterrupt:
        return


def _live_picture(context: Context, ids: tuple[str, ...]) -> Group:
    console = context.console
    room = max(console.height - _FRAME_LINES, 3)
    return picture(_report(context, ids), rows=room, narrow=console.width < _WIDE)
