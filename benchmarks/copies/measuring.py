"""File the labelled set as the crawler does, and compare the clusters with the labels."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.articles.save import save_article
from archive.database.connect import connect, transaction
from archive.entries.owed import file_entry
from archive.migrate import migrate
from archive.model import Article, Declaration, Entry
from archive.sources.declarations import declare
from benchmarks.copies.pairs import LabelledSet, Pair, Text

NEWEST = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OUTLETS = 400  # so that hardly two texts of a story are one outlet's


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the archive made of a labelled set."""

    links: int  # copies that refer to a story
    wrong: tuple[tuple[int, int], ...]  # to another story than their own, or beside the contrary
    missed: tuple[Pair, ...]  # copies that are not in one cluster
    by_kind: dict[str, tuple[int, int]]  # kind of pair -> rightly judged, all
    ms_per_article: float  # CPU, everything on

    @property
    def precision(self) -> float:
        return 1 - len(self.wrong) / self.links if self.links else 1.0

    def recall(self, pairs: tuple[Pair, ...]) -> float:
        return 1 - len(self.missed) / sum(pair.copies for pair in pairs)


def new_archive(folder: Path) -> sqlite3.Connection:
    conn = connect(folder / "archive.db")
    migrate(conn, NEWEST)
    outlets = [
        Declaration(id=f"s{n}", name=f"Outlet {n}", url=f"https://s{n}.example/rss", kind="feed")
        for n in range(OUTLETS)
    ]
    declare(conn, outlets, now=NEWEST)
    return conn


def measure(conn: sqlite3.Connection, labelled: LabelledSet, seed: int) -> Outcome:
    """Save all texts in random order, and look at `copy_of`."""
    order = list(range(len(labelled.texts)))
    random.Random(seed).shuffle(order)
    ids, began = {}, time.process_time()
    for number in order:
        ids[number] = _save(conn, number, labelled.texts[number])
    seconds = time.process_time() - began
    return _judge(conn, labelled, ids, seconds * 1000 / len(order))


def _save(conn: sqlite3.Connection, number: int, text: Text) -> int:
    outlet, story = number if text.outlet is None else text.outlet, text.story
    source = f"s{outlet % OUTLETS}"
    url = f"https://{source}.example/a/{number}"
    article = Article(
        url=url,
        title=f"{story.title} {number}",
        text=story.text,
        markdown=story.text,
        language=story.language,
        published=NEWEST - text.age,
        published_from="meta",
    )
    with transaction(conn):
        entry = file_entry(conn, Entry(url=url, raw_url=url), source, now=NEWEST)
        saved = save_article(conn, article, entry=entry, now=NEWEST + timedelta(hours=1))
    assert saved.article_id is not None, f"{url}: {saved.rejected}"
    return saved.article_id


def _judge(
    conn: sqlite3.Connection, labelled: LabelledSet, ids: dict[int, int], ms: float
) -> Outcome:
    numbers = {article_id: number for number, article_id in ids.items()}
    rows = conn.execute("SELECT id, copy_of FROM articles")
    story = {numbers[i]: numbers.get(copy_of, numbers[i]) for i, copy_of in rows}
    links = [(one, other) for one, other in story.items() if one != other]
    group = [text.group for text in labelled.texts]
    tally: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for pair in labelled.pairs:
        joined = story[pair.one] == story[pair.other]
        tally[pair.kind].append(joined == pair.copies)
        if pair.copies and not joined:
            missed.append(pair)
    return Outcome(
        links=len(links),
        wrong=(
            *((a, b) for a, b in links if group[a] != group[b]),
            # a text without the turned sentence may stand beside either side, but not both in one
            *(
                (p.one, p.other)
                for p in labelled.pairs
                if p.turned and story[p.one] == story[p.other]
            ),
        ),
        missed=tuple(missed),
        by_kind={kind: (sum(right), len(right)) for kind, right in tally.items()},
        ms_per_article=ms,
    )
