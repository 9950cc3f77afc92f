"""`broadsheet daemon`: every source on its schedule, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from crawler.run.context import Context, Failure, pass_context

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.fetch.line import Line

logger = logging.getLogger(__name__)


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
@pass_context
def daemon(context: Context, verbose: bool) -> None:
    """Visit every enabled source on its schedule and archive what it announces.

    SIGTERM and Ctrl-C stop gracefully: pages in flight are stored, the rest stays owed. A second
    signal stops at once.
    """
    from crawler.fetch.options import Options
    from crawler.run.crawling import run_spider
    from crawler.run.logs import set_up_logging

    set_up_logging(verbose)
    sources = context.config.enabled()
    if not sources:
        raise context.no_source()
    options = Options(
        config=context.config,
        data=context.data,
        markdown_dir=context.markdown_dir,
        sources=sources,
        poll=False,
        endless=True,
        command="broadsheet daemon",
    )
    line = run_spider("news", options, on_crawler=_schedule)
    if line.mishaps.archive_error:
        raise Failure(line.mishaps.archive_error)
    logger.info("stopped (%s); %d entries are owed", line.close_reason, line.owed_left)


def _schedule(crawler: Crawler) -> None:
    from scrapy import signals

    from archive.sources import source_states
    from crawler.fetch.line import line_opened
    from crawler.run.schedule import add_sources, make_scheduler

    scheduler = make_scheduler()

    def start(line: Line) -> None:
        states = {state.id: state for state in line.writer.call(source_states)}
        add_sources(scheduler, line.config, states, line.work.poll, line.clock.now())
        scheduler.start()
        scheduled = len(line.config.enabled())
        logger.info("sources on schedule: %d; archive in %s", scheduled, line.options.data)

    def stop() -> None:
        if scheduler.running:
            scheduler.shutdown(wait=False)

    crawler.signals.connect(start, line_opened, weak=False)
    crawler.signals.connect(stop, signals.spider_closed, weak=False)
