"""`broadsheet show`: an article, its versions, or why an address is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import click
from rich.text import Text

from archive.database.times import to_text
from archive.model import EntryState
from crawler.run.terminal.context import Context, Failure, pass_context, spellings
from crawler.run.terminal.date_options import as_of_option
from crawler.run.terminal.local_times import shown_time
from crawler.run.terminal.pager import paged
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.tables import FittedTable, identity, name, number
from crawler.run.terminal.terminal import printable, printable_line

if TYPE_CHECKING:
    from rich.console import Console

    from archive.articles.columns import StoredArticle
    from archive.reader import Archive, StoredRevision
    from archive.upkeep.overview import EntryRow

_STYLES = {"same": "", "deleted": "red strike", "inserted": "green"}


@click.command()
@click.argument("article", metavar="ID|URL")
@click.option(
    "--revisions",
    is_flag=True,
    help="Show its versions, and what each changed, instead of its text.",
)
@click.option("--json", "as_json", is_flag=True, help="Print every field as JSON.")
@as_of_option
@pass_context
def show(
    context: Context, article: str, revisions: bool, as_json: bool, as_of: datetime | None
) -> None:
    """Show an article by its number or any of its addresses.

    For an address that was announced and is no article, say what became of it.
    """
    with context.reader(as_of) as archive:
        found = next(filter(None, map(archive.get, spellings(article))), None)
        versions = archive.revisions(found.id) if found and revisions else []
        others = _cluster(archive, found) if found else {}
        contraries = archive.contraries(found.id) if found else []
    if found is None:
        _show_entries(context, article, as_json, as_of)
    elif revisions and as_json:
        _print_json([asdict(version) for version in versions])
    elif revisions:
        with paged(context.console):
            _print_versions(context, versions)
    elif as_json:
        links = {
            "copies": [copy.id for copy in others.get("copy", ())],
            "contraries": [{"id": other.id, "reason": reason} for other, reason in contraries],
        }
        _print_json(asdict(found) | links)
    else:
        with paged(context.console):
            _print_article(context, found, others, contraries)


def _cluster(archive: Archive, article: StoredArticle) -> dict[str, list[StoredArticle]]:
    """Give the story of a copy as "copy of", the copies of a story as "copy"."""
    if article.copy_of is None:
        return {"copy": archive.copies(article.id)}
    story = archive.get(article.copy_of)
    return {"copy of": [story]} if story else {}


def _print_article(
    context: Context,
    article: StoredArticle,
    others: dict[str, list[StoredArticle]],
    contraries: list[tuple[StoredArticle, str]],
) -> None:
    context.console.print(Text(printable_line(article.title), style="bold"))
    lines = [
        (key, f"{other.id}, {other.source_name}: {other.title} <{other.url}>")
        for key, articles in others.items()
        for other in articles
    ]
    lines += [
        ("contrary", f"{other.id}, {other.source_name}: {other.title} <{other.url}>: {reason}")
        for other, reason in contraries
    ]
    for key, value in (*_metadata(article, context.zone), *lines):
        context.console.print(Text(f"{key:10} {printable_line(value)}"), soft_wrap=True)
    context.console.print()
    context.console.print(Text(printable(article.text)))


def _metadata(article: StoredArticle, zone: str) -> Iterator[tuple[str, str]]:
    from archive.articles.columns import COLUMNS

    yield "id", str(article.id)
    yield "url", article.url
    yield "source", f"{article.source_name} ({article.source})"
    yield "published", f"{_time(article.published, zone)} (from {article.published_from})"
    for column in COLUMNS:
        value = getattr(article, column.field or column.name, None)
        if column.shown and value not in (None, "", ()):
            yield column.shown, _in_words(value, zone)
    paywalled = ", paywalled" if article.paywalled else ""
    yield "text", f"{counted(article.word_count, 'word')}, {article.language or '?'}{paywalled}"
    yield "revision", f"{article.revision}, checked {_time(article.checked, zone)}"


def _time(moment: datetime | None, zone: str) -> str:
    return shown_time(moment, zone, seconds=True)


def _in_words(value: object, zone: str) -> str:
    if isinstance(value, datetime):
        return _time(value, zone)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _print_versions(context: Context, versions: list[StoredRevision]) -> None:
    """List the versions, then say what each changed in the one before it."""
    table = FittedTable(
        [
            identity("version"),
            identity("seen"),
            identity("kind", 1),
            name("title", least=16),
            number("characters", 2),
        ]
    )
    for version in versions:
        table.add_row(
            str(version.number),
            _time(version.seen, context.zone),
            version.kind,
            printable_line(version.title),
            f"{len(version.text):,}",
        )
    context.console.print(table)
    for before, after in pairwise(versions):
        context.console.print()
        heading = (
            f"{before.number} → {after.number}, {_time(after.seen, context.zone)}, {after.kind}"
        )
        context.console.print(Text(heading, style="bold"))
        for old, new in ((before.title, after.title), (before.text, after.text)):
            if old != new:
                context.console.print(_changes(old, new, context.console), soft_wrap=True)


def _changes(old: str, new: str, console: Console) -> Text:
    """Write a difference in colours on a terminal, in brackets elsewhere."""
    from archive.articles.diffs import diff, elided, in_brackets

    pieces = list(elided(diff(old, new)))
    if not console.is_terminal or console.no_color:
        return Text(printable(in_brackets(pieces)))
    shown = Text()
    for piece in pieces:
        shown.append(printable(piece.text), style=_STYLES[piece.kind])
    return shown


def _show_entries(context: Context, address: str, as_json: bool, as_of: datetime | None) -> None:
    from archive.upkeep.overview import find_entries

    with context.reading(as_of) as connection:
        entries = find_entries(connection, spellings(address))
    if not entries:
        kind = "article or announced address" if "://" in address else "article"
        raise Failure(f"no {kind} {printable_line(address)}; `broadsheet search` finds articles")
    if as_json:
        _print_json([asdict(entry) for entry in entries])
        return
    context.console.print(f"No article. {printable_line(address)} was announced:")
    for entry in entries:
        context.console.print(Text(_story_of(entry, context.zone)), soft_wrap=True)


def _story_of(entry: EntryRow, zone: str) -> str:
    """Say in a line what became of an entry."""
    reason = f": {printable_line(entry.reason)}" if entry.reason else ""
    head = f"  entry {entry.id} of {entry.source_id}, announced {_time(entry.announced, zone)}, "
    if entry.state is EntryState.OWED:
        tries = f" after {entry.attempts} failed tries" if entry.attempts else ""
        from_when = f"; to be fetched from {_time(entry.not_before, zone)} on"
        return f"{head}is owed{tries}{reason}{from_when if entry.not_before else ''}"
    when = f" at {_time(entry.closed, zone)}" if entry.closed else ""
    return f"{head}{entry.state}{when}{reason}"


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_as_text))


def _as_text(value: object) -> str | None:
    if isinstance(value, datetime):
        return to_text(value)
    raise TypeError(f"{value!r} has no JSON form")
