"""Bring another archive into ours, without loss or doubles: `broadsheet merge`.

Each step only adds what is missing, in transactions of its own: a merge that was killed is done
again, and one that is done again changes nothing. Theirs is read as of one moment and never
written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from archive.asof.changes import at_moment
from archive.database.connect import connect, transaction
from archive.errors import ArchiveError
from archive.folder import DataFolder
from archive.migrate import check_schema
from archive.model import ChangeKind
from archive.pages.store import PageStore
from archive.schema import SCHEMA_VERSION
from archive.upkeep.merge import outlets
from archive.upkeep.merge.articles import ArticleMerge
from archive.upkeep.merge.entries import merge_entries
from archive.upkeep.merge.images import ImageSums, merge_images
from archive.upkeep.merge.pages import PageCopier, PageFiles, PageSums
from archive.upkeep.merge.pairing import Component, Pair, components, list_work
from archive.upkeep.merge.sources import map_sources, merge_documents, merge_sources
from archive.upkeep.merge.takedown import Takedown, plan_takedown, take_down_too
from archive.upkeep.merge.vetting import vet_archive, vet_pages

BATCH = 50  # articles written in one transaction

Watch = Callable[[str], None]  # told what is being done, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge brought into ours."""

    sources: int
    renamed: tuple[tuple[str, str], ...]  # their ids that are another source's here, and ours
    articles: int
    grown: int  # ours that got a version, an address or an earlier date
    joined: int  # ours that turned out to be one article
    held: int  # that are walls, as one of the two knows
    remade: int  # imported posts of theirs whose bytes could do harm: made of their text
    entries: int
    runs: int
    forgotten: int  # ours that theirs had taken down
    pages: int
    damaged: int  # pages of theirs that can't be read back
    images: ImageSums


@contextmanager
def opened(ours: sqlite3.Connection, other: Path) -> Iterator[Pair]:
    """Open the archive `other`, a folder or a file, as it is at this moment.

    Raises ArchiveError where it can't be read, is ours, has another schema, or holds anything that
    Broadsheet doesn't write: then nothing was merged.
    """
    path = DataFolder(other).archive if other.is_dir() else other
    if not path.is_file():
        raise ArchiveError(f"there is no archive at {path}: name its folder, or its archive.db")
    if path.samefile(ours.execute("PRAGMA database_list").fetchone()["file"]):
        raise ArchiveError(f"{path} is the archive itself: name another one")
    with closing(connect(path, readonly=True, foreign=True)) as theirs:
        theirs.execute("BEGIN")  # as of one moment; it is read until the connection is closed
        require_same_schema(theirs, path)
        vet_archive(theirs, path)
        if (pages := DataFolder(path.parent).pages).is_file():
            vet_pages(pages)
        yield Pair(ours=ours, theirs=theirs)


def require_same_schema(
    theirs: sqlite3.Connection, path: Path, latest: int = SCHEMA_VERSION
) -> None:
    """Raise ArchiveError, saying what to do, unless `theirs` has the schema `latest`."""
    version = check_schema(theirs, latest)
    if version == 0:
        raise ArchiveError(f"{path} is empty: there is nothing to merge")
    if version < latest:
        raise ArchiveError(
            f"{path} has schema {version}, this Broadsheet writes {latest}: upgrade it first, or a "
            f"copy of it, with `broadsheet --data {path.parent} render`"
        )


def merge(
    pair: Pair,
    data: Path,
    plan: Takedown,
    *,
    now: datetime,
    watch: Watch = lambda _: None,
    is_free: Callable[[str], bool] = lambda _: True,
    trust_posts: bool = False,
) -> Merged:
    """Bring `pair.theirs` into `pair.ours`, whose folder is `data`; outside of a transaction.

    `plan` is what is to be forgotten first (`plan_takedown`). `is_free`: whether no file lies at a
    path below markdown.dir, which an imported post of theirs may then have. `trust_posts`: such a
    post keeps its bytes even where they could do harm on a site. Files are ordered, not written.
    """
    watch("what was taken down")
    _forget_pages(DataFolder(data).pages, plan)  # first: no page outlives what says to forget it
    take_down_too(pair.ours, pair.theirs, plan, now=now)
    watch("sources")
    sources, added = _merge_sources(pair, now)
    union = ArticleMerge(
        pair=pair,
        sources=sources,
        placeholders=outlets.placeholder_texts(pair.ours),
        is_free=is_free,
        now=now,
        trust_posts=trust_posts,
    )
    _merge_articles(union, plan.urls, watch)
    watch("entries")
    entries = merge_entries(pair, sources, plan.urls, now=now)
    runs = _merge_the_rest(pair, sources, now)
    watch("raw pages")
    pages = _merge_pages(pair, data, sources, plan.urls)
    return Merged(
        sources=added,
        renamed=tuple(names for names in sources.items() if names[0] != names[1]),
        articles=union.sums.new,
        grown=union.sums.grown,
        joined=union.sums.joined,
        held=union.sums.held,
        remade=union.sums.remade,
        entries=entries,
        runs=runs,
        forgotten=len(plan.ours),
        pages=pages.new,
        damaged=pages.damaged,
        images=merge_images(pair, data, plan.urls),
    )


def _merge_articles(union: ArticleMerge, taken_down: frozenset[str], watch: Watch) -> None:
    ours = union.pair.ours
    watch("comparing articles")
    total, done = list_work(union.pair, taken_down), 0
    with transaction(ours), at_moment(ours, union.now, via=ChangeKind.MERGED):
        for article_id in outlets.archived_placeholders(ours):
            union.unite(Component(theirs=(), ours=(article_id,)))
    found, batch = components(union.pair), list[Component]()
    while True:
        watch(f"articles: {done:,} of {total:,}")
        # the list's rows go with what came of them
        with transaction(ours), at_moment(ours, union.now, via=ChangeKind.MERGED):
            batch = list(islice(found, BATCH))
            for component in batch:
                union.unite(component)
        if not batch:
            return
        done += sum(len(component.theirs) for component in batch)


def _merge_sources(pair: Pair, now: datetime) -> tuple[dict[str, str], int]:
    """Give under which id of ours each of their sources goes on, and how many are new."""
    with transaction(pair.ours):
        sources = map_sources(pair)
        added = merge_sources(pair, sources, now=now)
        outlets.merge_learned(pair)
    return sources, added


def _merge_the_rest(pair: Pair, sources: Mapping[str, str], now: datetime) -> int:
    """What is small: documents, decisions on copies, and runs; give how many of these are new."""
    with transaction(pair.ours), at_moment(pair.ours, now):
        merge_documents(pair, sources)
        outlets.merge_holds(pair, sources)
        outlets.merge_decisions(pair, now=now)
        return outlets.merge_runs(pair)


def _forget_pages(path: Path, plan: Takedown) -> None:
    if plan.ours and path.exists():
        with closing(PageStore(path)) as store:
            for found in plan.ours:
                store.forget(found.article_id, found.addresses)


def _merge_pages(
    pair: Pair, data: Path, sources: Mapping[str, str], taken_down: frozenset[str]
) -> PageSums:
    there = Path(pair.theirs.execute("PRAGMA database_list").fetchone()["file"]).parent
    theirs = DataFolder(there).pages
    ours, sums = DataFolder(data).pages, PageSums()
    if not theirs.is_file() or (ours.exists() and theirs.samefile(ours)):
        return sums
    with closing(PageFiles.open(ours, theirs)) as shelves:
        PageCopier(
            pair=pair, shelves=shelves, sources=sources, taken_down=taken_down, sums=sums
        ).copy_all()
    return sums


__all__ = ["Merged", "merge", "opened", "plan_takedown", "require_same_schema"]
