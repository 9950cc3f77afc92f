"""`broadsheet sources import · export`: the sources as OPML, from and to feed readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from archive.errors import UnreadableList
from config.model import Config, Source
from crawler.discover.site.declaration import free_id, outlet_name
from crawler.run.formats.opml import Outline, read_opml, write_opml
from crawler.run.new_sources import (
    NewSource,
    known_source,
    try_tables,
    usable_config,
    write_sources,
)
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.terminal import printable_line
from crawler.run.terminal.trial_report import trial_lines
from crawler.text.addresses import canonical_url, registrable_domain, same_site

_MOST_BYTES = 20 * 10**6
_NOT_IN_OPML = ("hosts", "headers", "cookies", "list", "body", "include", "exclude", "witness")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Try each; what doesn't work is declared disabled.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, change nothing.")
@pass_context
def import_list(context: Context, file: Path, check: bool, dry_run: bool) -> None:
    """Add the feeds of an OPML file, as feed readers export it, to the config.

    A folder is the `section` of what lies in it, a title the outlet's name. What is configured
    already is left out.

    \b
    Examples:
      broadsheet sources import feedly.opml --check
    """
    config = usable_config(context)
    outlines = _read(file)
    new, known, wrong = _new_sources(context, config, outlines, file.name)
    if check and new and not dry_run:
        click.echo(f"Trying {counted(len(new), 'source')} from here.", err=True)
        for source, trial in zip(new, try_tables(config, [n.table for n in new]), strict=True):
            source.trial = trial
            source.settle()
            for line in trial_lines(trial):
                context.console.print(line, soft_wrap=True)
    for line in wrong:
        context.errors.print(line, soft_wrap=True)
    where = "would be added"
    if new and not dry_run:
        where = f"added to {write_sources(context, new)}"
    disabled = sum(source.table.get("enabled") is False for source in new)
    words = f"{counted(len(new), 'source')} {where}, {len(known)} known already"
    words += f", {disabled} of them disabled" if disabled else ""
    context.console.print(f"{words}, {len(wrong)} refused.", soft_wrap=True)
    if dry_run:
        for source in new:
            line = f"{source.id}: {source.table['name']}, {source.table['url']}"
            context.console.print(f"  {printable_line(line)}", soft_wrap=True)


def _read(file: Path) -> list[Outline]:
    if file.stat().st_size > _MOST_BYTES:
        raise Failure(f"{file}: over {_MOST_BYTES / 1e6:.0f} MB; no list of feeds is that long")
    try:
        return read_opml(file.read_bytes())
    except UnreadableList as error:
        raise Failure(f"{file}: {error}; nothing was changed", exit_code=2) from error


def _new_sources(
    context: Context, config: Config, outlines: Sequence[Outline], file: str
) -> tuple[list[NewSource], list[str], list[str]]:
    """Give what is new, the ids of what is known already, and what is refused, with its reason."""
    new, known, wrong = list[NewSource](), list[str](), list[str]()
    addresses: set[str] = set()
    for outline in outlines:
        if found := known_source(config, outline.url):
            known.append(found)
        elif canonical_url(outline.url) in addresses:
            known.append(outline.url)
        else:
            table = _table(outline, config, [source.table for source in new])
            try:
                Source.model_validate(table)
            except ValidationError as error:
                why = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
                wrong.append(printable_line(f"refused {outline.url}: {why}"))
                continue
            addresses.add(canonical_url(outline.url))
            comment = f"imported {context.now():%Y-%m-%d} from {file}"
            new.append(NewSource(table=table, comment=comment))
    return new, known, wrong


def _table(
    outline: Outline, config: Config, before: Sequence[dict[str, object]]
) -> dict[str, object]:
    """One `[[source]]`. Two of a site are one outlet, by the name that the first of them has."""
    kept = dict(outline.kept)
    taken = {source.id for source in config.source} | {str(table["id"]) for table in before}
    names = [(s.url, s.name) for s in config.source]
    names += [(str(table["url"]), str(table["name"])) for table in before]
    title = outline.title if kept else outlet_name(outline.title)
    of_site = next((name for url, name in names if same_site(url, outline.url)), "")
    outlet = (title if kept else of_site or title) or registrable_domain(outline.url) or "?"
    own_id = kept.pop("id", "")
    source_id = own_id if own_id and own_id not in taken else free_id(outline.url, outlet, taken)
    table: dict[str, object] = {"id": source_id, "name": outlet, "url": outline.url}
    if outline.folder:
        table["section"] = outline.folder
    return table | kept


@click.command("export")
@click.option("--opml", is_flag=True, expose_value=False, help="As OPML: the one form there is.")
@click.argument("out", default="-", type=click.Path(dir_okay=False, allow_dash=True))
@pass_context
def export_list(context: Context, out: str) -> None:
    """Write the sources as OPML, for a feed reader or another Broadsheet; `-` is stdout.

    \b
    Examples:
      broadsheet sources export --opml sources.opml
    """
    sources = context.config_as_written.source
    document = write_opml(sources, now=context.now())
    if out == "-":
        click.echo(document, nl=False)
    else:
        Path(out).write_bytes(document)
        context.console.print(f"{counted(len(sources), 'source')} in {out}.", soft_wrap=True)
    for source_id, keys in _left_out(sources):
        words = f"{source_id}: OPML has no place for {', '.join(keys)}; the config has them"
        context.errors.print(words, soft_wrap=True)


def _left_out(sources: Sequence[Source]) -> Iterator[tuple[str, list[str]]]:
    for source in sources:
        keys = [key for key in _NOT_IN_OPML if key in source.model_fields_set]
        if keys:
            yield source.id, keys
