"""`broadsheet sources add`: find where a site lists its news, and declare it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import click

from config.edit import add_sources
from config.load import load_config, user_config, write_initial_config
from config.model import Config, Kind
from crawler.discover.site.candidates import SourceCandidate
from crawler.discover.site.declaration import declaration
from crawler.run.crawling import run_plain
from crawler.run.site_survey import REQUESTS, Survey, SurveySpider
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.logs import set_up_logging
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.survey_report import fields, survey_lines
from crawler.run.terminal.terminal import printable_line
from crawler.text.addresses import canonical_url, same_site

NOTHING_FOUND = 3


@dataclass(slots=True, kw_only=True)
class Choice:
    """What a person, or --yes, took of a survey."""

    survey: Survey
    table: dict[str, object] = field(default_factory=dict)  # of the [[source]]; {} for nothing
    comment: str = ""
    known_as: str = ""  # id of the source that has this address already


@click.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS|NAME…")
@click.option("-y", "--yes", is_flag=True, help="Add the best without asking.")
@click.option("--kind", type=click.Choice(get_args(Kind)), help="Only such sources.")
@click.option("--id", "source_id", metavar="ID", help="The id, instead of one made of the address.")
@click.option("--name", "outlet", metavar="NAME", help="The outlet's name.")
@click.option("--host", "hosts", multiple=True, help="A further host whose pages are its own.")
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
    as_json: bool,
) -> None:
    """Find the feeds, sitemaps and lists of news of a site, and add the best to the config.

    ADDRESS is any page of the site: its home page, a section, an article, a feed. What is found is
    shown with what each would announce, and how its first articles read; then you are asked.
    At most 40 requests an address, with the manners of a crawl. Comments of the config stay.

    \b
    Examples:
      broadsheet sources add https://news.example.com/
      broadsheet sources add https://news.example.com/markets/ --kind listing --yes
    """
    if (source_id or outlet or hosts) and len(addresses) > 1:
        raise click.UsageError("--id, --name and --host go with one address")
    asks = not yes and not as_json and sys.stdin.isatty()
    surveys = survey_sites(context, addresses, kind)
    given: dict[str, object] = {"id": source_id, "name": outlet, "hosts": list(hosts)}
    chosen: list[Choice] = []
    for survey in surveys:
        if not as_json:
            _show(context, survey)
        chosen += _choose(context, survey, given, chosen, yes=yes, asks=asks)
    tables = [choice.table for choice in chosen if choice.table]
    path = declare_all(context, chosen) if tables else None
    if as_json:
        _print_json(surveys, chosen)
    else:
        _say_what_was_added(context, chosen, path)
    if not any(survey.usable for survey in surveys):
        raise click.exceptions.Exit(NOTHING_FOUND)
    if not (tables or asks or as_json or any(choice.known_as for choice in chosen)):
        raise Failure("nothing was added: --yes adds the first one", exit_code=2)


def survey_sites(context: Context, addresses: Sequence[str], kind: Kind | None) -> list[Survey]:

    set_up_logging(live=True)
    surveys = [Survey(address=address.strip(), kind=kind) for address in addresses]
    pages = counted(len(surveys), "address")
    click.echo(f"Looking at {pages}, politely: up to {REQUESTS} requests each.", err=True)
    run_plain(SurveySpider, config=usable_config(context), surveys=surveys)
    return surveys


def usable_config(context: Context) -> Config:
    """The config as it is, or the defaults where the file is still to be made."""

    path = context.config_path
    return context.config if path is None or path.is_file() else load_config(None)


def _show(context: Context, survey: Survey) -> None:

    for line in survey_lines(survey):
        context.console.print(line, soft_wrap=isinstance(line, str))


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
    numbers = [1] if yes else _ask(len(usable)) if asks else []
    for number in numbers:
        candidate = usable[number - 1]
        if known := _known_as(usable_config(context), candidate):
            yield Choice(survey=survey, known_as=known)
            continue
        choice = _declared(context, survey, candidate, given, before)
        if asks and "hosts" not in choice.table:
            _ask_for_hosts(survey, candidate, choice.table)
        yield choice


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


def _known_as(config: Config, candidate: SourceCandidate) -> str:

    asked = {canonical_url(candidate.url), canonical_url(candidate.place.url)}
    return next((s.id for s in config.source if canonical_url(s.url) in asked), "")


def _declared(
    context: Context,
    survey: Survey,
    candidate: SourceCandidate,
    given: dict[str, object],
    before: Sequence[Choice],
) -> Choice:

    config = usable_config(context)
    taken = {source.id for source in config.source} | {str(c.table.get("id")) for c in before}
    # the outlet by the name that it has already: sources of one name are one outlet
    known = next((s.name for s in config.source if same_site(s.url, candidate.url)), "")
    table = declaration(
        candidate, outlet=known or survey.outlet, language=survey.language, taken=taken
    )
    table |= {key: value for key, value in given.items() if value}
    found = f"{context.now():%Y-%m-%d}, for {survey.address}: {candidate.place.named}"
    return Choice(survey=survey, table=table, comment=f"added {found}")


def declare_all(context: Context, chosen: Sequence[Choice]) -> Path:
    """Write the sources into the user's config, which is made where there is none yet."""

    path = context.config_path or user_config()
    if not path.is_file():
        write_initial_config(path)
        context.errors.print(f"Wrote {path}.", soft_wrap=True)
    new = [choice for choice in chosen if choice.table]
    add_sources(path, [choice.table for choice in new], [choice.comment for choice in new])
    return path


def _say_what_was_added(context: Context, chosen: Sequence[Choice], path: Path | None) -> None:
    say = context.console.print
    for choice in chosen:
        if choice.known_as:
            say(f"It is there already: {choice.known_as}.")
            continue
        told = f"{choice.table['id']} ({printable_line(str(choice.table['name']))})"
        say(f"Added {told} to {path}.", soft_wrap=True)
    ids = " ".join(str(choice.table["id"]) for choice in chosen if choice.table)
    if ids:
        say(f"Next: broadsheet crawl {ids}", soft_wrap=True)


def _print_json(surveys: Sequence[Survey], chosen: Sequence[Choice]) -> None:

    added = {id(choice.survey): choice for choice in chosen}
    found = []
    for survey in surveys:
        choice = added.get(id(survey))
        more = {"added": choice.table.get("id") if choice else None}
        found.append(fields(survey) | more | {"known_as": (choice and choice.known_as) or None})
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
