"""An article from response to item: kept raw, extracted in the pool, joined from its parts."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Response
from twisted.python.failure import Failure

from archive.boilerplate import learned
from archive.looks import Validators
from archive.model import Article, RawPage, Rejection
from archive.pages import PageStore
from archive.writer import Writer
from config.model import Source
from crawler.extract.page import Page
from crawler.fetch.clock import Clock
from crawler.fetch.outcomes import Failed, of_exception, of_status
from crawler.fetch.pool import ExtractionPool
from crawler.fetch.tasks import Fetch, NotModified, PageItem, Reading
from crawler.text.addresses import canonical_url, same_site

MAX_PARTS = 10


class Readings:
    """Turns responses of article pages into items, the next part's request, or a `Failed`."""

    def __init__(
        self, *, writer: Writer, pages: PageStore | None, pool: ExtractionPool, clock: Clock
    ):
        self._writer, self._pages, self._pool, self._clock = writer, pages, pool, clock

    async def begin(self, task: Fetch) -> PageItem | Reading:
        """What a task needs first: its page, or nothing where the item is the article."""
        if task.source.full_content != "feed":
            return Reading(task=task, url=task.url)
        now = self._clock.now()
        outcome = await self._pool.article_of(
            task.entry,
            source=task.source,
            fetched=now,
            boilerplate=await learned_of(task.source, self._writer),
        )
        return PageItem(task=task, outcome=outcome)

    async def answered(self, reading: Reading, response: Response) -> PageItem | Reading | Failed:
        if response.status == 304 and reading.validators:
            return PageItem(task=reading.task, outcome=NotModified())
        failed = of_status(response)
        if failed:
            return self._incomplete(reading) or failed
        page_ids = (*reading.page_ids, *await self._keep(reading, response))
        reading = replace(reading, page_ids=page_ids)
        outcome = await self._extract(reading.task, response)
        if reading.parts and (isinstance(outcome, Rejection) or _led_away(reading, response)):
            return self._joined(reading)  # where this part led to is no address of the article
        reading = _led_by(reading, response)
        if isinstance(outcome, Rejection):
            return self._item(reading, outcome)
        return self._with_part(reading, outcome)

    def failed(self, reading: Reading, failure: Failure) -> PageItem | Failed:
        """The request came to nothing: a hold, a refusal, or the network."""
        return self._incomplete(reading) or of_exception(failure.value)

    def _with_part(self, reading: Reading, part: Article) -> PageItem | Reading:
        reading = replace(reading, parts=(*reading.parts, part))
        following = canonical_url(part.next_page)
        known = {canonical_url(address) for address in (*reading.addresses, *reading.further)}
        if following and following not in known and len(reading.parts) < MAX_PARTS:
            return replace(reading, url=part.next_page)
        return self._joined(reading)

    def _incomplete(self, reading: Reading) -> PageItem | None:
        """The parts before a part that failed: most of an article is better than none of it.

        Of one that is archived whole it would be a revision that nobody made.
        """
        return self._joined(reading) if reading.parts and not reading.task.look else None

    def _joined(self, reading: Reading) -> PageItem:
        from crawler.extract.multipage import join_parts

        return self._item(reading, join_parts(reading.parts))

    def _item(self, reading: Reading, outcome: Article | Rejection) -> PageItem:
        return PageItem(
            task=reading.task,
            outcome=outcome,
            addresses=reading.addresses,
            further=reading.further,
            page_ids=reading.page_ids,
            page=reading.page,
        )

    async def _extract(self, task: Fetch, response: Response) -> Article | Rejection:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        page = Page(
            url=response.url,
            body=response.body,
            content_type=content_type,
            fetched=self._clock.now(),
            source=task.source,
            entry=task.entry,
        )
        return await self.extract(page)

    async def extract(self, page: Page) -> Article | Rejection:
        """Extract a page with what was learned of its source's outlet."""
        boilerplate = await learned_of(page.source, self._writer)
        return await self._pool.extract(replace(page, boilerplate=boilerplate))

    async def _keep(self, reading: Reading, response: Response) -> tuple[int, ...]:
        raw = RawPage(
            url=response.url,
            source_id=reading.task.source.id,
            fetched=self._clock.now(),
            status=response.status,
            headers=_header_pairs(response),
            body=response.body,
        )
        first = reading.page_ids[0] if reading.page_ids else None
        return await self.keep(raw, reading.task, first_id=first)

    async def keep(self, raw: RawPage, task: Fetch, first_id: int | None = None) -> tuple[int, ...]:
        """Store a raw page, and give its id; nothing where `[pages] keep_raw` is off."""
        if self._pages is None:
            return ()
        save, entry_id = self._pages.save, task.entry.id
        return (await self._writer.aside(save, raw, entry_id=entry_id, first_id=first_id),)


async def learned_of(source: Source, writer: Writer) -> frozenset[str]:
    """The lines and images that were learned of the source's outlet; none if it isn't to learn."""
    return await writer.run(learned, source.name) if source.body.learn else frozenset()


def _led_away(reading: Reading, response: Response) -> bool:
    """A further part on another site is none: its address would count as this article's."""
    return not all(same_site(url, reading.addresses[-1]) for url in _addresses(response))


def _led_by(reading: Reading, response: Response) -> Reading:
    """Note the addresses of a part that was read: part 1's alone may name the article."""
    addresses = _addresses(response)
    if reading.parts:
        return replace(reading, further=(*reading.further, *addresses))
    return replace(reading, addresses=addresses, page=_validators(response))


def _validators(response: Response) -> Validators:
    def header(name: str) -> str | None:
        value = response.headers.get(name)
        return value.decode("latin-1") if value else None

    return Validators(url=response.url, etag=header("ETag"), last_modified=header("Last-Modified"))


def _addresses(response: Response) -> tuple[str, ...]:
    """The addresses of this response: redirected ones first, the one that answered last."""
    assert response.request is not None
    hops = response.request.meta.get("redirect_urls", [])
    return (*hops, response.url)


def _header_pairs(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
