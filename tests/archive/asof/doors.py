"""Every door of an archive, asked: of a moment, and of the copy that was made then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from archive.reader import Archive, open_archive
from archive.search.answer import Order
from archive.upkeep.export import ExportSelection, records

NOT_PROMISED = {"checked", "markdown_path"}


@dataclass(frozen=True)
class Copy:
    seq: int
    at: datetime
    path: Path


def doors(archive: Archive, words: list[str]) -> Iterator[tuple[str, object]]:
    """Ask an archive through every door."""
    articles = list(archive.iterate())
    yield "articles", [_promised(asdict(article)) for article in articles]
    for article in articles:
        yield f"versions of {article.id}", archive.revisions(article.id)
        yield f"copies of {article.id}", [copy.id for copy in archive.copies(article.id)]
    yield "stories", [story.id for story in archive.stories()]
    for word in words:
        for copies in (False, True):
            found = archive.search(word, 1000, copies=copies, order=Order.NEWEST)
            yield f"search {word} {copies}", [_promised(asdict(hit)) for hit in found]
        ranked = archive.search(word, 1000)
        yield f"ranked {word}", sorted(hit.id for hit in ranked)
    for selection in (ExportSelection(), ExportSelection(copies=True, query=words[0])):
        exported = records(archive._conn, selection)
        yield f"export {selection}", [_promised(dict(record)) for record in exported]
    coverage = archive.coverage()
    yield "coverage", [_without_late(asdict(day)) for day in coverage.days]
    yield "changes", list(archive.changes())


def _promised(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in NOT_PROMISED}


def _without_late(day: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in day.items() if name not in ("late", "gaps")}


def differences(final: Path, copies: list[Copy], words: list[str]) -> Iterator[str]:
    """Name what a door says otherwise of a moment than the copy of then; by number and by time."""
    for copy in copies:
        with closing(open_archive(copy.path)) as then:
            told = dict(doors(then, words))
        moments: tuple[tuple[str, datetime | int], ...] = (
            ("by number", copy.seq),
            ("by time", copy.at),
        )
        for how, moment in moments:
            with closing(open_archive(final, as_of=moment)) as past:
                for door, answer in doors(past, words):
                    if answer != told.get(door) and not (how == "by number" and door == "coverage"):
                        where = f"{how}, {copy.at:%d %H:%M} ({copy.seq}), {door}"
                        yield f"{where}: {answer} <> {told.get(door)}"
