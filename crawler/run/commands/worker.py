"""`broadsheet worker`: fetch and read pages for a daemon elsewhere, without archive or config."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

import click

from crawler.run.terminal.broker_options import bodies_option, redis_option
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.logs import log_format_option, set_up_logging

logger = logging.getLogger(__name__)


@click.command()
@redis_option(required=True)
@click.option(
    "--slots",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="How many slots it serves at most; it waits as a spare while others serve them all.",
)
@bodies_option
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
@log_format_option
@pass_context
def worker(
    context: Context, url: str, slots: int, bodies: Path | None, verbose: bool, log_format: str
) -> None:
    """Fetch pages for `broadsheet daemon --redis`, on this machine or any other.

    It needs neither archive nor config: what it must know comes with its tasks. Values "env:NAME"
    of the daemon's config are taken from this process's environment. SIGTERM and Ctrl-C stop
    gracefully: pages in flight are handed over, the rest stays for others.
    """
    from crawler.run.redis.worker import run_worker

    set_up_logging(verbose, form=log_format)
    beside = run_worker(url, slots=slots, bodies=bodies, now=context.now())
    crawl = beside.crawl
    if crawl.supervisor.failure:
        raise Failure(crawl.supervisor.failure)
    if beside.starts_anew:
        logger.info("starts anew")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # ourselves
    logger.info("stopped (%s); %d pages", crawl.close_reason or "at once", beside.pages)
