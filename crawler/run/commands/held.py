"""`broadsheet held`: what a guess keeps back, and a person's word on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from archive.database.times import to_text
from archive.held.rows import Hold, held_rows
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.group import Commands
from crawler.run.terminal.local_times import shown_time
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.tables import FittedTable, identity, name, phrase
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.group(cls=Commands, invoke_without_command=True)
@pass_context
@click.pass_context
def held(click_context: click.Context, context: Context) -> None:
    """List what is held, release it, or refuse it; nothing of it is deleted.

    A page is held whose text is a wall's, and so is an article that was made of one; a version that
    shows nothing of its article; a second row of one article; a text that is less sure than
    `[crawl] hold_below`. Walls are probed once a day, and what
    was held for them comes back by itself.
    """
    if click_context.invoked_subcommand is None:
        _list(context, as_json=False)


@held.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_context
def list_held(context: Context, as_json: bool) -> None:
    """List what is held, and why."""
    _list(context, as_json=as_json)


@held.command()
@click.argument("hold", metavar="ID", type=int)
@pass_context
def release(context: Context, hold: int) -> None:
    """Let through what is held under ID, with all that is held for the same text."""
    from archive.database.connect import transaction
    from archive.files.orders import write_owed
    from archive.upkeep.holds_by_hand import release_hold

    with context.changing("held release") as connection:
        with transaction(connection):
            done = release_hold(connection, hold, now=context.now())
        problems = write_owed(connection, context.markdown_dir).problems
    for problem in problems:
        context.errors.print(f"broadsheet: {problem}", soft_wrap=True)
    if done.versions:
        articles = counted(done.versions, "article")
        context.console.print(f"What was held is the newest version of {articles}.")
    else:
        words = f"{counted(done.articles, 'article')} shown again, {counted(done.pages, 'page')}"
        context.console.print(f"{words} owed again: the next crawl fetches them.")


@held.command()
@click.argument("hold", metavar="ID", type=int)
@pass_context
def refuse(context: Context, hold: int) -> None:
    """Decide that what is held under ID is no article. It stays in the list."""
    from archive.database.connect import transaction
    from archive.upkeep.holds_by_hand import refuse_hold

    with context.changing("held refuse") as connection, transaction(connection):
        refuse_hold(connection, hold, now=context.now())
    context.console.print(f"{hold} is refused; `broadsheet held release {hold}` undoes it.")


def _list(context: Context, *, as_json: bool) -> None:
    with context.reading() as connection:
        found = held_rows(connection)
    if as_json:
        click.echo(json.dumps([_fields(hold) for hold in found], ensure_ascii=False, indent=2))
    elif found:
        context.console.print(_table(found, context.zone))
    else:
        context.console.print("Nothing is held.")


def _fields(hold: Hold) -> dict[str, object]:
    return {
        "id": hold.id,
        "since": to_text(hold.at),
        "reason": hold.reason,
        "source": hold.source,
        "outlet": hold.outlet,
        "entry": hold.entry_id,
        "article": hold.article_id,
        "version": hold.version,
        "url": hold.url,
        "title": hold.title,
    }


def _table(found: Sequence[Hold], zone: str) -> FittedTable:
    table = FittedTable(
        [
            identity("id"),
            identity("since", 2),
            identity("source"),
            identity("what", 3),
            name("title", least=20),
            phrase("reason", 1),
        ]
    )
    for hold in found:
        what = "version" if hold.version else "article" if hold.article_id else "page"
        table.add_row(
            str(hold.id),
            shown_time(hold.at, zone),
            printable_line(hold.source),
            what,
            printable_line(hold.title or hold.url),
            printable_line(hold.reason),
        )
    return table
