"""`broadsheet search`: what the archive has on something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from rich.text import Text

from archive.times import to_text
from crawler.run.context import Context, pass_context
from crawler.run.terminal import one_line

if TYPE_CHECKING:
    from archive.search import Hit


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--all", "copies", is_flag=True, help="Copies at other outlets too.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_context
def search(
    context: Context, query: tuple[str, ...], limit: int, copies: bool, as_json: bool
) -> None:
    """Search titles and texts, best match first.

    All words must occur; "a phrase" as it stands; -word must not (put -- before a query that
    begins with one); a OR b; prefix*. Chinese needs no spaces.
    """
    with context.reader() as archive:
        hits = archive.search(" ".join(query), limit=limit, copies=copies)
    if as_json:
        click.echo(json.dumps([_fields(hit) for hit in hits], ensure_ascii=False, indent=2))
        return
    for hit in hits:
        context.console.print(Text(one_line(hit.title), style="bold"))
        context.console.print(
            Text(f"  {hit.id}  {hit.published:%Y-%m-%d %H:%M}Z  {hit.source}  {hit.url}"),
            soft_wrap=True,
        )
        context.console.print(Text(f"  {one_line(hit.snippet)}"))
    if not hits:
        context.errors.print("Nothing found.")


def _fields(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.id,
        "url": hit.url,
        "title": hit.title,
        "published": to_text(hit.published),
        "source": hit.source,
        "snippet": hit.snippet,
    }
