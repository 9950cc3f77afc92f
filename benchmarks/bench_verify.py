"""What it costs to verify an archive, and whether every damage in it is found.

    .venv/bin/python benchmarks/bench_verify.py [--mb 1000] [--folder DIR]

Archives generated articles with everything on (index, clusters, revisions, files, raw pages) until
archive.db has `--mb` MB, verifies it, damages it in each of the ways below at articles drawn with a
fixed seed, and verifies it `--full`. 1,000 MB need 3 GB of room below DIR and, mostly to write
them, some ten minutes of CPU; all is removed afterwards. Times are CPU time. Exit 1 where a goal is
missed: 60 s, 250 s with `--full`, every damage found.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from archive.articles.save import save_article  # noqa: E402
from archive.database.connect import connect, transaction  # noqa: E402
from archive.database.times import from_text  # noqa: E402
from archive.entries.owed import file_entry  # noqa: E402
from archive.files.orders import write_owed  # noqa: E402
from archive.migrate import migrate  # noqa: E402
from archive.model import Declaration, Entry, RawPage  # noqa: E402
from archive.pages.store import PageStore  # noqa: E402
from archive.sources.declarations import declare  # noqa: E402
from archive.upkeep.verify.check import Findings, Scope, check  # noqa: E402
from archive.upkeep.verify.damage import DamageKind  # noqa: E402
from benchmarks.search.corpus import articles, page  # noqa: E402
from benchmarks.search.filling import article  # noqa: E402

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BATCH = 200  # articles in one transaction
QUICK_S, FULL_S = 60, 250

# What breaks an article: its id is :id.
DAMAGE = {
    DamageKind.ALIAS_MISSING: "DELETE FROM article_urls WHERE article_id = :id",
    DamageKind.BAND_MISSING: "DELETE FROM near_bands WHERE article_id = :id",
    DamageKind.COPY_OF_MISSING: "UPDATE articles SET copy_of = 99999999 WHERE id = :id",
    DamageKind.ENTRY_WITHOUT_ARTICLE: (
        "UPDATE entries SET article_id = 99999999 WHERE article_id = :id"
    ),
    DamageKind.FILE_NOT_ORDERED: "DELETE FROM files WHERE article_id = :id",
    DamageKind.FILE_ORDER_STALE: "UPDATE articles SET author = 'Another' WHERE id = :id",
    DamageKind.FINGERPRINT_WRONG: "UPDATE articles SET fingerprint = 'AAAA' WHERE id = :id",
    DamageKind.HASH_WRONG: "UPDATE articles SET word_count = 1 WHERE id = :id",
    DamageKind.MENTION_WITHOUT_INSTRUMENT: (
        "INSERT INTO mentions VALUES (:id, 'X.XNAS', 'X', 'name', 1)"
    ),
    DamageKind.REVISION_GAP: "UPDATE articles SET revision = 2 WHERE id = :id",
    DamageKind.VALUE_MALFORMED: "UPDATE articles SET checked = 'yesterday' WHERE id = :id",
    DamageKind.INDEX_STALE: "INSERT INTO articles_fts(articles_fts, rowid, title, text)"
    " SELECT 'delete', id, 'another title', text FROM articles_seg WHERE id = :id",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--folder", help="where the archive goes; default: a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        data = Path(folder)
        _archive(data, options.mb)
        quick_s, found = _verify(data, full=False)
        sound = not found.counts
        print(f"verify: {quick_s:.1f} s of CPU, found {dict(found.counts) or 'nothing'}")
        damaged = _damage(data)
        full_s, found = _verify(data, full=True)
        missed = damaged - set(found.counts)
        print(
            f"verify --full: {full_s:.1f} s of CPU, {len(damaged)} kinds of damage, missed: ",
            end="",
        )
        print(", ".join(sorted(missed)) or "none")
    scale = max(1.0, options.mb / 1000)
    in_time = quick_s <= QUICK_S * scale and full_s <= FULL_S * scale
    return 0 if sound and in_time and not missed else 1


def _archive(data: Path, megabytes: int) -> None:
    os.fsync = lambda _: None  # what is made here need outlive nothing
    conn, pages = connect(data / "archive.db"), PageStore(data / "pages.db")
    conn.execute("PRAGMA synchronous = OFF")
    migrate(conn, NOW)
    declare(conn, [Declaration(id="s0", name="S0", url="https://s0.example/rss")], now=NOW)
    stream, begun, number = articles(10**7), time.process_time(), 0
    while _megabytes(conn) < megabytes:
        with transaction(conn):
            for row in islice(stream, BATCH):
                number += 1
                _save(conn, pages, row)
    write_owed(conn, data / "articles")
    conn.close()
    pages.close()
    sizes = ", ".join(
        f"{n} {(data / n).stat().st_size / 1e6:,.0f} MB" for n in ("archive.db", "pages.db")
    )
    spent = time.process_time() - begun
    print(f"{number:,} articles, {sizes}, written in {spent:.0f} s of CPU", flush=True)


def _megabytes(conn: sqlite3.Connection) -> float:
    return conn.execute("PRAGMA page_count").fetchone()[0] * 4096 / 1e6


def _save(conn: sqlite3.Connection, pages: PageStore, row: dict[str, str]) -> None:
    url, now = row["url"], from_text(row["published"]) + timedelta(minutes=5)
    raw = RawPage(url=url, source_id="s0", fetched=now, status=200, headers=(), body=page(row))
    page_id = pages.save(raw)
    entry = file_entry(conn, Entry(url=url, raw_url=url), "s0", now=now)
    saved = save_article(conn, article(row), entry=entry, now=now, page_id=page_id)
    if saved.article_id is not None:
        pages.link(page_id, saved.article_id)


def _verify(data: Path, *, full: bool) -> tuple[float, Findings]:
    begun = time.process_time()
    report = Findings.of(check(Scope(data=data, directory=data / "articles", full=full), now=NOW))
    return time.process_time() - begun, report


def _damage(data: Path) -> set[DamageKind]:
    """Damage one article in each way, none of them twice."""
    draw = random.Random(20211209)
    with closing(connect(data / "archive.db")) as conn:
        stories = [row[0] for row in conn.execute("SELECT id FROM articles WHERE copy_of IS NULL")]
        conn.execute("PRAGMA foreign_keys = OFF")
        ids = draw.sample(stories, len(DAMAGE) + 3)
        for statement, article_id in zip(DAMAGE.values(), ids, strict=False):
            conn.execute(statement, {"id": article_id})
        conn.execute("DROP TRIGGER articles_fts_au")
        gone, edited = (_file(conn, data, article_id) for article_id in ids[-2:])
    gone.unlink()
    edited.write_text("edited", "utf-8")
    with closing(connect(data / "pages.db")) as pages:
        flip = "UPDATE pages SET body = substr(body, 1, 200) || x'00' WHERE article_id = ?"
        pages.execute(flip, (ids[-3],))
    return {
        *DAMAGE,
        DamageKind.INDEX_TRIGGER_MISSING,
        DamageKind.FILE_MISSING,
        DamageKind.FILE_DIFFERS,
        DamageKind.PAGE_DAMAGED,
    }


def _file(conn: sqlite3.Connection, data: Path, article_id: int) -> Path:
    query = "SELECT path FROM files WHERE article_id = ?"
    return data / "articles" / str(conn.execute(query, (article_id,)).fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
