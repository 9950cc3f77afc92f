"""`broadsheet daemon`: every source on its schedule, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import logging
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.run.terminal.broker_options import bodies_option, redis_option
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.logs import log_format_option
from crawler.run.terminal.plurals import they_are

if TYPE_CHECKING:
    from crawler.fetch.crawl import Crawl
    from crawler.run.redis.house.distribution import Distribution

logger = logging.getLogger(__name__)

_BY_SIGNAL = ("shutdown", "")  # "": by a second signal, nothing was closed


@click.command()
@redis_option(required=False)
@click.option(
    "--slots",
    type=click.IntRange(1, 256),
    default=4,
    show_default=True,
    help="With --redis: in how many parts the hosts are divided, each for one worker at a time."
    " Another number than before waits until the workers have let go of those of before.",
)
@bodies_option
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
@log_format_option
@pass_context
def daemon(
    context: Context,
    url: str | None,
    slots: int,
    bodies: Path | None,
    verbose: bool,
    log_format: str,
) -> None:
    """Visit every enabled source on its schedule and archive what it announces.

    SIGTERM and Ctrl-C stop gracefully: pages in flight are stored, the rest stays owed; [daemon]
    stop_timeout bounds it, and a second signal stops at once. A changed config file takes effect
    by itself, and on SIGHUP. While the daemon runs, `broadsheet crawl` asks it to visit now.

    With --redis it fetches nothing itself: `broadsheet worker` does, on any machine.
    """
    from crawler.run.terminal.logs import set_up_logging

    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the daemon can reload
    set_up_logging(verbose, form=log_format)
    crawl = _run(context, _distribution(context, url, slots, bodies))
    if crawl.supervisor.archive_error or crawl.supervisor.fatal:
        raise Failure(crawl.supervisor.archive_error or crawl.supervisor.fatal)
    if crawl.close_reason not in _BY_SIGNAL:
        raise Failure(f"the crawl ended by itself ({crawl.close_reason}); the log above says why")
    logger.info(
        "stopped (%s); %s owed",
        crawl.close_reason or "at once",
        they_are(crawl.house.owed_left, "entry"),
    )


def _distribution(
    context: Context, url: str | None, slots: int, bodies: Path | None
) -> Distribution | None:
    if url is None:
        return None
    from crawler.run.redis.house.distribution import BrokerSetup, Distribution

    return Distribution(BrokerSetup(url=url, slots=slots, bodies=bodies), context.config_as_written)


def _run(context: Context, distribution: Distribution | None) -> Crawl:
    from crawler.fetch.options import Options
    from crawler.run.crawling import run_spider
    from crawler.run.daemon.channels import make_channels
    from crawler.run.daemon.daemon import Daemon
    from crawler.run.daemon.schedule import load_markets

    if context.config_path is None:
        raise context.no_source()
    daemon = Daemon(context.config_path, distribution)
    sources = context.config.enabled()
    if not sources:
        raise context.no_source()
    load_markets(context.config)
    make_channels(context.config.health)
    options = Options(
        config=context.config,
        data=context.data,
        markdown_dir=context.markdown_dir,
        plugins=context.plugins,
        sources=sources,
        poll=False,
        endless=True,
        command="broadsheet daemon",
    )
    return run_spider("news", options, on_crawler=daemon.attach)
