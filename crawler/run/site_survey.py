"""A look at a site that nobody configured: where it lists its news, and how that would read.

Stores nothing. Bounded in requests, bytes and time: what was found until then is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError
from scrapy.http import Response

from config.model import Config, Kind, Source
from crawler.discover.autodiscover import named_sitemaps
from crawler.discover.site.candidates import (
    Named,
    Place,
    SourceCandidate,
    foreign_hosts,
    ranked,
    usual_feeds,
    usual_sitemaps,
)
from crawler.discover.site.declaration import outlet_name
from crawler.discover.site.site_page import SitePage
from crawler.fetch.http.guard import guard_addresses
from crawler.fetch.workers.pool import ExtractionPool
from crawler.run.source_trial import Sample, Trial, TrialResult, TrialSpider
from crawler.run.trial_requests import Spent, TrialRequests, Unanswered
from crawler.text.addresses import canonical_url, registrable_domain, same_site

REQUESTS, BYTES, SECONDS = 40, 50 * 10**6, 180.0  # of one address
_FEEDS, _SITEMAPS = 8, 3  # that are tried
_SAMPLES = 3  # articles of the best candidate


@dataclass(slots=True, kw_only=True)
class Survey:
    """What was found for an address that a person gave. `candidates`: the best one first."""

    address: str
    kind: Kind | None = None  # only such sources are wanted
    site: SitePage | None = None
    outlet: str = ""  # its name, '' where nothing says it
    language: str = ""
    candidates: list[SourceCandidate] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)  # of the first candidate
    requests: int = 0
    stopped: str = ""  # which bound ended it
    problem: str = ""  # why the address gave nothing at all

    @property
    def usable(self) -> list[SourceCandidate]:
        return [candidate for candidate in self.candidates if not candidate.problem]

    @property
    def is_article(self) -> bool:
        return self.site is not None and self.site.is_article

    def hosts(self, candidate: SourceCandidate) -> tuple[str, ...]:
        """Where most of its items lead, when that is elsewhere."""
        return foreign_hosts(candidate.url, candidate.listed.entries)


class SurveySpider(TrialSpider):
    """Looks sites over; not in `spiders/`."""

    name = "survey"

    def __init__(self, config: Config, surveys: Sequence[Survey], **kwargs: Any):
        super().__init__(**kwargs)
        self.config, self.surveys = config, surveys

    async def start(self) -> AsyncIterator[Any]:
        guard_addresses(self.config.crawl)
        self.pool = ExtractionPool(self.config.crawl.extract_workers)
        for survey in self.surveys:
            requests = TrialRequests(self.crawler, most=REQUESTS, most_bytes=BYTES)
            await _Surveyor(survey, requests, Trial(requests, self.pool)).survey()
        return
        yield  # Scrapy wants a generator; nothing is left to its engine

    async def closed(self, reason: str) -> None:
        self.pool.kill()


class _Surveyor:
    """Follows one address to wherever its site may list news."""

    def __init__(self, survey: Survey, requests: TrialRequests, trial: Trial) -> None:
        self._survey, self._requests, self._trial = survey, requests, trial
        self._tried: set[str] = set()  # canonical

    async def survey(self) -> None:
        survey = self._survey
        try:
            async with asyncio.timeout(SECONDS):
                await self._look_around()
        except TimeoutError:
            survey.stopped = f"it was not looked at any longer than {SECONDS:.0f} s"
        except Spent as error:
            survey.stopped = str(error)
        self._order()
        survey.requests = self._requests.sent
        if not survey.candidates and not survey.problem:
            survey.problem = survey.stopped or _nothing(survey)

    async def _look_around(self) -> None:
        survey = self._survey
        response = await self._first()
        if response is None:
            return
        page = survey.site = await self._trial.site_page(response)
        self._learn(page)
        if page.form not in ("html", "unknown"):
            await self._read(Place(url=survey.address, named=Named.ASKED), response)
        else:
            await self._search(page, response)
        self._order()
        await self._sample()

    async def _first(self) -> Response | None:
        """The address as given; one without a scheme by TLS first."""
        survey = self._survey
        given = survey.address
        forms = [given] if "://" in given else [f"https://{given}", f"http://{given}"]
        for form in forms:
            survey.address = form
            try:
                response = await self._requests.get(form, _source(form))
                survey.problem = ""
                return response
            except Unanswered as error:
                survey.problem = survey.problem or str(error)
            except ValidationError:
                survey.problem = "no address beginning with http:// or https://"
        survey.address = forms[0]
        return None

    async def _search(self, page: SitePage, response: Response) -> None:
        """The page's feeds and its own list; then what its home and articles name, then guesses."""
        url = response.url
        await self._feeds(Place(url=feed, named=Named.HEAD) for feed in page.declared)
        await self._feeds(Place(url=feed, named=Named.LINK) for feed in page.linked)
        if not page.is_article:
            await self._read(Place(url=url, named=Named.ASKED, kind="listing"), response)
        home = urljoin(url, "/")
        if not self._has("feed") and canonical_url(home) != canonical_url(url):
            await self._home(home)
        if not self._has("feed"):
            await self._first_article()
        if not self._has("feed"):
            await self._until_one(usual_feeds(url), "feed")
        await self._sitemaps(urljoin(url, "/robots.txt"))

    async def _home(self, home: str) -> None:
        with suppress(Unanswered, ValidationError):
            response = await self._requests.get(home, _source(home))
            page = await self._trial.site_page(response)
            self._learn(page)
            await self._feeds(Place(url=feed, named=Named.HOME) for feed in page.feeds)
            if not self._has("listing"):
                place = Place(url=response.url, named=Named.HOME, kind="listing")
                await self._read(place, response)

    async def _first_article(self) -> None:
        """A front without a feed: its articles may name one."""
        listings = [c for c in self._survey.candidates if c.kind == "listing" and not c.problem]
        for entry in listings[0].listed.entries[:1] if listings else ():
            with suppress(Unanswered, ValidationError):
                response = await self._requests.get(entry.raw_url, _source(entry.raw_url))
                page = await self._trial.site_page(response)
                self._learn(page)
                own = [feed for feed in page.feeds if same_site(feed, self._survey.address)]
                await self._feeds(Place(url=feed, named=Named.ARTICLE) for feed in own)

    async def _sitemaps(self, robots: str) -> None:
        named: Sequence[str] = ()
        with suppress(Unanswered, ValidationError):
            response = await self._requests.get(robots, _source(robots))
            named = named_sitemaps(response.text, robots)[:_SITEMAPS]
        for sitemap in named:
            await self._try(Place(url=sitemap, named=Named.ROBOTS, kind="sitemap"))
        if not named:
            await self._until_one(usual_sitemaps(robots), "sitemap")

    async def _until_one(self, addresses: Iterable[str], kind: Kind) -> None:
        for address in addresses:
            if not self._has(kind):
                await self._try(Place(url=address, named=Named.USUAL, kind=kind))
        guesses = self._survey.candidates
        guesses[:] = [c for c in guesses if not (c.problem and c.place.named is Named.USUAL)]

    async def _feeds(self, places: Iterable[Place]) -> None:
        for place in places:
            if sum(c.kind == "feed" for c in self._survey.candidates) < _FEEDS:
                await self._try(place)

    async def _try(self, place: Place) -> None:
        if canonical_url(place.url) in self._tried:
            return
        try:
            source = _source(place.url)
            response = await self._requests.get(place.url, source)
        except ValidationError:
            return  # no address that a source may have
        except Spent:
            raise
        except Unanswered as error:
            self._tried.add(canonical_url(place.url))
            self._add(
                place, TrialResult(source=source, kind=place.kind or "feed", problem=str(error))
            )
            return
        await self._read(place, response)

    async def _read(self, place: Place, response: Response) -> None:
        """Take up what a document is; a page that was called a feed may be one about feeds."""
        if canonical_url(place.url) in self._tried:
            return
        self._tried |= {canonical_url(place.url), canonical_url(response.url)}
        result = TrialResult(source=_source(place.url, place.kind))
        await self._trial.read(result, response)
        told = place.named in (Named.HEAD, Named.LINK, Named.HOME)
        if told and place.kind is None and result.kind == "listing":
            feeds = result.page.feeds if result.page else ()
            for feed in feeds[:_FEEDS]:
                await self._try(Place(url=feed, named=place.named, kind="feed"))
            return
        self._add(place, result)

    def _add(self, place: Place, result: TrialResult) -> None:
        url = result.url if result.url and same_site(result.url, place.url) else place.url
        assert result.kind is not None
        found = SourceCandidate(
            place=place, url=url, kind=result.kind, listed=result.listed, problem=result.problem
        )
        self._survey.candidates.append(found)

    def _has(self, kind: Kind) -> bool:
        return any(c.kind == kind and not c.problem for c in self._survey.candidates)

    def _learn(self, page: SitePage) -> None:
        """The outlet's name, by its own word before a title; the first page's before another's."""
        survey = self._survey
        survey.language = survey.language or page.language
        survey.outlet = survey.outlet or page.site_name
        if not survey.outlet and not page.is_article and urlsplit(survey.address).path in ("", "/"):
            survey.outlet = outlet_name(page.title)

    def _order(self) -> None:
        survey = self._survey
        wanted = [c for c in survey.candidates if survey.kind in (None, c.kind)]
        survey.candidates = ranked(wanted, datetime.now(UTC))

    async def _sample(self) -> None:
        best = next(iter(self._survey.usable), None)
        if best is None:
            return
        result = TrialResult(source=_source(best.url, best.kind), listed=best.listed)
        result.samples = self._survey.samples  # what comes in time counts
        await self._trial.sample(result, _SAMPLES)


def _source(url: str, kind: Kind | None = None) -> Source:
    """A source as the trial needs one. Raises ValidationError for what is no source's address."""
    return Source(id="survey", name=registrable_domain(url) or "survey", url=url, kind=kind)


def _nothing(survey: Survey) -> str:
    wanted = f"{survey.kind} " if survey.kind else ""
    return f"no {wanted or 'feed, sitemap or list of news '}was found"
