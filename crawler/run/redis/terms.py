"""What every worker must know, whatever its task: laid at the broker by the daemon.

A worker has no config; the `[crawl]` of the daemon is its own. "env:NAME" stays as it is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.metadata import version
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from archive.errors import BrokerError
from config.model import Config, CrawlSettings, DaemonSettings, PagesSettings
from crawler.fetch.desk import VERSION
from crawler.run.redis.broker import TERMS, Broker
from crawler.text.addresses import domains_among
from crawler.timing.server_clocks import HOSTS


class WorkerTerms(BaseModel):
    """`slots`: in how many parts the hosts are divided."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int  # of the messages
    release: str
    slots: int
    crawl: dict[str, object]  # as the config has them
    daemon: dict[str, object]
    keep_raw: bool
    domains: int  # of the sources, as far as it matters (see `OwnClock`)

    @classmethod
    def of(cls, as_written: Config, *, slots: int) -> Self:
        """Raises BrokerError where something secret would lie at the broker."""
        proxy = as_written.crawl.proxy
        if "@" in proxy and not proxy.startswith("env:"):
            raise BrokerError(
                "[crawl] proxy holds a password, which must not lie at the broker: put it into an"
                ' environment variable of the daemon and every worker, and write "env:NAME"'
            )
        return cls(
            version=VERSION,
            release=version("broadsheet"),
            slots=slots,
            crawl=as_written.crawl.model_dump(mode="json"),
            daemon=as_written.daemon.model_dump(mode="json", exclude={"status"}),
            keep_raw=as_written.pages.keep_raw,
            domains=domains_among((source.url for source in as_written.enabled()), HOSTS),
        )

    def config(self, environ: Mapping[str, str] = os.environ) -> Config:
        """The config of a worker. Raises BrokerError for a variable that is not set here."""
        try:
            crawl = CrawlSettings.model_validate(self.crawl)
            daemon = DaemonSettings.model_validate(self.daemon)
        except ValidationError as error:
            raise BrokerError(f"what the daemon laid down for workers: {error}") from error
        if crawl.proxy.startswith("env:"):
            name = crawl.proxy.removeprefix("env:")
            proxy = environ.get(name, "").strip()
            if not proxy:
                raise BrokerError(f"[crawl] proxy: the environment variable {name} is not set here")
            crawl = crawl.model_copy(update={"proxy": proxy})
        pages = PagesSettings(keep_raw=self.keep_raw)
        return Config(crawl=crawl, daemon=daemon, pages=pages)

    async def lay(self, broker: Broker) -> None:
        await broker.redis.set(TERMS, self.model_dump_json())


async def laid_slots(broker: Broker) -> int | None:
    """The number of slots that the last daemon laid down; None where none did."""
    text = await broker.redis.get(TERMS)
    try:
        return int(json.loads(text)["slots"]) if text else None
    except (ValueError, KeyError, TypeError):
        return None


async def laid_terms(broker: Broker) -> WorkerTerms | None:
    """The terms that lie at the broker, None while no daemon has run there.

    Raises BrokerError for those of another release.
    """
    text = await broker.redis.get(TERMS)
    if text is None:
        return None
    found = _fields(text)
    spoken, release = found.get("version"), found.get("release")
    if spoken != VERSION:
        raise BrokerError(
            f"the daemon at {broker.place} is release {release} and speaks version {spoken}, this"
            f" worker is {version('broadsheet')} and speaks {VERSION}: install the same release"
        )
    try:
        return WorkerTerms.model_validate_json(text)
    except ValidationError as error:
        raise BrokerError(f"what the daemon laid at {broker.place} is unreadable") from error


def _fields(text: bytes) -> dict[str, object]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
