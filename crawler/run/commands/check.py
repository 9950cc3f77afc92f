"""`broadsheet sources check`: fetch each source and its first page, archive nothing."""

from __future__ import annotations

import click

from crawler.run.crawling import run_plain
from crawler.run.source_trial import CheckSpider, TrialResult
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.logs import set_up_logging
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.terminal import printable_line


@click.command()
@click.argument("ids", nargs=-1)
@pass_context
def check(context: Context, ids: tuple[str, ...]) -> None:
    """Fetch sources and the first page of each, and say what would be archived.

    Nothing is stored. Exit code 3 when a source or its first page can't be read.
    """
    sources = context.sources(ids)
    if not sources:
        raise context.no_source()
    set_up_logging(live=True)
    results = [TrialResult(source=source) for source in sources]
    click.echo(f"Sources to check: {len(results)}. Politely, so it may take a moment.", err=True)
    run_plain(CheckSpider, config=context.config, results=results)
    for result in results:
        _report(context, result)
    if any(result.problem for result in results):
        raise click.exceptions.Exit(3)


def _report(context: Context, result: TrialResult) -> None:
    def say(line: str) -> None:
        context.console.print(line, soft_wrap=True)

    listed = result.listed
    say(f"{result.source.id}: {result.problem or 'ok'}")
    if result.kind and listed.found:
        newest = f", newest {listed.newest:%Y-%m-%d %H:%M %Z}" if listed.newest else ""
        items = f"{counted(listed.found, 'item')}, {len(listed.entries):,} would be announced"
        say(f"  {result.kind}: {items}{newest}")
    if result.left_out and listed.entries:
        say(f"  left out: {result.left_out}")
    if result.clock:
        say(f"  {result.clock}")
    if result.advice:
        say(f"  {result.advice}")
    for sample in result.samples:
        if sample.article is not None:
            length = counted(len(sample.article.text), "character")
            say(f"  first page: {printable_line(sample.article.title)} ({length})")
