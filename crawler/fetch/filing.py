"""Pages that no source announced: filed under the source whose host matches, else their domain."""

from __future__ import annotations

from datetime import datetime

from archive import entries as owing
from archive.model import Entry, RawPage, SourceState
from config.model import Source
from crawler.discover.warc import WarcPage
from crawler.extract.page import Page
from crawler.fetch.line import Line
from crawler.fetch.tasks import Fetch, PageItem, hostname
from crawler.text.addresses import canonical_url, registrable_domain


class Filing:
    """`kind` is "page" or "warc": how the rows of unknown domains are marked."""

    def __init__(self, line: Line, kind: str):
        self._line, self._kind = line, kind
        self._by_host = {hostname(source.url): source for source in line.config.enabled()}

    async def task(self, url: str, *, now: datetime) -> Fetch:
        """The task of fetching this one address, its entry owed in the archive."""
        source = await self._source(url)
        entry = Entry(url=canonical_url(url), raw_url=url)
        return Fetch(
            source=source,
            entry=await self._line.writer.run(owing.file_entry, entry, source.id, now=now),
        )

    async def record(self, record: WarcPage) -> PageItem:
        """A WARC record through keeping and extraction, as if it had just been fetched."""
        task = await self.task(record.url, now=record.fetched)
        page_ids = await self._line.readings.keep(
            RawPage(
                url=record.url,
                source_id=task.source.id,
                fetched=record.fetched,
                status=record.status,
                headers=record.headers,
                body=record.body,
            ),
            task,
        )
        page = Page(
            url=record.url,
            body=record.body,
            content_type=record.content_type,
            fetched=record.fetched,
            source=task.source,
            entry=task.entry,
        )
        return PageItem(
            task=task,
            outcome=await self._line.readings.extract(page),
            addresses=(record.url,),
            page_ids=page_ids,
            fetched=record.fetched,
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
        state = await self._line.filing_source(domain, self._kind, home)
        return source_of(state)


def source_of(state: SourceState) -> Source:
    """What the archive remembers of a source that no config has."""
    # not validated: what may be a host (IPv6, 200 characters) need not be an id in a config
    return Source.model_construct(
        id=state.id,
        name=state.name,
        url=state.url,
        kind=state.kind or None,
        section=state.section,
        language=state.language,
        enabled=False,
        since="all",
    )
