"""`broadsheet sources add`: find where a site lists its news, and declare it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import click

from config.catalog import CONTACT, CatalogEntry, in_catalog, near_in_catalog
from config.model import Kind
from crawler.discover.site.candidates import SourceCandidate
from crawler.discover.site.declaration import declaration
from crawler.run.crawling import run_plain
from crawler.run.new_sources import (
    NewSource,
    known_source,
    quiet_logging,
    try_tables,
    usable_config,
    write_sources,
)
from crawler.run.site_survey import REQUESTS, Survey, SurveySpider
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.survey_report import fields, survey_lines
from crawler.run.terminal.terminal import printable_line
from crawler.run.terminal.trial_report import trial_fields, trial_lines
from crawler.text.addresses import same_site

NOTHING_FOUND = 3


@dataclass(slots=True, kw_only=True)
class Choice:
    """What a person, or --yes, took of a survey."""

    survey: Survey
    new: NewSource | None = None
    known_as: str = ""  # id of the source that has this address already


@click.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS|NAME…")
@click.option("-y", "--yes", is_flag=True, help="Add the best without asking.")
@click.option("--kind", type=click.Choice(get_args(Kind)), help="Only such sources.")
@click.option("--id", "source_id", metavar="ID", help="The id, instead of one made of the address.")
@click.option("--name", "outlet", metavar="NAME", help="The outlet's name.")
@click.option("--host", "hosts", multiple=True, help="A further host whose pages are its own.")
@click.option("--set", "blanks", multiple=True, metavar="BLANK=VALUE", help="Of the catalogue.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as a JSON list.")
@pass_context
def add(
    context: Context,
    addresses: tuple[str, ...],
    yes: bool,
    kind: Kind | None,
    source_id: str | None,
    outlet: str | None,
    hosts: tuple[str, ...],
    blanks: tuple[str, ...],
    as_json: bool,
) -> None:
    """Find the feeds, sitemaps and lists of news of a site, and add the best to the config.

    ADDRESS is any page of the site: its home page, a section, an article, a feed. What is found is
    shown with what each would announce, and how its first articles read; then you are asked.
    At most 40 requests an address, with the manners of a crawl. Comments of the config stay.
    NAME is an id of the catalogue: `broadsheet sources catalog`.

    \b
    Examples:
      broadsheet sources add https://news.example.com/
      broadsheet sources add https://news.example.com/markets/ --kind listing --yes
      broadsheet sources add stcn fed ecb
      broadsheet sources add cls --set rsshub=https://rsshub.example.com
    """
    given: dict[str, object] = {"id": source_id, "name": outlet, "hosts": list(hosts)}
    given = {key: value for key, value in given.items() if value}
    if given and len(addresses) > 1:
        raise click.UsageError("--id, --name and --host go with one address")
    asks = not yes and not as_json and sys.stdin.isatty()
    entries = [entry for entry in map(_catalog_entry, addresses) if entry]
    if not entries:
        _add_sites(context, addresses, kind, given, yes=yes, asks=asks, as_json=as_json)
    elif len(entries) < len(addresses):
        raise click.UsageError("addresses and names of the catalogue go in two commands")
    else:
        tables = [entry.declared(_values(context, blanks)) | given for entry in entries]
        _add_entries(context, entries, tables, asks=asks, as_json=as_json)


def _catalog_entry(word: str) -> CatalogEntry | None:
    """An entry by its id; None for an address. What can be neither is an error."""
    entry = in_catalog(word)
    if entry is None and not set(word) & {".", ":", "/"}:
        near = near_in_catalog(word)
        hint = f"did you mean {near}?" if near else "`broadsheet sources catalog` lists the names"
        raise Failure(f"{word} is no address, and no name of the catalogue: {hint}", exit_code=2)
    return entry


def _values(context: Context, blanks: Sequence[str]) -> dict[str, str]:
    pairs = dict(blank.partition("=")[::2] for blank in blanks)
    contact = usable_config(context).crawl.contact
    return {CONTACT: contact} | {name.strip(): value.strip() for name, value in pairs.items()}


def _add_entries(
    context: Context,
    entries: Sequence[CatalogEntry],
    tables: Sequence[dict[str, object]],
    *,
    asks: bool,
    as_json: bool,
) -> None:
    """Try the sources from here, then declare them: what doesn't work is declared disabled."""
    config = usable_config(context)
    taken = {source.id for source in config.source}
    known = [t for t in tables if t["id"] in taken or known_source(config, str(t["url"]))]
    fresh = [(e, t) for e, t in zip(entries, tables, strict=True) if t not in known]
    click.echo(f"Trying {counted(len(fresh), 'source')} from here.", err=True)
    trials = try_tables(config, [table for _, table in fresh])
    added = []
    for (entry, table), trial in zip(fresh, trials, strict=True):
        for line in [] if as_json else trial_lines(trial):
            context.console.print(line, soft_wrap=True)
        if asks and not click.confirm(_question(table, trial.problem), default=not trial.problem):
            continue
        seen = f"{context.now():%Y-%m-%d}, from the catalogue (seen: {entry.seen})"
        new = NewSource(table=table, comment=f"added {seen}", trial=trial)
        new.settle()
        added.append(new)
    path = write_sources(context, added) if added else None
    if as_json:
        click.echo(
            json.dumps([trial_fields(trial) for trial in trials], ensure_ascii=False, indent=2)
        )
        return
    for table in known:
        context.console.print(f"It is there already: {table['id']}.")
    _say_what_was_added(context, added, path)


def _question(table: dict[str, object], problem: str) -> str:
    how = " as disabled" if problem else ""
    return f"Add {table['id']} ({table['name']}){how}?"


def _add_sites(
    context: Context,
    addresses: Sequence[str],
    kind: Kind | None,
    given: dict[str, object],
    *,
    yes: bool,
    asks: bool,
    as_json: bool,
) -> None:
    surveys = survey_sites(context, addresses, kind)
    chosen: list[Choice] = []
    for survey in surveys:
        for line in [] if as_json else survey_lines(survey):
            context.console.print(line, soft_wrap=isinstance(line, str))
        chosen += _choose(context, survey, given, chosen, yes=yes, asks=asks)
    new = [choice.new for choice in chosen if choice.new]
    path = write_sources(context, new) if new else None
    if as_json:
        _print_json(surveys, chosen)
    else:
        for choice in chosen:
            if choice.known_as:
                context.console.print(f"It is there already: {choice.known_as}.")
        _say_what_was_added(context, new, path)
    if not any(survey.usable for survey in surveys):
        raise click.exceptions.Exit(NOTHING_FOUND)
    if not (chosen or asks or as_json):
        raise Failure("nothing was added: --yes adds the first one", exit_code=2)


def survey_sites(context: Context, addresses: Sequence[str], kind: Kind | None) -> list[Survey]:
    quiet_logging()
    surveys = [Survey(address=address.strip(), kind=kind) for address in addresses]
    pages = counted(len(surveys), "address")
    click.echo(f"Looking at {pages}, politely: up to {REQUESTS} requests each.", err=True)
    run_plain(SurveySpider, config=usable_config(context), surveys=surveys)
    return surveys


def _choose(
    context: Context,
    survey: Survey,
    given: dict[str, object],
    before: Sequence[Choice],
    *,
    yes: bool,
    asks: bool,
) -> Iterator[Choice]:
    """Give what is to be declared; a source that is there already is named, not added."""
    usable = survey.usable
    if not usable:
        return
    config = usable_config(context)
    taken = [source.id for source in config.source]
    taken += [choice.new.id for choice in before if choice.new]
    for number in [1] if yes else _ask(len(usable)) if asks else []:
        candidate = usable[number - 1]
        if known := known_source(config, candidate.url, candidate.place.url):
            yield Choice(survey=survey, known_as=known)
            continue
        new = _declared(context, survey, candidate, given, taken)
        taken.append(new.id)
        if asks and "hosts" not in new.table:
            _ask_for_hosts(survey, candidate, new.table)
        yield Choice(survey=survey, new=new)


def _ask(most: int) -> list[int]:
    """Which of the candidates to add, from 1; none for "n"."""
    question = "Add it?" if most == 1 else f"Add which? (1-{most}, several as 1,2, or n)"
    while True:
        answer = click.prompt(question, default="y" if most == 1 else "1").strip().lower()
        if answer in ("n", "no", "none", "0", ""):
            return []
        words = ["1"] if answer in ("y", "yes") else answer.replace(",", " ").split()
        if all(word.isdecimal() and 1 <= int(word) <= most for word in words):
            return sorted({int(word) for word in words})
        click.echo(f"A number from 1 to {most}, or n.", err=True)


def _ask_for_hosts(survey: Survey, candidate: SourceCandidate, table: dict[str, object]) -> None:
    for host in survey.hosts(candidate):
        question = f"Most of its items lead to {host}. Are the pages there its own?"
        if click.confirm(question, default=False):
            table["hosts"] = [host]


def _declared(
    context: Context,
    survey: Survey,
    candidate: SourceCandidate,
    given: dict[str, object],
    taken: Sequence[str],
) -> NewSource:
    config = usable_config(context)
    # the outlet by the name that it has already: sources of one name are one outlet
    known = next((s.name for s in config.source if same_site(s.url, candidate.url)), "")
    table = declaration(
        candidate, outlet=known or survey.outlet, language=survey.language, taken=taken
    )
    found = f"{context.now():%Y-%m-%d}, for {survey.address}: {candidate.place.named}"
    return NewSource(table=table | given, comment=f"added {found}")


def _say_what_was_added(context: Context, new: Sequence[NewSource], path: Path | None) -> None:
    say = context.console.print
    for source in new:
        told = f"{source.id} ({printable_line(str(source.table['name']))})"
        disabled = source.table.get("enabled") is False
        rest = f", disabled: `broadsheet sources enable {source.id}`" if disabled else ""
        say(f"Added {told} to {path}{rest}.", soft_wrap=True)
    ids = " ".join(source.id for source in new if source.table.get("enabled", True))
    if ids:
        say(f"Next: broadsheet crawl {ids}", soft_wrap=True)


def _print_json(surveys: Sequence[Survey], chosen: Sequence[Choice]) -> None:
    found = []
    for survey in surveys:
        choice = next((choice for choice in chosen if choice.survey is survey), None)
        added = choice.new.id if choice and choice.new else None
        known = choice.known_as if choice else ""
        found.append(fields(survey) | {"added": added, "known_as": known or None})
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
