"""`broadsheet copies`: which articles are one story, and a person's word on it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.database.times import to_text
from crawler.run.terminal.context import Context, Failure, pass_context, spellings
from crawler.run.terminal.group import Commands
from crawler.run.terminal.local_times import shown_time
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.tables import FittedTable, identity, name, number, phrase
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from archive.upkeep.overview import ClusterRow

_BY_HAND = "by hand"
_STORIES = 20


@click.group(cls=Commands, invoke_without_command=True)
@pass_context
@click.pass_context
def copies(click_context: click.Context, context: Context) -> None:
    """List the stories that several outlets carried; put together or apart what was misjudged."""
    if click_context.invoked_subcommand is None:
        _list(context, limit=_STORIES, as_json=False)


@copies.command("list")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_STORIES,
    show_default=True,
    help="How many stories.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_context
def list_copies(context: Context, limit: int, as_json: bool) -> None:
    """List the newest stories that have copies, with who carried them."""
    _list(context, limit=limit, as_json=as_json)


def _list(context: Context, *, limit: int, as_json: bool) -> None:
    from archive.upkeep.overview import stories_with_copies

    with context.reading() as connection:
        found = stories_with_copies(connection, limit=limit)
    if as_json:
        fields = [asdict(row) | {"published": to_text(row.published)} for row in found]
        click.echo(json.dumps(fields, ensure_ascii=False, indent=2))
    elif found:
        context.console.print(_table(found, context.zone))
    else:
        context.console.print("No story has copies.")


@copies.command()
@click.argument("story", metavar="STORY")
@click.argument("other", metavar="OTHER")
@pass_context
def merge(context: Context, story: str, other: str) -> None:
    """Make OTHER, and all its copies, copies of STORY. Both are given by ID or URL.

    No later revision undoes it.
    """
    from archive.copies import clusters

    with context.changing("copies merge") as connection:
        target, joining = _id(connection, story), _id(connection, other)
        with _decided(context, connection):
            now = context.now()
            count = clusters.join(connection, target, joining, now=now, reason=_BY_HAND)
    context.console.print(f"Article {joining} is a copy of {target}, which has {count} now.")


@copies.command()
@click.argument("copy", metavar="ID|URL")
@pass_context
def split(context: Context, copy: str) -> None:
    """Take a copy out of its story, for good. It may turn out to be a copy of another one."""
    from archive.copies import clusters

    with context.changing("copies split") as connection:
        article_id = _id(connection, copy)
        with _decided(context, connection):
            story = clusters.part(connection, article_id, now=context.now(), reason=_BY_HAND)
    now_is = "a story of its own" if story is None else f"a copy of {story}"
    context.console.print(f"Article {article_id} is {now_is}.")


@copies.command()
@click.argument("article", metavar="ID|URL")
@pass_context
def lead(context: Context, article: str) -> None:
    """Let an article lead its story, for good: its text is the story's, the others are copies.

    The story's file keeps its path.
    """
    from archive.copies import clusters

    with context.changing("copies lead") as connection:
        article_id = _id(connection, article)
        with _decided(context, connection):
            count = clusters.lead(connection, article_id, now=context.now())
    context.console.print(f"Article {article_id} leads its story, with {counted(count, 'copy')}.")


def _id(connection: sqlite3.Connection, article: str) -> int:
    from archive.reader import Archive

    for spelling in spellings(article):
        if (found := Archive(connection).get(spelling)) is not None:
            return found.id
    raise Failure(f"no article {printable_line(article)}; `broadsheet search` finds articles")


@contextmanager
def _decided(context: Context, connection: sqlite3.Connection) -> Iterator[None]:
    """Commit a decision, then write the files that have changed: a story's lists its copies."""
    from archive.database.connect import transaction
    from archive.files.orders import write_owed

    with transaction(connection):
        yield
    for problem in write_owed(connection, context.markdown_dir).problems:
        context.errors.print(f"broadsheet: {problem}", soft_wrap=True)


def _table(rows: list[ClusterRow], zone: str) -> FittedTable:
    table = FittedTable(
        [
            identity("story"),
            identity("published", 2),
            name("title", least=30),
            phrase("leads", 3),
            name("outlets", least=18),
            number("copies", 1),
        ]
    )
    for row in rows:
        table.add_row(
            str(row.id),
            shown_time(row.published, zone),
            printable_line(row.title),
            printable_line(row.lead_reason) or "-",
            printable_line(", ".join(row.outlets)),
            f"{row.copies:,}",
        )
    return table
