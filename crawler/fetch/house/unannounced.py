"""Pages that no source announced: filed under the source whose host matches, else their domain."""

from __future__ import annotations

from datetime import datetime

from archive.model import Entry, RawPage, Rejection, SourceState
from archive.sources.declarations import ensure_filing_source
from config.model import Source
from crawler.discover.warc import WarcPage
from crawler.extract.page import Page as FetchedPage
from crawler.fetch.article_pages import ArticlePages
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.house.offers import kind_of
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import Ended, Extracted, PageTask, Rejected, hostname
from crawler.text.addresses import canonical_url, registrable_domain


class Unannounced:
    """`kind` is "page" or "warc": how the rows of unknown domains are marked."""

    def __init__(self, desk: LocalDesk, *, kind: str, clock: Clock):
        self._desk, self._kind, self._clock = desk, kind, clock
        self._by_host = {hostname(source.url): source for source in desk.config.enabled()}

    async def task(self, url: str, *, now: datetime) -> PageTask:
        """The task of fetching this one address, its entry owed in the archive."""
        source = await self._source(url)
        entry = Entry(url=canonical_url(url), raw_url=url)
        return await self._desk.file(entry, source, now=now)

    async def record(self, record: WarcPage, article_pages: ArticlePages) -> Ended:
        """A WARC record through keeping and extraction, as if it had just been fetched."""
        task = await self.task(record.url, now=record.fetched)
        raw = RawPage(
            url=record.url,
            source_id=task.source.id,
            fetched=record.fetched,
            status=record.status,
            headers=record.headers,
            body=record.body,
        )
        page = FetchedPage(
            url=record.url,
            body=record.body,
            content_type=record.content_type,
            fetched=record.fetched,
            source=task.source,
            entry=task.entry,
        )
        outcome = await article_pages.extract(page, task.learned)
        if isinstance(outcome, Rejection):
            return Ended(task, Rejected(rejection=outcome, raw=(raw,)))
        return Ended(
            task,
            Extracted(article=outcome, addresses=(record.url,), raw=(raw,), fetched=record.fetched),
        )

    async def _source(self, url: str) -> Source:
        host = hostname(url)
        if host not in self._by_host:
            self._by_host[host] = await self._domain_row(url)
        return self._by_host[host]

    async def _domain_row(self, url: str) -> Source:
        domain = registrable_domain(url)
        host = f"[{domain}]" if ":" in domain else domain
        home = f"{url.partition('://')[0].lower()}://{host}/"
        now = self._clock.now()
        state = await self._desk.archive.writer.run(
            ensure_filing_source, id=domain, kind=self._kind, url=home, now=now
        )
        return source_of(state)


def source_of(state: SourceState) -> Source:
    """What the archive remembers of a source that no config has."""
    # not validated: what may be a host (IPv6, 200 characters) need not be an id in a config
    return Source.model_construct(
        id=state.id,
        name=state.name,
        url=state.url,
        kind=kind_of(state),
        section=state.section,
        language=state.language,
        enabled=False,
        since="all",
    )
