"""`broadsheet sources catalog`: the known sources, each with where it was seen."""

from __future__ import annotations

import json

import click

from config.catalog import CatalogEntry, matching
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.tables import FittedTable, identity, name, phrase


@click.command("catalog")
@click.argument("words", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_context
def list_catalog(context: Context, words: tuple[str, ...], as_json: bool) -> None:
    """List known sources, all or those in which all WORDS occur.

    They were found in public files, and nobody checked them: `sources check NAME` tells whether one
    works from here, `sources add NAME` declares it.

    \b
    Examples:
      broadsheet sources catalog
      broadsheet sources catalog 证券
      broadsheet sources catalog sec press
    """
    entries = matching(words)
    if as_json:
        rows = [dict(e.table) | _own(e) for e in entries]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif entries:
        context.console.print(_table(entries))
    else:
        context.errors.print("Nothing of the kind is in the catalogue.")


def _own(entry: CatalogEntry) -> dict[str, object]:
    return {
        "blanks": list(entry.blanks),
        "seen": entry.seen,
        "checked": entry.checked,
        "note": entry.note,
    }


def _table(entries: list[CatalogEntry]) -> FittedTable:
    table = FittedTable(
        [
            identity("name"),
            name("outlet"),
            identity("kind", 3),
            phrase("section", 2),
            identity("fill in", 1),
            identity("checked", 4),
            phrase("seen in", 5),
        ]
    )
    for entry in entries:
        table.add_row(
            entry.id,
            str(entry.table["name"]),
            str(entry.table["kind"]),
            str(entry.table.get("section", "")),
            ", ".join(entry.blanks),
            entry.checked,
            entry.seen,
        )
    return table
