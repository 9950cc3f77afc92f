"""An article's page at the worker, from response to outcome: extracted in the pool, joined from
its parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from scrapy.http import Response
from twisted.python.failure import Failure

from archive.model import Article, Entry, RawPage, Rejection, Validators
from crawler.extract.multipage import join_parts
from crawler.extract.page import Page as FetchedPage
from crawler.extract.page import refuse_length
from crawler.fetch.browser.chromium import has_browser
from crawler.fetch.http.clock import Clock
from crawler.fetch.http.cut_answers import cut_digest
from crawler.fetch.http.headers import header_texts
from crawler.fetch.http.outcomes import NOT_MADE, Failed, of_status
from crawler.fetch.http.own_clock import OwnClock
from crawler.fetch.tasks import (
    Closed,
    Extracted,
    Fetching,
    NotModified,
    PageOutcome,
    Postponed,
    Recheck,
    Rejected,
)
from crawler.fetch.visits import answered_of, validators_of
from crawler.fetch.workers.pool import ExtractionPool
from crawler.text.addresses import canonical_url, same_site

MAX_PARTS = 10
CUT_TWICE = "shorter than its Content-Length, but complete, and the same twice"
LATELY = timedelta(days=3)  # of what a wrong clock announced

Learned = Callable[[str], Awaitable[frozenset[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFetch:
    """An article on its way, part by part."""

    task: Fetching
    url: str  # what to fetch next
    parts: tuple[Article, ...] = ()
    addresses: tuple[str, ...] = ()  # every address that led to part 1
    further: tuple[str, ...] = ()  # and to the other parts
    raw: tuple[RawPage, ...] = ()
    page: Validators | None = None  # of part 1, once it came
    cut: str = ""  # digest of an answer that ended too early: the next one decides
    cut_twice: bool = False  # an answer ended too early, and the next one in the same way
    rendered: bool = False  # by a browser
    first: PageOutcome | None = None  # of the announced address: now the other one is asked
    priority = 10  # an article that is known goes before a new visit
    max_bytes = None

    @property
    def validators(self) -> Validators | None:
        """What the first request of a recheck asks with."""
        return None if self.parts or self.rendered else self.task.validators


class ArticlePages:
    """Turns the responses of article pages into outcomes, or the request for the next part."""

    def __init__(
        self,
        *,
        pool: ExtractionPool,
        clock: Clock,
        own_clock: OwnClock,
        learned: Learned,
        keep_raw: bool,
        by_proxy: bool = False,
    ):
        self._pool, self._clock, self._own_clock = pool, clock, own_clock
        self._learned, self._keep_raw, self._by_proxy = learned, keep_raw, by_proxy

    async def begin(self, task: Fetching) -> ArticleFetch | PageOutcome:
        """What a task needs first: its page, or nothing where the item is the article."""
        if task.source.full_content != "feed":
            rendered = task.source.render == "playwright"
            return ArticleFetch(task=task, url=task.url, rendered=rendered)
        outcome = await self._pool.article_of(
            self._entry(task),
            source=task.source,
            fetched=self._clock.now() + self._own_clock.ahead,
            boilerplate=await self._learned(task.learned),
        )
        if isinstance(outcome, Rejection):
            return Rejected(rejection=outcome)
        return Extracted(article=outcome)

    async def answered(
        self, reading: ArticleFetch, response: Response
    ) -> ArticleFetch | PageOutcome:
        if response.status == 304 and reading.validators:
            now = self._clock.now()
            answered = answered_of(response, now=now, ahead=self._own_clock.ahead)
            return NotModified(at=now, seconds=0.0, answered=answered)
        if response.status != 200 and (failed := of_status(response)) is not None:
            return await self._unread(reading, failed)
        # one that was cut, and not before, is asked for again: it doesn't come here
        cut_twice = reading.cut_twice or (reading.cut != "" and cut_digest(response) != "")
        raw = (*reading.raw, *self._kept(reading.task, response))
        reading = replace(reading, cut="", cut_twice=cut_twice, raw=raw)
        outcome = await self.extract(self._page(reading.task, response), reading.task.learned)
        if isinstance(outcome, Rejection) and outcome.scripted:
            if self._may_be_rendered(reading):
                return _shown_to_a_browser(reading, outcome)
            outcome = _filled_by_script(outcome)
        if reading.parts and (isinstance(outcome, Rejection) or _led_away(reading, response)):
            return _joined(reading)  # where this part led to is no address of the article
        reading = _led_by(reading, response)
        if isinstance(outcome, Rejection):
            return _otherwise(reading, Rejected(rejection=outcome, raw=reading.raw))
        if outcome.is_of_feed:  # it stands in: where a redirect led is no address of the article
            page = reading.page if len(reading.addresses) == 1 else None
            return Extracted(article=outcome, page=page, raw=reading.raw)
        return _with_part(reading, outcome)

    async def failed(self, reading: ArticleFetch, failure: Failure) -> ArticleFetch | PageOutcome:
        """The request came to nothing: a hold, a refusal, or the network."""
        return await self._unread(reading, self._own_clock.failed(failure))

    async def extract(self, page: FetchedPage, learned: str) -> Article | Rejection:
        """Extract a page with what was learned of its source's outlet."""
        if learned:
            page = replace(page, boilerplate=await self._learned(learned))
        return await self._pool.extract(page)

    async def _unread(self, reading: ArticleFetch, failed: Failed) -> ArticleFetch | PageOutcome:
        """The parts before this one: most of an article is better than none of it. Of one that is
        archived whole it would be a revision that nobody made."""
        if reading.parts and not isinstance(reading.task, Recheck):
            return _joined(reading)
        return _otherwise(reading, await self.given_up(reading.task, failed))

    async def given_up(self, task: Fetching, failed: Failed) -> PageOutcome:
        """No page came: the feed's full text stands in, or it is asked for again, or given up."""
        if isinstance(task, Recheck):
            return Closed(failed=failed) if failed.final else Postponed(failed=failed)
        if (failed.final or task.last) and failed.weight > NOT_MADE:
            article = await self._pool.stand_in(
                self._entry(task),
                source=task.source,
                fetched=self._clock.now() + self._own_clock.ahead,
                boilerplate=await self._learned(task.learned),
            )
            if article is not None:
                return Extracted(article=article)
        return Closed(failed=failed) if failed.final else Postponed(failed=failed)

    def _page(self, task: Fetching, response: Response) -> FetchedPage:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return FetchedPage(
            url=response.url,
            body=response.body,
            content_type=content_type,
            fetched=self._clock.now() + self._own_clock.ahead,
            source=task.source,
            entry=self._entry(task) if self._own_clock.ahead else task.entry,
        )

    def _entry(self, task: Fetching) -> Entry:
        """The entry as it is to be read. What our clock announced lately while it is wrong counts
        as announced now: that time is an article's, where nothing else is told."""
        entry, ahead = task.entry, self._own_clock.ahead
        if entry.announced is None:
            return entry
        is_by_this_clock = abs(self._clock.now() - entry.announced) < min(abs(ahead), LATELY)
        return replace(entry, announced=entry.announced + ahead) if is_by_this_clock else entry

    def _may_be_rendered(self, reading: ArticleFetch) -> bool:
        """Tell whether a browser is asked for what a script fills, and was not yet."""
        wanted = reading.task.source.render == "auto" and not reading.rendered
        return wanted and not self._by_proxy and has_browser()

    def _kept(self, task: Fetching, response: Response) -> tuple[RawPage, ...]:
        """The raw page, where `[pages] keep_raw` is on."""
        if not self._keep_raw:
            return ()
        raw = RawPage(
            url=response.url,
            source_id=task.source.id,
            fetched=self._clock.now() + self._own_clock.ahead,  # by which it is pruned
            status=response.status,
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, values in response.headers.items()
                for value in values
            ),
            body=response.body,
        )
        return (raw,)


def _shown_to_a_browser(reading: ArticleFetch, outcome: Rejection) -> ArticleFetch:
    """Ask for the same page once more; where no browser can show it, what it was without stands."""
    stands = None if _other_address(reading.task) else Rejected(rejection=outcome, raw=reading.raw)
    return replace(reading, rendered=True, first=reading.first or stands)


def _filled_by_script(rejection: Rejection) -> Rejection:
    detail = f"{rejection.detail}; " if rejection.detail else ""
    return replace(rejection, detail=f"{detail}a script fills the page, see render")


def _other_address(task: Fetching) -> str:
    """Where a relative link may lead as well; an article that is archived has one address."""
    return "" if isinstance(task, Recheck) else task.entry.other_url


def _otherwise(reading: ArticleFetch, outcome: PageOutcome) -> ArticleFetch | PageOutcome:
    """No article at the announced address: ask the other one, where there is one. If that gives
    none either, what the first one gave stands."""
    if reading.first is not None:
        return reading.first
    other = _other_address(reading.task)
    return ArticleFetch(task=reading.task, url=other, first=outcome) if other else outcome


def _with_part(reading: ArticleFetch, part: Article) -> Extracted | Rejected | ArticleFetch:
    reading = replace(reading, parts=(*reading.parts, part))
    if len(reading.parts) > 1 and (too_long := refuse_length(p.text for p in reading.parts)):
        return Rejected(rejection=too_long, raw=reading.raw)
    if part.next_page and len(reading.parts) < MAX_PARTS:
        known = {canonical_url(address) for address in (*reading.addresses, *reading.further)}
        if canonical_url(part.next_page) not in {"", *known}:
            return replace(reading, url=part.next_page)
    return _joined(reading)


def _joined(reading: ArticleFetch) -> Extracted:
    if len(reading.parts) == 1:
        [article] = reading.parts
        if article.next_page:
            article = replace(article, next_page="")
    else:
        article = join_parts(reading.parts)
    if reading.cut_twice:
        article = replace(article, evidence=(*article.evidence, ("page", CUT_TWICE)))
    return Extracted(
        article=article,
        addresses=reading.addresses,
        further=reading.further,
        page=reading.page,
        raw=reading.raw,
    )


def _led_away(reading: ArticleFetch, response: Response) -> bool:
    """A further part on another site is none: its address would count as this article's."""
    return not all(same_site(url, reading.addresses[-1]) for url in _addresses(response))


def _led_by(reading: ArticleFetch, response: Response) -> ArticleFetch:
    """Note the addresses of a part that was read: part 1's alone may name the article."""
    addresses = _addresses(response)
    if reading.parts:
        return replace(reading, further=(*reading.further, *addresses))
    page = validators_of(response.url, header_texts(response.headers))
    return replace(reading, addresses=addresses, page=page)


def _addresses(response: Response) -> tuple[str, ...]:
    """The addresses of this response: redirected ones first, the one that answered last."""
    assert response.request is not None
    hops = response.request.meta.get("redirect_urls", [])
    return (*hops, response.url)
