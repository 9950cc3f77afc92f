"""What a person sees of a crawl: a live table on a terminal, plain lines elsewhere, a summary."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, datetime

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from archive.database.times import to_text
from crawler.fetch.tally import Tallies, Tally
from crawler.run.terminal.plurals import counted, they_are
from crawler.run.terminal.tables import ALWAYS, FittedTable, identity, name, number
from crawler.run.terminal.terminal import printable_line

_LINE_EVERY_S = 10.0  # of the overall line where there is no terminal
_FRAME_LINES = 6  # the live table's header, footer and the prompt's line
# (the Tally's counter, its heading); those not in _ALWAYS are left out while 0 everywhere
_COUNTERS = (
    ("visited", "visited"),
    ("found", "found"),
    ("new", "new"),
    ("known", "known"),
    ("unaddressed", "no address"),
    ("archived", "archived"),
    ("near_copies", "near copies"),
    ("revised", "revised"),
    ("unchanged", "unchanged"),
    ("copies", "copies"),
    ("held", "held"),
    ("rejected", "rejected"),
    ("withdrawn", "withdrawn"),
    ("forbidden", "forbidden"),
    ("failed", "failed"),
    ("postponed", "later"),
    ("deferred", "deferred"),
)
_ALWAYS = frozenset({"visited", "found", "new", "archived"})
# where the terminal is narrow: the highest goes first, those without a number never
_GOES = {
    "visited": 6,
    "found": 5,
    "near copies": 12,
    "revised": 8,
    "unchanged": 10,
    "copies": 9,
    "held": 4,
    "rejected": 3,
    "withdrawn": 7,
    "forbidden": 2,
    "failed": 1,
    "later": 11,
    "deferred": 13,
    "known": 14,
    "no address": 15,
}
_LIVE_COUNTERS = ("visited", "found", "new", "archived")


class Progress:
    """Shows the tallies of a crawl as they change; one event loop calls it.

    `console` gets the summary (stdout), `as_json` as an object; `errors` all that is shown on the
    way (stderr). `clock` gives seconds that only grow.
    """

    def __init__(
        self,
        tallies: Tallies,
        *,
        console: Console,
        errors: Console,
        as_json: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tallies = tallies
        self._console = console
        self._errors = errors
        self._as_json = as_json
        self._clock = clock
        self._started = clock()
        self._last_line = self._started
        self._reported: dict[str, int] = {}  # source id -> visits that had their line
        self._live: Live | None = None
        if errors.is_terminal:
            # no thread: the loop's timer refreshes; transient: the summary takes its place
            self._live = Live(console=errors, auto_refresh=False, transient=True)
            self._live.start()

    def refresh(self, owed: int | None = None) -> None:
        """Show the present counts; `owed` is how many entries wait, if the caller knows."""
        if self._live is not None:
            self._live.update(self._picture(owed), refresh=True)
            return
        self._report_visits()
        if self._clock() - self._last_line >= _LINE_EVERY_S:
            self._last_line = self._clock()
            self._say(self._overall(owed))

    def finish(
        self, owed: int, waiting_until: datetime | None, interrupted: bool, *, images: int = 0
    ) -> None:
        """Print the summary; `waiting_until` is when the next owed entry may be fetched. `images`:
        owed ones of [images] keep."""
        if self._live is None:
            self._report_visits()
        self.close()
        if self._as_json:
            self._print_json(owed, waiting_until, interrupted, images)
            return
        tallies = sorted(self._tallies.tallies.values(), key=lambda tally: tally.source_id)
        if tallies:
            self._console.print(summary_table(tallies))
        reasons = self._tallies.reasons()
        if reasons:
            self._console.print()
            self._console.print(reasons_table(reasons.most_common()))
        if tallies:
            self._console.print()
        for line in self._closing_lines(tallies, owed, waiting_until, interrupted):
            self._console.print(line)
        if images:
            words = they_are(images, "image")
            self._console.print(Text(f"{words} still owed; the next crawls ask again."))

    def _print_json(
        self, owed: int, waiting_until: datetime | None, interrupted: bool, images: int
    ) -> None:
        tallies = sorted(self._tallies.tallies.values(), key=lambda tally: tally.source_id)
        summary = {
            "sources": [_fields(tally) for tally in tallies],
            "not_archived": dict(self._tallies.reasons()),
            "owed": owed,
            "owed_until": to_text(waiting_until),
            "images_owed": images,
            "seconds": round(self._clock() - self._started, 1),
            "interrupted": interrupted,
        }
        text = json.dumps(summary, ensure_ascii=False, indent=2)
        self._console.print(Text(text), soft_wrap=True)

    def close(self) -> None:
        """Take the live table away; a crawl that fails calls this instead of `finish`."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _picture(self, owed: int | None) -> Group:
        room = max(self._errors.height - _FRAME_LINES, 3)
        busiest = sorted(self._tallies.tallies.values(), key=_liveliness)
        counts_of = [*_LIVE_COUNTERS, "rejected", "failed"]
        columns = [number(heading, _GOES.get(heading, ALWAYS)) for heading in counts_of]
        table = FittedTable([identity("source"), identity("", 9), *columns], "the summary has all")
        for tally in busiest[:room]:
            counts = [f"{getattr(tally, counter):,}" for counter in _LIVE_COUNTERS]
            refused = tally.rejected + tally.forbidden
            table.add_row(
                tally.source_id, tally.status, *counts, f"{refused:,}", f"{tally.failed:,}"
            )
        hidden = len(busiest) - room
        more = [Text(f"… and {counted(hidden, 'more source')}")] if hidden > 0 else []
        return Group(table, *more, Text(self._overall(owed)))

    def _overall(self, owed: int | None) -> str:
        elapsed = self._clock() - self._started
        pages = self._tallies.total("pages")
        rate = pages / elapsed if elapsed > 0 else 0.0
        waiting = "" if owed is None else f", {owed:,} owed"
        return (
            f"{_duration(elapsed)}: {counted(pages, 'page')}, {rate:.1f} pages/s, "
            f"{self._tallies.total('archived'):,} archived{waiting}"
        )

    def _report_visits(self) -> None:
        for tally in self._tallies.tallies.values():
            if self._reported.get(tally.source_id, 0) != tally.visited:
                self._reported[tally.source_id] = tally.visited
                self._report(tally)

    def _report(self, tally: Tally) -> None:
        if tally.error:
            self._say(f"{tally.source_id}: failed: {printable_line(tally.error)}")
        elif tally.status == "not modified":
            self._say(f"{tally.source_id}: not modified")
        else:
            self._say(f"{tally.source_id}: {tally.found:,} found, {tally.new:,} new")

    def _say(self, line: str) -> None:
        self._errors.print(line, soft_wrap=True)

    def _closing_lines(
        self,
        tallies: Iterable[Tally],
        owed: int,
        waiting_until: datetime | None,
        interrupted: bool,
    ) -> Iterable[Text]:
        yield Text(self._overall(None))
        for tally in tallies:
            if tally.error:
                yield Text(f"{tally.source_id} was not read: {printable_line(tally.error)}")
            elif words := tally.remark or tally.note:
                yield Text(f"{tally.source_id}: {printable_line(words)}")
            if tally.rule:
                yield Text(f"{tally.source_id}: {printable_line(tally.rule)}")
        if held := self._tallies.total("held"):
            yield Text(f"{held:,} held by a guess: `broadsheet held` lists them.")
        if interrupted:
            yield Text("Interrupted; `broadsheet crawl` goes on where this stopped.")
        if owed:
            yield Text(_owed_line(owed, waiting_until))


def _fields(tally: Tally) -> dict[str, object]:
    """The counts as JSON has them; asdict takes a Counter apart."""
    values = {field.name: getattr(tally, field.name) for field in fields(tally)}
    return {key: dict(v) if isinstance(v, Counter) else v for key, v in values.items()}


def _owed_line(owed: int, waiting_until: datetime | None) -> str:
    entries = they_are(owed, "entry")
    if waiting_until is None:
        return f"{entries} still owed."
    at = waiting_until.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{entries} still owed; the next may be fetched at {at}."


def summary_table(tallies: Iterable[Tally]) -> FittedTable:
    """Tabulate what each source brought, with a total when there are several."""
    rows = list(tallies)
    shown = [
        (counter, heading)
        for counter, heading in _COUNTERS
        if counter in _ALWAYS or any(getattr(tally, counter) for tally in rows)
    ]
    columns = [number(heading, _GOES.get(heading, ALWAYS)) for _, heading in shown]
    table = FittedTable([identity("source"), *columns])
    for tally in rows:
        table.add_row(tally.source_id, *(f"{getattr(tally, c):,}" for c, _ in shown))
    if len(rows) > 1:
        sums = [sum(getattr(tally, counter) for tally in rows) for counter, _ in shown]
        table.add_section()
        table.add_row("total", *(f"{count:,}" for count in sums))
    return table


def reasons_table(reasons: Iterable[tuple[str, int]]) -> FittedTable:
    """Tabulate why entries became no article: ("rejected: too short", 3) is a row."""
    table = FittedTable([identity("not archived"), name("reason"), number("entries")])
    for label, count in reasons:
        state, _, cause = label.partition(": ")
        table.add_row(state, printable_line(cause), f"{count:,}")
    return table


def _liveliness(tally: Tally) -> tuple[bool, int, str]:
    """Sort key: what is being visited first, then what brought most."""
    return (tally.status != "visiting", -tally.new, tally.source_id)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{seconds:.1f} s"
