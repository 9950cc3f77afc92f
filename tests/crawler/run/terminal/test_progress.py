"""What a person sees of a crawl."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from rich.console import Console

from archive.model import EntryState, Saved, Verdict
from crawler.fetch.tally import Tallies
from crawler.run.terminal.progress import Progress


class Ticker:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def plain_console() -> Console:
    return Console(file=io.StringIO(), width=100, markup=False, highlight=False)


def terminal(height: int = 24) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, width=100, height=height, color_system=None
    )


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def two_sources() -> Tallies:
    tallies = Tallies()
    tallies.announced("stcn", found=20, new=12)
    tallies.visited("stcn", status=200)
    tallies.fetched("stcn")
    tallies.saved("stcn", Saved(article_id=1, verdict=Verdict.NEW))
    tallies.closed("stcn", EntryState.REJECTED, "too short: 57 characters")
    tallies.visited("ft", status=500)
    return tallies


def test_without_a_terminal_each_visited_source_gets_one_line() -> None:
    errors = plain_console()
    progress = Progress(two_sources(), console=plain_console(), errors=errors, clock=Ticker())
    progress.refresh()
    progress.refresh()
    assert written(errors) == "stcn: 20 found, 12 new\nft: failed: HTTP 500\n"


def test_without_a_terminal_an_overall_line_comes_every_ten_seconds() -> None:
    errors, clock, tallies = plain_console(), Ticker(), Tallies()
    progress = Progress(tallies, console=plain_console(), errors=errors, clock=clock)
    for _ in range(50):
        tallies.fetched("ft")
    for second in range(100, 125):
        clock.seconds = second
        progress.refresh(owed=7)
    assert written(errors) == (
        "10.0 s: 50 pages, 5.0 pages/s, 0 archived, 7 owed\n"
        "20.0 s: 50 pages, 2.5 pages/s, 0 archived, 7 owed\n"
    )


def test_a_source_that_was_not_modified_says_so() -> None:
    errors, tallies = plain_console(), Tallies()
    tallies.visited("ft", status=304)
    Progress(tallies, console=plain_console(), errors=errors, clock=Ticker()).refresh()
    assert written(errors) == "ft: not modified\n"


def test_a_hostile_error_stays_on_its_line() -> None:
    errors, tallies = plain_console(), Tallies()
    tallies.visited("ft", status=200, error="\x1b[2Jbad\nfeed [bold]")
    Progress(tallies, console=plain_console(), errors=errors, clock=Ticker()).refresh()
    assert written(errors) == "ft: failed: \N{REPLACEMENT CHARACTER}[2Jbad feed [bold]\n"


def test_on_a_terminal_a_live_table_shows_the_sources() -> None:
    errors = terminal()
    progress = Progress(two_sources(), console=plain_console(), errors=errors, clock=Ticker())
    progress.refresh(owed=11)
    rows = [line.split() for line in written(errors).splitlines()]
    assert ["stcn", "ok", "1", "20", "12", "1", "1", "0"] in rows
    assert "1 page, 0.0 pages/s, 1 archived, 11 owed" in written(errors)
    progress.close()


def test_more_sources_than_lines_are_counted() -> None:
    errors, tallies = terminal(height=16), Tallies()
    for number in range(40):
        tallies.visiting(f"source-{number:02}")
    progress = Progress(tallies, console=plain_console(), errors=errors, clock=Ticker())
    progress.refresh()
    assert "… and 30 more sources" in written(errors)
    progress.close()


def test_the_summary_has_a_row_a_source_a_total_and_the_reasons() -> None:
    console, clock = plain_console(), Ticker()
    progress = Progress(two_sources(), console=console, errors=plain_console(), clock=clock)
    clock.seconds = 165.0
    progress.finish(owed=0, waiting_until=None, interrupted=False)
    rows = [line.split() for line in written(console).splitlines()]
    assert rows[0] == ["source", "visited", "found", "new", "known", "archived", "rejected"]
    assert ["ft", "1", "0", "0", "0", "0", "0"] in rows
    assert ["stcn", "1", "20", "12", "8", "1", "1"] in rows
    assert ["total", "2", "20", "12", "8", "1", "1"] in rows
    assert ["rejected", "too", "short", "1"] in rows
    assert "1 min 05 s: 1 page, 0.0 pages/s, 1 archived" in written(console)
    assert "ft was not read: HTTP 500" in written(console)


def test_the_end_says_what_is_still_owed_and_until_when_it_waits() -> None:
    console = plain_console()
    progress = Progress(Tallies(), console=console, errors=plain_console(), clock=Ticker())
    until = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    progress.finish(owed=1412, waiting_until=until, interrupted=True)
    assert written(console).splitlines()[-2:] == [
        "Interrupted; `broadsheet crawl` goes on where this stopped.",
        "1,412 entries are still owed; the next may be fetched at 2026-11-23 14:30 UTC.",
    ]


def test_the_live_table_is_gone_when_the_summary_comes() -> None:
    errors, console = terminal(), plain_console()
    progress = Progress(two_sources(), console=console, errors=errors, clock=Ticker())
    progress.refresh()
    progress.finish(owed=0, waiting_until=None, interrupted=False)
    assert written(errors).endswith("\x1b[1A\x1b[2K")
    assert "\x1b[?25h" in written(errors)  # the cursor is back
