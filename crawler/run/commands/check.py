"""`broadsheet sources check`: fetch each source and its first page, archive nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from archive.errors import ConfigError
from config.catalog import CONTACT, as_source, catalog, in_catalog
from config.model import Config, Source
from crawler.run.new_sources import known_source, try_sources, usable_config
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.trial_report import Untried, trial_fields, trial_lines, trial_table


@click.command()
@click.argument("ids", nargs=-1)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Disabled ones too, and all of the catalogue: a table.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_context
def check(context: Context, ids: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Fetch sources and the first page of each, and say what would be archived.

    IDS are those of the config or of the catalogue; without one every enabled source is fetched.
    Nothing is stored. Exit code 3 when a source of yours or its first page can't be read.

    \b
    Examples:
      broadsheet sources check stcn
      broadsheet sources check --all
    """
    if everything and ids:
        raise click.UsageError("--all goes without ids")
    config = usable_config(context)
    sources, skipped = _everything(config) if everything else (_chosen(context, config, ids), [])
    if not sources:
        raise context.no_source()
    click.echo(f"Sources to check: {len(sources)}. Politely, so it may take a moment.", err=True)
    results = try_sources(config, sources)
    if as_json:
        click.echo(json.dumps([trial_fields(r) for r in results], ensure_ascii=False, indent=2))
    elif everything:
        context.console.print(trial_table(results, skipped))
        working = sum(not result.problem for result in results)
        context.console.print(f"{working} of {counted(len(results), 'source')} work from here.")
    else:
        for line in (line for result in results for line in trial_lines(result)):
            context.console.print(line, soft_wrap=True)
    own = {source.id for source in config.source} if everything else {s.id for s in sources}
    if any(result.problem for result in results if result.source.id in own):
        raise click.exceptions.Exit(3)


def _chosen(context: Context, config: Config, ids: Sequence[str]) -> Sequence[Source]:
    known = {source.id for source in config.source}
    entries = {i: entry for i in ids if i not in known and (entry := in_catalog(i))}
    if not entries:
        return context.sources(ids)
    own = {s.id: s for s in context.sources([i for i in ids if i in known])} if known else {}
    unknown = [i for i in ids if i not in own and i not in entries]
    if unknown:
        context.sources(unknown)  # which says what is wrong with it
    values = {CONTACT: config.crawl.contact}
    return [own[i] if i in own else as_source(entries[i], values) for i in dict.fromkeys(ids)]


def _everything(config: Config) -> tuple[list[Source], list[Untried]]:
    """All of the config, and what of the catalogue it hasn't; apart, what has a blank."""
    sources, skipped = list(config.source), list[Untried]()
    taken = {source.id for source in sources}
    for entry in catalog():
        try:
            source = as_source(entry, {CONTACT: config.crawl.contact})
        except ConfigError as error:
            why = f"not tried: {error.problems[0].partition(' has ')[2]}"
            skipped.append((entry.id, str(entry.table["name"]), why))
            continue
        if source.id not in taken and not known_source(config, source.url):
            sources.append(source)
    return sources, skipped
