"""The counts of a crawl."""

from __future__ import annotations

from archive.model import EntryState, Reason, Rejection, Saved, Verdict
from crawler.fetch.tally import Tallies


def test_a_visit_adds_what_it_found_to_its_source() -> None:
    tallies = Tallies()
    tallies.visiting("stcn", "证券时报网")
    tallies.announced("stcn", found=20, new=12, deferred=3)
    tallies.visited("stcn", status=200)
    tally = tallies.tallies["stcn"]
    assert (tally.name, tally.status) == ("证券时报网", "ok")
    assert (tally.visited, tally.found, tally.new, tally.deferred) == (1, 20, 12, 3)


def test_a_source_without_a_name_is_called_by_its_id() -> None:
    tallies = Tallies()
    tallies.fetched("ft")
    assert tallies.tallies["ft"].name == "ft"


def test_a_304_is_no_error() -> None:
    tallies = Tallies()
    tallies.visited("ft", status=304)
    assert tallies.tallies["ft"].status == "not modified"
    assert tallies.all_answered()


def test_a_server_error_is_named_by_its_status() -> None:
    tallies = Tallies()
    tallies.visited("ft", status=503)
    assert tallies.tallies["ft"].error == "HTTP 503"
    assert not tallies.all_answered()


def test_a_visit_without_an_answer_is_an_error() -> None:
    tallies = Tallies()
    tallies.visited("ft", status=None)
    assert tallies.tallies["ft"].error == "no answer"


def test_an_unreadable_answer_keeps_its_own_words() -> None:
    tallies = Tallies()
    tallies.visited("ft", status=200, error="neither RSS nor Atom")
    assert tallies.tallies["ft"].error == "neither RSS nor Atom"
    assert tallies.tallies["ft"].status == "failed"


def test_each_verdict_has_its_counter() -> None:
    tallies = Tallies()
    for verdict in (Verdict.NEW, Verdict.NEW, Verdict.REVISED, Verdict.UNCHANGED, Verdict.COPY):
        tallies.saved("ft", Saved(article_id=1, verdict=verdict))
    tally = tallies.tallies["ft"]
    assert (tally.archived, tally.revised, tally.unchanged, tally.copies) == (2, 1, 1, 1)
    assert not tally.reasons


def test_a_placeholder_that_the_archive_refused_counts_as_rejected() -> None:
    tallies = Tallies()
    refused = Saved(
        article_id=None, verdict=None, rejected=Rejection(reason=Reason.PLACEHOLDER, detail="wall")
    )
    tallies.saved("ft", refused)
    assert tallies.tallies["ft"].rejected == 1
    assert tallies.tallies["ft"].reasons == {"rejected: placeholder": 1}


def test_reasons_are_grouped_without_their_detail() -> None:
    tallies = Tallies()
    tallies.closed("ft", EntryState.REJECTED, "too short: 57 characters")
    tallies.closed("ft", EntryState.REJECTED, "too short: 81 characters")
    assert tallies.tallies["ft"].reasons == {"rejected: too short": 2}


def test_gone_and_failed_entries_are_both_failures() -> None:
    tallies = Tallies()
    tallies.closed("ft", EntryState.GONE, "HTTP 410")
    tallies.closed("ft", EntryState.FAILED, "timed out")
    assert tallies.tallies["ft"].failed == 2


def test_a_postponed_entry_is_no_failure_but_has_a_reason() -> None:
    tallies = Tallies()
    tallies.closed("ft", EntryState.OWED, "HTTP 503")
    assert (tallies.tallies["ft"].failed, tallies.tallies["ft"].postponed) == (0, 1)
    assert tallies.reasons() == {"postponed: HTTP 503": 1}


def test_what_was_listed_and_is_neither_new_nor_dropped_was_known() -> None:
    tallies = Tallies()
    tallies.announced("ft", found=20, new=5, deferred=2, dropped=3)
    assert tallies.tallies["ft"].known == 10


def test_what_has_no_address_was_not_known() -> None:
    tallies = Tallies()
    tallies.announced("ft", found=21, new=12, unaddressed=7)
    assert (tallies.tallies["ft"].known, tallies.tallies["ft"].unaddressed) == (2, 7)


def test_totals_and_reasons_are_summed_over_sources() -> None:
    tallies = Tallies()
    for source_id in ("ft", "stcn"):
        tallies.announced(source_id, found=5, new=2)
        tallies.announced(source_id, found=10, new=1)
        tallies.closed(source_id, EntryState.FORBIDDEN, "robots.txt")
    assert (tallies.total("found"), tallies.total("new")) == (30, 6)
    assert tallies.reasons() == {"forbidden: robots.txt": 2}
