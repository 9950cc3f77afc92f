"""The daemon's figures as Prometheus metrics: from the tallies, and from the archive's report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from archive.database.times import from_text
from archive.model import EntryState, SourceStatus
from archive.sources.subscriptions import State
from crawler.run.status.desk_metrics import desk_metrics
from crawler.run.status.report import NEW, SourceReport, StatusReport

if TYPE_CHECKING:
    from crawler.fetch.crawl import Crawl

_VERDICTS = {"archived": "new", "revised": "revised", "unchanged": "unchanged", "copies": "copy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCounts:
    """What the process has done since it began, and what it does at the moment."""

    polls: Mapping[str, Mapping[str, int]]  # source id -> outcome -> visits
    announced: Mapping[str, int]  # source id -> new entries
    pages: int
    verdicts: Mapping[str, int]
    in_flight: int
    extracting: int
    network_down: bool
    stalled_s: float = 0.0
    pushes: Mapping[str, int] = field(default_factory=dict)  # outcome -> what hubs pushed


def counts_of(crawl: Crawl) -> LiveCounts:
    """Copy the crawl's counters; called in the loop that owns them."""
    house = crawl.house
    tallies = house.tallies.tallies
    return LiveCounts(
        polls={tally.source_id: dict(tally.outcomes) for tally in tallies.values()},
        announced={tally.source_id: tally.new for tally in tallies.values()},
        pages=house.tallies.total("pages"),
        verdicts={verdict: house.tallies.total(counter) for counter, verdict in _VERDICTS.items()},
        in_flight=crawl.work.in_flight,
        extracting=crawl.pool.waiting,
        network_down=crawl.network.is_down,
        stalled_s=crawl.work.stalled_s,
        pushes=dict(house.tallies.pushes),
    )


def registry(
    counts: LiveCounts,
    report: StatusReport,
    entries: Mapping[EntryState, int],
    subscriptions: Mapping[State, int],
) -> CollectorRegistry:
    """Give the metrics of one moment, with those that describe the process."""
    made = CollectorRegistry(auto_describe=False)
    made.register(_Moment(counts, report, entries, subscriptions))
    ProcessCollector(registry=made)
    return made


class _Moment(Collector):
    """The only labels are a source's id and words of closed lists: cardinality is bounded."""

    def __init__(
        self,
        counts: LiveCounts,
        report: StatusReport,
        entries: Mapping[EntryState, int],
        subscriptions: Mapping[State, int],
    ) -> None:
        self._counts, self._report = counts, report
        self._entries, self._subscriptions = entries, subscriptions

    def collect(self) -> Iterator[Metric]:
        yield from self._since_the_start()
        yield _gauge("in_flight", "Requests handed out and not done.", self._counts.in_flight)
        yield _gauge("extracting", "Pages at or before a worker.", self._counts.extracting)
        down = self._counts.network_down
        yield _gauge("network_down", "1: this machine's own network; polls pause.", down)
        stalled = "Since anything in flight was answered, or ended."
        yield _gauge("stalled_seconds", stalled, self._counts.stalled_s)
        yield self._states()
        yield self._statuses()
        yield from self._websub()
        if self._report.desk is not None:
            yield from desk_metrics(self._report.desk)
        yield from self._of_each_source()

    def _since_the_start(self) -> Iterator[Metric]:
        polls = CounterMetricFamily(
            "broadsheet_polls", "Visits to sources.", labels=["source", "outcome"]
        )
        announced = CounterMetricFamily(
            "broadsheet_announced", "New entries announced.", labels=["source"]
        )
        for source_id, outcomes in self._counts.polls.items():
            for outcome, visits in outcomes.items():
                polls.add_metric([source_id, outcome.replace(" ", "_")], visits)
            announced.add_metric([source_id], self._counts.announced[source_id])
        articles = CounterMetricFamily(
            "broadsheet_articles", "Articles decided on.", labels=["verdict"]
        )
        for verdict, count in self._counts.verdicts.items():
            articles.add_metric([verdict], count)
        pages = CounterMetricFamily("broadsheet_pages", "Article pages answered.")
        pages.add_metric([], self._counts.pages)
        yield from (polls, announced, articles, pages)

    def _states(self) -> Metric:
        entries = GaugeMetricFamily(
            "broadsheet_entries", "Entries of the archive.", labels=["state"]
        )
        for state, count in self._entries.items():
            entries.add_metric([state.value], count)
        return entries

    def _statuses(self) -> Metric:
        statuses = [source.status for source in self._report.sources]
        sources = GaugeMetricFamily("broadsheet_sources", "Sources.", labels=["status"])
        for status in (NEW, *SourceStatus):
            sources.add_metric([str(status)], statuses.count(str(status)))
        return sources

    def _websub(self) -> Iterator[Metric]:
        pushes = CounterMetricFamily(
            "broadsheet_pushes", "Documents that hubs pushed.", labels=["outcome"]
        )
        for outcome, count in self._counts.pushes.items():
            pushes.add_metric([outcome], count)
        asked = GaugeMetricFamily(
            "broadsheet_subscriptions", "Subscriptions to hubs.", labels=["state"]
        )
        for state, count in self._subscriptions.items():
            asked.add_metric([state.value], count)
        yield from (pushes, asked)

    def _of_each_source(self) -> Iterator[Metric]:
        now = from_text(self._report.at)
        success = _by_source("seconds_since_success", "Since a visit was answered and readable.")
        new = _by_source("seconds_since_new", "Since a visit brought a new entry.")
        failures = _by_source("failures", "Failed visits in a row; a timeout counts half.")
        owed = _by_source("owed", "Entries that are still to be fetched.")
        troubled = _by_source("troubled", "1: failing, silent, blocked or gone.")
        gaps = _by_source("gaps", "Times of which its news may be missing.")
        missing = _by_source("missing", "Items missing in these, an estimate.")
        latency = GaugeMetricFamily(
            "broadsheet_source_latency_seconds",
            "Of a day's articles: until they were announced (publisher), from then until stored.",
            labels=["source", "part", "quantile"],
        )
        for source in self._report.sources:
            for part, quantile, seconds in _quantiles(source):
                latency.add_metric([source.id, part, quantile], seconds)
            gaps.add_metric([source.id], source.gaps)
            missing.add_metric([source.id], source.missing)
            _add_age(success, source.id, source.last_success, now)
            _add_age(new, source.id, source.last_new, now)
            failures.add_metric([source.id], source.failures)
            owed.add_metric([source.id], source.owed)
            troubled.add_metric([source.id], source.troubled)
        yield from (success, new, failures, owed, troubled, gaps, missing, latency)


def _quantiles(source: SourceReport) -> Iterator[tuple[str, str, float]]:
    for measured in source.latency:
        if measured.days != 1:
            continue
        if measured.publisher_p50_s is not None and measured.publisher_p95_s is not None:
            yield "publisher", "0.5", measured.publisher_p50_s
            yield "publisher", "0.95", measured.publisher_p95_s
        yield "ours", "0.5", measured.ours_p50_s
        yield "ours", "0.95", measured.ours_p95_s


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(f"broadsheet_{name}", help, value=value)


def _by_source(name: str, help: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"broadsheet_source_{name}", help, labels=["source"])


def _add_age(family: GaugeMetricFamily, source_id: str, at: str | None, now: datetime) -> None:
    """A source that never had it has no sample."""
    moment = from_text(at)
    if moment is not None:
        family.add_metric([source_id], (now - moment).total_seconds())
