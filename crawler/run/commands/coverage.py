"""`broadsheet coverage`: what sources announced, what came of it, and what may be missing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from archive.database.times import to_text
from crawler.run.terminal.context import Context, pass_context, unknown_source
from crawler.run.terminal.date_options import MomentOption, as_of_option
from crawler.run.terminal.durations import span
from crawler.run.terminal.tables import ALWAYS, FittedTable, identity, number, phrase
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from archive.reader import Archive
    from archive.sources.absences import Absence
    from archive.sources.coverage import Coverage, CoverageDay
    from archive.sources.gaps import Gap
    from archive.sources.latency import Latency

_STATES = ("rejected", "forbidden", "failed", "gone")


@click.command()
@click.argument("sources", nargs=-1)
@click.option(
    "--since", type=MomentOption(), default="7d", show_default=True, help="From this DATE on."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@as_of_option
@pass_context
def coverage(
    context: Context,
    sources: tuple[str, ...],
    since: datetime | None,
    as_json: bool,
    as_of: datetime | None,
) -> None:
    """Show per day what SOURCES (default: all) announced and what came of it; then the gaps."""
    with context.reader(as_of) as archive:
        known = archive.source_ids()
        for source_id in sources:
            if source_id not in known:
                raise unknown_source(source_id, known)
        found = archive.coverage(*sources, since=since)
        late = [] if as_of else list(_latencies(archive, sources, context.now()))
    if as_json:
        fields = _fields(found) | {"latency": [asdict(measured) for measured in late]}
        click.echo(json.dumps(fields, ensure_ascii=False, indent=2))
        return
    if found.days:
        context.console.print(_table(found.days))
    else:
        context.console.print("Nothing was announced in this time.")
    lines = [
        *_latency_lines(late),
        *_gap_lines(found.gaps),
        *_absence_lines(found.absences),
        *_windowless_lines(found),
    ]
    for line in lines:
        context.console.print(printable_line(line), soft_wrap=True, markup=False, highlight=False)


def _fields(found: Coverage) -> dict[str, object]:
    return {
        "days": [_day_fields(day) for day in found.days],
        "gaps": [_gap_fields(gap) for gap in found.gaps],
        "absences": [
            {"why": a.why.value, "from": to_text(a.started), "to": to_text(a.ended)}
            for a in found.absences
        ],
        "no_window": dict(found.windowless),
    }


def _day_fields(day: CoverageDay) -> dict[str, object]:
    fields = asdict(day)
    fields["source"] = fields.pop("source_id")
    return fields | {"refused": dict(day.refused)}


def _gap_fields(gap: Gap) -> dict[str, object]:
    return {
        "source": gap.source_id,
        "from": to_text(gap.started),
        "to": to_text(gap.ended),
        "why": gap.why.value,
        "missing": gap.missing,
        "found": gap.found,
        "healed": to_text(gap.healed),
        "no_window": gap.windowless,
        "detail": gap.detail,
    }


def _table(days: Iterable[CoverageDay]) -> FittedTable:
    shares = {"announced": 2, "archived": ALWAYS, "refused": 1, "owed": 4, "late": 5, "gaps": 3}
    numbers = [number(heading, goes) for heading, goes in shares.items()]
    columns = [identity("source"), identity("day"), *numbers, phrase("why refused", 6)]
    table = FittedTable(columns)
    for day in days:
        refused = sum(getattr(day, state) for state in _STATES)
        why = ", ".join(f"{count} {words}" for words, count in day.refused)
        counts = (day.announced, day.archived, refused, day.owed)
        shown = (f"{count:,}" for count in counts)
        table.add_row(
            day.source_id, day.day, *shown, _late(day.late), f"{day.gaps:,}", printable_line(why)
        )
    return table


def _late(seconds: int | None) -> str:
    return "-" if seconds is None else span(timedelta(seconds=seconds))


def _latencies(archive: Archive, sources: Collection[str], now: datetime) -> Iterator[Latency]:
    from archive.sources.latency import PERIODS

    for period in PERIODS:
        for measured in archive.latencies(period, now=now):
            if not sources or measured.source_id in sources:
                yield measured


def _latency_lines(found: Iterable[Latency]) -> Iterator[str]:
    for late in found:
        when = "in 24 hours" if late.days == 1 else f"in {late.days} days"
        ours = f"stored {_late(late.ours_p50_s)} later (95 %: {_late(late.ours_p95_s)})"
        theirs = "announced"
        if late.publisher_p50_s is not None:
            theirs += f" {_late(late.publisher_p50_s)} after publication"
            theirs += f" (95 %: {_late(late.publisher_p95_s)})"
        yield f"{late.source_id}: {late.articles:,} {when}: {theirs}, {ours}"


def _gap_lines(gaps: Iterable[Gap]) -> Iterator[str]:
    for gap in gaps:
        if gap.windowless:
            yield f"{gap.source_id}: this may be none: {gap.words()}"
        elif gap.healed is not None:
            yield f"{gap.source_id}: healed {gap.healed:%Y-%m-%d %H:%M} UTC: {gap.words()}"
        else:
            yield f"{gap.source_id}: {gap.words()}"


def _absence_lines(absences: Iterable[Absence]) -> Iterator[str]:
    for absence in absences:
        what = "our network was down" if absence.why == "outage" else "this machine slept"
        began = f"{absence.started:%Y-%m-%d %H:%M} UTC"
        if absence.ended is None:
            yield f"{what} from {began} on"
        else:
            yield f"{what} for {span(absence.ended - absence.started)}, from {began}"


def _windowless_lines(found: Coverage) -> Iterator[str]:
    for source_id, why in found.windowless:
        yield f"{source_id}: no window: {why}: gaps in it can't be seen"
