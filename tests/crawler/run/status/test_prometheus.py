"""The metrics: their names, labels and values, as Prometheus reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from archive.model import EntryState
from archive.sources.subscriptions import State
from config.essentials import Essentials
from config.load import parse_config
from crawler.run.status.prometheus import LiveCounts, registry
from crawler.run.status.report import StatusReport, empty_report

NOW = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)
TABLE = '[[source]]\nid = "{0}"\nname = "The Ledger"\nurl = "https://{0}.example/"\n'
COUNTS = LiveCounts(
    polls={"a": {"ok": 2, "not modified": 7}},
    announced={"a": 5},
    pages=4,
    verdicts={"new": 3, "revised": 1},
    in_flight=2,
    extracting=1,
    network_down=False,
    pushes={"announced": 6},
)


def sources() -> StatusReport:
    """One that had news a quarter of an hour ago and owes two entries, and a new one."""
    config = parse_config(TABLE.format("a") + TABLE.format("b"), name="b.toml")
    report = empty_report(Essentials.of_model(config), holder=None, now=NOW)
    first, second = report.sources
    known = replace(
        first, status="failing", troubled=True, failures=3.5, owed=2, gaps=1, missing=40
    )
    return replace(report, sources=(replace(known, last_new="2026-11-23T12:25:00Z"), second))


def samples(report: StatusReport) -> dict[tuple[str, ...], float]:
    """What is served, by name and label values; these in the order of the labels' names."""
    subscriptions = {State.SUBSCRIBED: 3}
    text = generate_latest(registry(COUNTS, report, {EntryState.OWED: 2}, subscriptions)).decode()
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_was_done_is_counted_by_source_and_outcome() -> None:
    found = samples(sources())
    assert found["broadsheet_polls_total", "ok", "a"] == 2
    assert found["broadsheet_polls_total", "not_modified", "a"] == 7
    assert found["broadsheet_announced_total", "a"] == 5
    assert found["broadsheet_articles_total", "revised"] == 1
    assert found[("broadsheet_pages_total",)] == 4
    assert found[("broadsheet_network_down",)] == 0


def test_each_source_has_its_state() -> None:
    found = samples(sources())
    assert found["broadsheet_source_troubled", "a"] == 1
    assert found["broadsheet_source_failures", "a"] == 3.5
    assert found["broadsheet_source_owed", "a"] == 2
    assert found["broadsheet_source_gaps", "a"] == 1
    assert found["broadsheet_source_missing", "a"] == 40
    assert found["broadsheet_source_seconds_since_new", "a"] == 900


def test_what_never_happened_has_no_age() -> None:
    found = samples(sources())
    assert ("broadsheet_source_seconds_since_success", "a") not in found
    assert ("broadsheet_source_seconds_since_new", "b") not in found


def test_every_status_is_there_also_without_a_source() -> None:
    found = samples(sources())
    assert found["broadsheet_sources", "failing"] == 1
    assert found["broadsheet_sources", "new"] == 1
    assert found["broadsheet_sources", "blocked"] == 0


def test_the_process_describes_itself() -> None:
    assert samples(sources())[("process_open_fds",)] > 0


def test_pushes_and_subscriptions_are_counted() -> None:
    found = samples(sources())
    assert found["broadsheet_pushes_total", "announced"] == 6
    assert found["broadsheet_subscriptions", "subscribed"] == 3
