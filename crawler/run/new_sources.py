"""Sources on their way into the user's config: tried, then written below what is there."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.edit import add_sources
from config.load import load_config
from config.model import Config, Source
from config.places import user_config
from config.tables import write_initial_config
from crawler.run.crawling import run_plain
from crawler.run.source_trial import CheckSpider, TrialResult
from crawler.run.terminal.context import Context
from crawler.run.terminal.logs import set_up_logging
from crawler.text.addresses import canonical_url

_OF_REQUESTS = "scrapy.downloadermiddlewares."


@dataclass(slots=True, kw_only=True)
class NewSource:
    """A `[[source]]` to be written, with the comment above it and what a trial said of it."""

    table: dict[str, object]
    comment: str = ""
    trial: TrialResult | None = None

    @property
    def id(self) -> str:
        return str(self.table["id"])

    def settle(self) -> None:
        """A source that doesn't work from here is declared, and not visited until one says so."""
        if self.trial is not None:
            self.comment += f"; {self.trial.problem or 'it worked'}"
            if self.trial.problem:
                self.table["enabled"] = False


def usable_config(context: Context) -> Config:
    """The config as it is, or the defaults where the file is still to be made."""
    path = context.config_path
    return context.config if path is None or path.is_file() else load_config(None)


def known_source(config: Config, *addresses: str) -> str:
    """Give the id of the source that has one of the addresses already; '' for none."""
    asked = {canonical_url(address) for address in addresses}
    return next((s.id for s in config.source if canonical_url(s.url) in asked), "")


def write_sources(context: Context, new: Sequence[NewSource]) -> Path:
    """Append sources to the user's config, which is made where there is none yet."""
    path = context.config_path or user_config()
    if not path.is_file():
        write_initial_config(path)
        context.errors.print(f"Wrote {path}.", soft_wrap=True)
    add_sources(path, [source.table for source in new], [source.comment for source in new])
    return path


def try_tables(config: Config, tables: Sequence[Mapping[str, object]]) -> list[TrialResult]:
    """Look at sources that are declared nowhere yet. Once a process: Twisted's reactor."""
    return try_sources(config, [Source.model_validate(table) for table in tables])


def quiet_logging() -> None:
    """Leave the words to the report: it has the reason of each request that brought nothing."""
    set_up_logging(live=True)
    for handler in logging.getLogger().handlers:  # by the handler: Scrapy sets its loggers anew
        handler.addFilter(lambda record: not record.name.startswith(_OF_REQUESTS))


def try_sources(config: Config, sources: Sequence[Source]) -> list[TrialResult]:
    """Look at sources as `sources check` does: fetch each and its first page, store nothing."""
    quiet_logging()
    results = [TrialResult(source=source) for source in sources]
    if results:
        run_plain(CheckSpider, config=config, results=results)
    return results
