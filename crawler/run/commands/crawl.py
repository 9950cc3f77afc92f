"""`broadsheet crawl`: one pass over the sources, with progress and a summary."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from archive.errors import BroadsheetError
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.logs import log_format_option

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from config.model import Source
    from crawler.fetch.crawl import Crawl
    from crawler.run.terminal.progress import Progress

REFRESH_S = 0.25
UNREADABLE, INTERRUPTED = 3, 130
_WHAT_TO_DO = "make room, or see `broadsheet verify`; then `broadsheet crawl` again"


@click.command()
@click.argument("sources", nargs=-1)
@click.option(
    "--since", metavar="DATE", help="Announce items from DATE on: 2026-11-23, 30d, or 'all'."
)
@click.option("--retry", is_flag=True, help="Fetch all owed entries now, also those not yet due.")
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as a JSON object.")
@log_format_option
@pass_context
def crawl(
    context: Context,
    sources: tuple[str, ...],
    since: str | None,
    retry: bool,
    verbose: bool,
    as_json: bool,
    log_format: str,
) -> None:
    """Visit SOURCES (default: all enabled ones) once and archive what they announce.

    Entries still owed from earlier crawls are fetched too, once their time has come. Ctrl-C stops
    gracefully: pages in flight are stored, the rest stays owed.

    Beside a daemon it asks that one to visit now, and follows; Ctrl-C ends only the following.
    """
    from rich.console import Console

    from crawler.run.daemon.daemon_client import find_daemon, follow
    from crawler.run.daemon.daemon_socket import Request
    from crawler.run.terminal.logs import set_up_logging

    chosen = _since(context.sources(sources), since)
    if not chosen:
        raise context.no_source()
    if log_format == "json":
        context.errors = Console(quiet=True, force_terminal=False)  # the log alone is on stderr
    set_up_logging(verbose, live=context.errors.is_terminal, form=log_format)
    daemon = find_daemon(context.data)
    if daemon is not None:
        followed = follow(
            context, daemon, Request(sources=sources, since=since, retry=retry), as_json=as_json
        )
        raise click.exceptions.Exit(0 if followed.all_answered() else UNREADABLE)
    _finish(*_run(context, chosen, retry=retry, as_json=as_json))


def _finish(crawl: Crawl, progress: Progress) -> None:
    """Print the summary, and end with the exit code that the crawl has earned."""
    interrupted = crawl.close_reason in ("shutdown", "")  # "": a second signal, nothing was closed
    house = crawl.house
    progress.finish(house.owed_left, house.owed_until, interrupted, images=house.images_owed)
    if crawl.supervisor.archive_error:
        raise Failure(f"{crawl.supervisor.archive_error}; {_WHAT_TO_DO}")
    if crawl.supervisor.fatal:
        raise Failure(crawl.supervisor.fatal)
    if crawl.house.books.unwritten:
        raise Failure(crawl.house.books.unwritten)
    if interrupted:
        raise click.exceptions.Exit(INTERRUPTED)
    if not crawl.house.tallies.all_answered():
        raise click.exceptions.Exit(UNREADABLE)


def _since(sources: tuple[Source, ...], since: str | None) -> tuple[Source, ...]:
    if since is None:
        return sources
    from config.moments import read_since

    try:
        value = read_since(since)
    except ValueError as error:
        raise Failure(f"--since {since}: {error}", exit_code=2) from error
    return tuple(source.model_copy(update={"since": value}) for source in sources)


def _run(
    context: Context, sources: tuple[Source, ...], *, retry: bool, as_json: bool
) -> tuple[Crawl, Progress]:
    from config.places import shared_data
    from crawler.fetch.options import Options
    from crawler.run.crawling import run_spider
    from crawler.run.terminal.progress import Progress

    options = Options(
        config=context.config,
        data=context.data,
        markdown_dir=context.markdown_dir,
        plugins=context.plugins,
        sources=sources,
        retry_all=retry,
        command="broadsheet crawl",
    )
    if words := shared_data(context.config_path, context.data):
        context.errors.print(f"broadsheet: {words}", soft_wrap=True)
    shown: list[Progress] = []

    def show(crawler: Crawler) -> None:
        from crawler.fetch.crawl import crawl_opened

        def start(crawl: Crawl) -> None:
            progress = Progress(
                crawl.house.tallies,
                console=context.console,
                errors=context.errors,
                as_json=as_json,
            )
            shown.append(progress)
            keep_refreshing(progress, crawl)

        crawler.signals.connect(start, crawl_opened, weak=False)

    try:
        crawl = run_spider("news", options, on_crawler=show)
    except BaseException:
        for progress in shown:
            progress.close()
        raise
    if not shown:
        if crawl.close_reason == "shutdown":  # Ctrl-C while it began
            raise click.exceptions.Exit(INTERRUPTED)
        words = "the crawl ended before it began; the log above says why"
        raise Failure(crawl.supervisor.failure or words)
    return crawl, shown[0]


def keep_refreshing(progress: Progress, crawl: Crawl) -> None:
    """Refresh in the crawl's own loop until it closes; a reader that went away stops the crawl."""

    async def refresh() -> None:
        from archive.entries.owed import owed_count

        ids = tuple(source.id for source in crawl.house.sources)
        while not crawl.close_reason:
            waiting = await crawl.house.archive.reader.run(owed_count, ids)
            try:
                progress.refresh(waiting)
            except SystemExit as error:  # rich's answer to a broken pipe: it would end the loop
                raise BroadsheetError("nobody reads its output any more") from error
            await asyncio.sleep(REFRESH_S)

    crawl.supervisor.supervised("progress", refresh())
