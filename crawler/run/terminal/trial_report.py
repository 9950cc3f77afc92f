"""What a look at sources showed: lines for each, a table of many, fields of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from archive.database.times import to_text
from crawler.extract.body_rule import unmatched_rule
from crawler.run.source_trial import TrialResult
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.tables import FittedTable, identity, name, number, phrase
from crawler.run.terminal.terminal import printable_line

OK = "ok"
Untried = tuple[str, str, str]  # id, outlet, and why it was not tried


def trial_lines(result: TrialResult) -> Iterator[str]:
    listed = result.listed
    yield f"{result.source.id}: {printable_line(result.problem) or OK}"
    if result.kind and listed.found:
        newest = f", newest {listed.newest:%Y-%m-%d %H:%M %Z}" if listed.newest else ""
        items = f"{counted(listed.found, 'item')}, {len(listed.entries):,} would be announced"
        yield f"  {result.kind}: {items}{newest}"
    if result.left_out and listed.entries:
        yield f"  left out: {result.left_out}"
    if result.clock:
        yield f"  {result.clock}"
    if result.advice:
        yield f"  {printable_line(result.advice)}"
    for sample in result.samples:
        if sample.article is not None:
            if words := unmatched_rule(result.source.body, sample.article):
                yield f"  {printable_line(words)}"
            length = counted(len(sample.article.text), "character")
            yield f"  first page: {printable_line(sample.article.title)} ({length})"


def trial_table(results: Sequence[TrialResult], untried: Sequence[Untried]) -> FittedTable:
    """Tabulate many, those that work first."""
    table = FittedTable(
        [
            identity("id"),
            name("outlet"),
            identity("kind", 4),
            number("items", 3),
            identity("newest", 2),
            phrase("from here", least=20),
            number("first page", 5),  # characters of it
        ]
    )
    for result in sorted(results, key=lambda result: bool(result.problem)):
        table.add_row(
            result.source.id,
            printable_line(result.source.name),
            result.kind or result.source.kind or "?",
            f"{len(result.listed.entries):,}",
            _day(result.listed.newest),
            printable_line(result.problem) or OK,
            f"{_characters(result):,}",
        )
    for source_id, outlet, why in untried:
        table.add_row(source_id, outlet, "?", "-", "-", why, "-")
    return table


def _characters(result: TrialResult) -> int:
    return sum(len(sample.article.text) for sample in result.samples if sample.article)


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "-"


def trial_fields(result: TrialResult) -> dict[str, object]:
    """One source as JSON; times in UTC."""
    listed = result.listed
    return {
        "id": result.source.id,
        "name": result.source.name,
        "url": result.source.url,
        "ok": not result.problem,
        "problem": result.problem,
        "kind": result.kind,
        "found": listed.found,
        "announced": len(listed.entries),
        "left_out": result.left_out,
        "newest": to_text(listed.newest),
        "clock": result.clock,
        "advice": result.advice,
        "first_page": [
            {
                "url": sample.url,
                "title": sample.article.title if sample.article else None,
                "characters": len(sample.article.text) if sample.article else 0,
                "problem": sample.problem,
            }
            for sample in result.samples
        ],
    }
