"""What a look at a site found, in words and as fields of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from archive.database.times import to_text
from crawler.discover.site.candidates import SourceCandidate
from crawler.run.site_survey import Survey
from crawler.run.source_trial import Sample
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.tables import FittedTable, identity, name, number, phrase
from crawler.run.terminal.terminal import printable_line


def survey_lines(survey: Survey) -> Iterator[FittedTable | Text | str]:
    """Give what to print: the candidates, what the best announces, how its pages read."""
    if survey.problem:
        yield f"{survey.address}: {survey.problem}"
        return
    if survey.is_article:
        yield f"{survey.address} is an article; these are the places where its outlet lists news:"
    if survey.usable:
        yield _table(survey)
        yield ""
        yield from _best(survey, survey.usable[0])
    for candidate in survey.candidates:
        if candidate.problem:
            what = f"{candidate.kind} {candidate.url} ({candidate.place.named})"
            yield f"Not usable: {what}: {printable_line(candidate.problem)}"
    if survey.stopped:
        yield f"Stopped early: {survey.stopped}."


def _table(survey: Survey) -> FittedTable:
    columns = [
        number("#"),
        identity("kind"),
        number("items"),
        identity("newest", 2),
        identity("reaches back to", 3),
        name("address", least=24),
        phrase("how it was found", 1),
    ]
    table = FittedTable(columns)
    for place, candidate in enumerate(survey.usable, start=1):
        listed = candidate.listed
        table.add_row(
            str(place),
            candidate.kind,
            f"{len(listed.entries):,}",
            _day(listed.newest),
            _day(listed.oldest),
            printable_line(candidate.url),
            candidate.place.named,
        )
    return table


def _best(survey: Survey, candidate: SourceCandidate) -> Iterator[Text | str]:
    yield "1 would announce:"
    for entry in candidate.listed.shown:
        day = _day(entry.published)
        yield Text(f"  {day}  {printable_line(entry.title) or entry.url}")
    hidden = len(candidate.listed.entries) - len(candidate.listed.shown)
    if hidden > 0:
        yield f"  … and {counted(hidden, 'more item')}"
    for host in survey.hosts(candidate):
        yield f"Most of its items lead to {host}: if its pages are this outlet's own, --host {host}"
    if survey.samples:
        yield "Its first pages read:"
        yield from map(_read, survey.samples)


def _read(sample: Sample) -> Text:
    if sample.article is None:
        return Text(f"  {printable_line(sample.url)}: {printable_line(sample.problem)}")
    length = counted(len(sample.article.text), "character")
    return Text(f"  {printable_line(sample.article.title)} ({length})")


def _day(moment: datetime | None) -> str:
    return "no date" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def fields(survey: Survey) -> dict[str, object]:
    """A survey as JSON: times in UTC."""
    return {
        "address": survey.address,
        "problem": survey.problem,
        "is_article": survey.is_article,
        "outlet": survey.outlet,
        "language": survey.language,
        "requests": survey.requests,
        "stopped": survey.stopped,
        "candidates": [_fields(survey, candidate) for candidate in survey.candidates],
        "samples": [_sample(sample) for sample in survey.samples],
    }


def _fields(survey: Survey, candidate: SourceCandidate) -> dict[str, object]:
    listed = candidate.listed
    return {
        "url": candidate.url,
        "kind": candidate.kind,
        "how": str(candidate.place.named),
        "problem": candidate.problem,
        "found": listed.found,
        "announced": len(listed.entries),
        "newest": to_text(listed.newest),
        "oldest": to_text(listed.oldest),
        "hosts": list(survey.hosts(candidate)),
        "items": [
            {"title": e.title, "url": e.url, "published": to_text(e.published)}
            for e in listed.shown
        ],
    }


def _sample(sample: Sample) -> dict[str, object]:
    article = sample.article
    return {
        "url": sample.url,
        "title": article.title if article else None,
        "characters": len(article.text) if article else 0,
        "problem": sample.problem,
    }
