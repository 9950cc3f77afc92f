"""What a crawl is to do, whichever command started it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scrapy.settings import BaseSettings

import crawler.settings
from archive.errors import UnknownSource
from config.load import load_config
from config.model import Config, CrawlSettings, Kind, Source
from config.places import find_config, find_data, find_markdown, find_plugins
from crawler.fetch.desk import Desk

_COMPONENTS = ("ITEM_PIPELINES", "DOWNLOADER_MIDDLEWARES", "EXTENSIONS")
SETTING = "BROADSHEET"  # holds the Options that a command made
SOURCE_BYTES = "BROADSHEET_SOURCE_BYTES"  # that a source may send in a day
PROXY = "BROADSHEET_PROXY"  # the user's proxy; "" for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`sources` are those whose polls and owed entries this crawl may touch."""

    config: Config
    data: Path
    markdown_dir: Path
    sources: tuple[Source, ...] = ()
    poll: bool = True  # visit every source once at the start
    retry_all: bool = False  # take owed entries whose time has not come, too
    endless: bool = False
    kinds: tuple[Kind, ...] = ()  # only sources that are, or turned out to be, of these; () is any
    exits: bool = False  # an archive that can't be opened ends the process with words
    plugins: Path | None = None  # the folder of a person's own code
    desk: Desk | None = None  # None: the local one, which opens the archive in `data`
    domains: int = 0  # of all sources, where the config has none: a worker's (see OwnClock)
    command: str = field(default_factory=lambda: " ".join(["scrapy", *sys.argv[1:]])[:200])

    def __deepcopy__(self, memo: object) -> Options:
        """Scrapy copies its settings, in which this lies; there is one desk."""
        return self


def options_from_arguments(
    settings: BaseSettings, arguments: Mapping[str, str], kinds: tuple[Kind, ...]
) -> Options:
    """The options of a plain `scrapy crawl`: spider arguments, else the environment."""
    given: Options | None = settings.get(SETTING)
    if given is not None:
        return given
    path = find_config(arguments.get("config"), os.environ, Path.cwd())
    config = load_config(path)
    data = find_data(arguments.get("data"), os.environ, config.archive.dir, path, Path.cwd())
    named = [part.strip() for part in arguments.get("source", "").split(",") if part.strip()]
    return Options(
        config=config,
        data=data,
        markdown_dir=find_markdown(config.markdown.dir, path, data),
        plugins=find_plugins(config.crawl.plugins, path),
        sources=_chosen(config, named) if kinds else (),
        poll=bool(kinds),
        kinds=() if named else kinds,
        exits=True,
    )


def options_for_source(
    settings: BaseSettings, arguments: Mapping[str, str], source_id: str
) -> Options:
    """The options of a spider that brings its own pages: this source's owed entries alone, the
    source disabled or not."""
    options = options_from_arguments(settings, arguments, ())
    return replace(options, sources=_chosen(options.config, [source_id]), poll=False)


def _user_agent(crawl: CrawlSettings) -> str:
    """The User-Agent with the contact in its place; without one, without its brackets."""
    if crawl.contact:
        return crawl.user_agent.replace("{contact}", crawl.contact)
    return crawl.user_agent.replace("(+{contact})", "").replace("{contact}", "").strip()


def _chosen(config: Config, named: Sequence[str]) -> tuple[Source, ...]:
    """The named sources; without a name every enabled one."""
    missing = [source_id for source_id in named if config.by_id(source_id) is None]
    if missing:
        raise UnknownSource(f"unknown source: {', '.join(missing)} (see `broadsheet sources list`)")
    if not named:
        return config.enabled()
    return tuple(source for source in config.source if source.id in named)


def daemon_settings(config: Config) -> dict[str, object]:
    """Reaching the limit is a warning to Scrapy, on whose signal the daemon stops: Scrapy's own
    stop at a limit goes on handing out work and knows no bound."""
    return {
        "MEMUSAGE_LIMIT_MB": 0,
        "MEMUSAGE_WARNING_MB": config.daemon.memory_limit_mb,
        "MEMUSAGE_CHECK_INTERVAL_SECONDS": 15,
    }


def lay_settings(settings: BaseSettings, config: Config, *, endless: bool) -> None:
    """Lay the user's `[crawl]` over Scrapy's settings."""
    daemon = daemon_settings(config) if endless else {}
    for name, value in {**scrapy_settings(config), **daemon}.items():
        settings.set(name, value, priority="spider")
    keep_components(settings)


def keep_components(settings: BaseSettings) -> None:
    """Put back what a person's own pipelines and middlewares replaced: Scrapy takes a spider's or a
    command's dict for the whole. One that is named there, None included, stays as it is named."""
    for name in _COMPONENTS:
        both = {**getattr(crawler.settings, name), **settings.getdict(name)}
        settings.set(name, both, priority="cmdline")


def scrapy_settings(config: Config) -> dict[str, object]:
    """The user's `[crawl]` in Scrapy's words."""
    crawl = config.crawl
    return {
        "USER_AGENT": _user_agent(crawl),
        "ROBOTSTXT_OBEY": crawl.obey_robots,
        "DOWNLOAD_DELAY": crawl.download_delay_s,
        # counts requests that wait out a delay; Work bounds those in transfer
        "CONCURRENT_REQUESTS": 4 * crawl.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.per_host,
        "DOWNLOAD_TIMEOUT": crawl.timeout_s,
        "DOWNLOAD_MAXSIZE": int(crawl.max_page_mb * 2**20),
        "HTTPPROXY_ENABLED": bool(crawl.proxy),
        PROXY: crawl.proxy,
        SOURCE_BYTES: int(crawl.max_source_gb * 1e9),
    }
