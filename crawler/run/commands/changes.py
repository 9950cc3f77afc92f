"""`broadsheet changes`: the archive's numbered events, once or as they come."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from rich.text import Text

from archive.asof.changes import change_fields
from archive.database.times import to_text
from archive.model import Change, ChangeKind
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from archive.reader import Archive

_PAUSE_S = 1.0  # between two looks of --follow
_SHOWN = ("reason", "story", "state", "entry")


@click.command()
@click.option(
    "--since", metavar="SEQ", type=click.IntRange(min=0), default=0, help="After this number."
)
@click.option("--follow", is_flag=True, help="Go on with what happens from now on.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in ChangeKind]),
    help="Only events of this kind; may be given several times.",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@pass_context
def changes(
    context: Context,
    since: int,
    follow: bool,
    kinds: tuple[str, ...],
    limit: int | None,
    as_json: bool,
) -> None:
    """List what happened to articles, oldest first: each event once, by its number.

    Who keeps the last number that he got, and asks --since it, gets every event once.
    """
    wanted = [ChangeKind(kind) for kind in kinds]
    with context.reader() as archive:
        for change in _events(archive, since, wanted, limit=limit, follow=follow):
            if as_json:
                click.echo(json.dumps(change_fields(change), ensure_ascii=False))
            else:
                context.console.print(Text(_line(change)), soft_wrap=True)


def _events(
    archive: Archive, since: int, kinds: list[ChangeKind], *, limit: int | None, follow: bool
) -> Iterator[Change]:
    left = limit
    while True:
        for change in archive.changes(since, kinds=kinds, limit=left):
            yield change
            since = change.seq
            left = None if left is None else left - 1
        if not follow or left == 0:
            return
        time.sleep(_PAUSE_S)


def _line(change: Change) -> str:
    what = "" if change.article_id is None else f" article {change.article_id}"
    number = "" if change.number is None else f" v{change.number}"
    beside = [
        f"{name} {change.detail[name]}" for name in _SHOWN if change.detail.get(name) is not None
    ]
    was = ", ".join(change.detail.get("was", {}))
    words = "; ".join([*beside, *([f"changed: {was}"] if was else [])])
    head = f"{change.seq} {to_text(change.at)} {change.kind.value}{what}{number}"
    return printable_line(f"{head} {words}".rstrip())
