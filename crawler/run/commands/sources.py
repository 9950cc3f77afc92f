"""`broadsheet sources`: what is configured and how it fares."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.text import Text

from archive.database.times import from_text, to_text
from crawler.run.commands import sources_edit
from crawler.run.terminal.context import Context, pass_context, unknown_source
from crawler.run.terminal.group import Commands
from crawler.run.terminal.local_times import shown_time
from crawler.run.terminal.tables import FittedTable, identity, name, number, phrase
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.articles.boilerplate import LearnedLine
    from archive.sources.subscriptions import Subscription
    from archive.upkeep.overview import ConfidenceRow
    from crawler.run.status.source_lines import SourceLine

_SHOWN_VISITS = 10
_SHOWN_CHARS = 60  # of a learned line


@click.group(
    cls=Commands,
    lazy={
        "add": ("sources_add:add", "Find where a site lists its news, and add it."),
        "catalog": ("sources_catalog:list_catalog", "List known sources to add."),
        "import": ("sources_opml:import_list", "Add the feeds of an OPML file."),
        "export": ("sources_opml:export_list", "Write the sources as OPML."),
        "check": ("check:check", "Visit sources and say what they would announce."),
    },
)
def sources() -> None:
    """List, check and change the sources."""


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@pass_context
def list_sources(context: Context, as_json: bool) -> None:
    """List the sources with their articles, owed entries and status."""
    lines = _lines(context)
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2))
    elif lines:
        context.console.print(_table(lines, context.zone))
    else:
        words = f"No source is configured: {context.how_to_add_a_source}."
        context.console.print(words, soft_wrap=True)


@sources.command("show")
@click.argument("source_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@pass_context
def show_source(context: Context, source_id: str, as_json: bool) -> None:
    """Show one source: its settings, its state, its last visits, and what was learned of it."""
    lines = {line.id: line for line in _lines(context)}
    if source_id not in lines:
        raise unknown_source(source_id, lines)
    fields, learned = asdict(lines[source_id]), _learned(context, lines[source_id].name)
    hub, sure = _subscription(context, source_id), _confidence(context, source_id)
    if as_json:
        known = [asdict(line) | {"last_seen": to_text(line.last_seen)} for line in learned]
        more = {"subscription": hub, "learned": known, "confidence": sure and asdict(sure)}
        click.echo(json.dumps(fields | more, ensure_ascii=False, indent=2))
        return
    told = _told(fields) | {f"hub {key}": value for key, value in (hub or {}).items()}
    if sure:
        told["confidence"] = _sure_in_words(sure)
    for key, value in told.items():
        context.console.print(Text(f"{key.replace('_', ' '):15}{_words(value)}"))
    _print_visits(context, source_id)
    _print_learned(context, learned)


for command in sources_edit.COMMANDS:
    sources.add_command(command)


def _lines(context: Context) -> list[SourceLine]:
    from archive.sources.declarations import source_states
    from archive.upkeep.overview import source_counts
    from crawler.run.status.source_lines import source_lines

    if not context.archive_path.is_file():
        return source_lines(context.essentials.source, {}, {})
    with context.reading() as connection:
        states = {state.id: state for state in source_states(connection)}
        return source_lines(context.essentials.source, states, source_counts(connection))


def _told(fields: dict[str, object]) -> dict[str, object]:
    """The fields for a person, to whom a clock that is right is no news."""
    return {
        key: value
        for key, value in fields.items()
        if key != "offset_s" and (key != "clock" or value)
    }


def _words(value: object) -> str:
    if value is None:
        return "never"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return printable_line(str(value))


def _table(lines: Iterable[SourceLine], zone: str) -> FittedTable:
    table = FittedTable(
        [
            identity("id"),
            name("name", least=22),
            identity("kind", 3),
            identity("enabled", 5),
            phrase("status", least=20),
            identity("last success", 4),
            number("articles", 1),
            number("owed", 2),
        ]
    )
    for line in lines:
        why = f"{line.status}: {line.status_reason}" if line.status_reason else line.status
        table.add_row(
            line.id,
            printable_line(line.name),
            line.kind or "?",
            "yes" if line.enabled else "no",
            printable_line(why),
            shown_time(from_text(line.last_success), zone) or "never",
            f"{line.articles:,}",
            f"{line.owed:,}",
        )
    return table


def _subscription(context: Context, source_id: str) -> dict[str, str | None] | None:
    """What is known of the source's hub (WebSub); None where its feed names none."""
    from archive.sources.subscriptions import subscription_of

    if not context.archive_path.is_file():
        return None
    with context.reading() as connection:
        found = subscription_of(connection, source_id)
    return _of_hub(found) if found else None


def _confidence(context: Context, source_id: str) -> ConfidenceRow | None:
    """How sure the texts are that the source gave this month (UTC)."""
    from archive.upkeep.overview import confidence_since

    if not context.archive_path.is_file():
        return None
    first = context.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with context.reading() as connection:
        return confidence_since(connection, source_id, first)


def _sure_in_words(sure: ConfidenceRow) -> str:
    return f"median {sure.median:g} this month, {sure.doubtful:,} of {sure.articles:,} below 0.5"


def _of_hub(subscription: Subscription) -> dict[str, str | None]:
    return {
        "address": subscription.hub,
        "state": subscription.state,
        "reason": subscription.reason,
        "expires": to_text(subscription.expires),
        "last_push": to_text(subscription.pushed),
    }


def _learned(context: Context, outlet: str) -> list[LearnedLine]:
    from archive.articles.boilerplate import learned_lines

    if not context.archive_path.is_file():
        return []
    with context.reading() as connection:
        return learned_lines(connection, outlet)


def _print_learned(context: Context, learned: list[LearnedLine]) -> None:
    """A person reads a line's beginning; --json has all of it."""
    if not learned:
        return
    table = FittedTable(
        [
            phrase("comes back in its articles", least=20),
            identity("last seen", 1),
            number("articles"),
        ]
    )
    for line in learned:
        words = printable_line(line.line)
        shown = words if len(words) <= _SHOWN_CHARS else f"{words[:_SHOWN_CHARS]}…"
        table.add_row(
            shown, shown_time(line.last_seen, context.zone, seconds=True), f"{line.articles:,}"
        )
    context.console.print()
    context.console.print(table)


def _print_visits(context: Context, source_id: str) -> None:
    from archive.upkeep.overview import last_visits

    if not context.archive_path.is_file():
        return
    with context.reading() as connection:
        visits = last_visits(connection, source_id, limit=_SHOWN_VISITS)
    if not visits:
        return
    table = FittedTable(
        [
            identity("visited at"),
            phrase("answer"),
            number("found"),
            number("new"),
            number("KB", 1),
            number("seconds", 2),
        ]
    )
    for visit in visits:
        answer = visit.error or (str(visit.status) if visit.status else "no answer")
        if visit.pushed:  # by a spider, which left its name, or by a hub
            answer = "" if visit.remark else "pushed by its hub"
        answer = ": ".join(filter(None, (answer, visit.remark)))
        table.add_row(
            shown_time(visit.at, context.zone, seconds=True),
            printable_line(answer),
            f"{visit.found:,}",
            f"{visit.new:,}",
            f"{visit.bytes / 1000:,.1f}",
            f"{visit.seconds:.2f}",
        )
    context.console.print()
    context.console.print(table)
