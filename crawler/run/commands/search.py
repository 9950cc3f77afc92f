"""`broadsheet search`: what the archive has on something."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich.text import Text

from archive.database.times import to_text
from archive.search.query import parse
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.date_options import as_of_option
from crawler.run.terminal.local_times import shown_time
from crawler.run.terminal.terminal import printable, printable_line

if TYPE_CHECKING:
    from archive.search.answer import Hit
    from archive.search.snippets import Places

_FOUND = "bold yellow"
_EXCLUDED = re.compile(r"\A-(?!-|h\Z)(.+)", re.DOTALL)


class _Query(click.Command):
    """A command in whose arguments -word is a word of the query: it has no short options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        words = [_EXCLUDED.sub(r"NOT \1", arg) for arg in args[:end]]
        return super().parse_args(ctx, words + args[end:])


@click.command(cls=_Query)
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--all", "copies", is_flag=True, help="Copies at other outlets too.")
@click.option("--newest", "order", flag_value="newest", help="By time of publication.")
@click.option("--recent", "order", flag_value="recent", help="Best match, new ones preferred.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@as_of_option
@pass_context
def search(
    context: Context,
    query: tuple[str, ...],
    limit: int,
    copies: bool,
    order: str | None,
    as_json: bool,
    as_of: datetime | None,
) -> None:
    """Search titles and texts, best match first.

    All words must occur; "a phrase" as it stands; -word must not; a OR b; prefix*; parentheses.
    Chinese needs no spaces, simplified finds traditional. title:… text:… look only there;
    source:… by id or name, outlet:… by name, copies counted; code:300778;
    after:2021-12-09 before:2022.
    """
    from archive.search.answer import Order

    asked = " ".join(query)
    with context.reader(as_of) as archive:
        hits = archive.search(asked, limit=limit, copies=copies, order=Order(order or "best"))
        unknown = () if hits else archive.unknown_sources(asked)
    if as_json:
        click.echo(json.dumps([_fields(hit) for hit in hits], ensure_ascii=False, indent=2))
        return
    for hit in hits:
        _print(context, hit)
    if not hits:
        context.errors.print(Text(_nothing(asked, unknown)), soft_wrap=True)


def _nothing(asked: str, unknown: tuple[str, ...]) -> str:
    if parse(asked) is None:
        return "Nothing found: the query has no word, and no field with a value."
    if not unknown:
        return "Nothing found."
    named = " or ".join(printable_line(name) for name in unknown)
    return f"Nothing found: no source is called {named}; `broadsheet sources list` lists them."


def _print(context: Context, hit: Hit) -> None:
    context.console.print(_highlighted(hit.title, hit.title_marks, style="bold"))
    published = shown_time(hit.published, context.zone)
    context.console.print(Text(f"  {hit.id}  {published}  {hit.source}  {hit.url}"), soft_wrap=True)
    if hit.withdrawn is not None:
        gone = shown_time(hit.withdrawn, context.zone)
        words = f"  withdrawn by its site: gone since {gone}"
        context.console.print(Text(words, style="yellow"))
    if hit.copy is not None:
        line = f"  in the copy {hit.copy.id} at {hit.copy.outlet}  {hit.copy.url}"
        context.console.print(Text(printable_line(line)), soft_wrap=True)
    context.console.print(Text("  ") + _highlighted(hit.snippet, hit.snippet_marks))


def _highlighted(text: str, marks: Places, style: str = "") -> Text:
    """Write a text on one line, what was looked for standing out on a terminal."""
    shown, done = Text(style=style), 0
    for start, end in marks:
        shown.append(_line(text[done:start]))
        shown.append(_line(text[start:end]), style=_FOUND)
        done = end
    return shown.append(_line(text[done:]))


def _line(piece: str) -> str:
    """A piece of a text without line ends; spaces at its own ends stay."""
    return printable(re.sub(r"\s+", " ", piece))


def _fields(hit: Hit) -> dict[str, object]:
    copy = {} if hit.copy is None else {"copy": asdict(hit.copy)}
    return copy | {
        "id": hit.id,
        "url": hit.url,
        "title": hit.title,
        "published": to_text(hit.published),
        "first_seen": to_text(hit.first_seen),
        "source": hit.source,
        "withdrawn": to_text(hit.withdrawn),
        "snippet": hit.snippet,
    }
