"""Raw pages: how small, and what they cost, beside gzip and zstd without a dictionary.

    .venv/bin/python benchmarks/bench_pages.py [--bulk N]

Packs the newsroom's story pages, its generated ones, and, where ../shared/corpus is there, the
pages of its sites that have three or more. Each set goes into a PageStore of its own, one page a
transaction as in a crawl, and comes back bit for bit. Sizes are those of the bodies, with the
dictionaries counted in; `file` is pages.db as it lies on the disk, `later` what each further page
costs beside those that became dictionaries. Times are CPU milliseconds a
page. Exit 1 when a page comes back other than it went in.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import zstandard

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from archive.database.connect import connect  # noqa: E402
from archive.model import RawPage  # noqa: E402
from archive.pages.compression import LEVEL  # noqa: E402
from archive.pages.store import PageStore  # noqa: E402
from tests.site.process import Site, running_site  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"
T, R = TypeVar("T"), TypeVar("R")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
HEAD = f"{'pages':>34} {'MB':>6} {'gzip -6':>8} {'zstd':>6} {'ours':>6} {'file':>6} {'later':>6}"
TIMES = f"{'gzip':>6} {'zstd':>6} {'save':>6} {'read':>6}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bulk", type=int, default=300, help="generated pages (default: 300)")
    bulk = parser.parse_args().bulk
    print(f"{HEAD}   {TIMES}  CPU ms")
    with tempfile.TemporaryDirectory() as folder:
        same = [
            _measure(name, pages, Path(folder) / f"{number}.db")
            for number, (name, pages) in enumerate(_sets(bulk))
            if pages
        ]
    return 0 if all(same) else 1


def _sets(bulk: int) -> Iterator[tuple[str, list[RawPage]]]:
    with running_site() as site:
        stories = [story for story in site.expected() if story.get("public")]
        yield "newsroom, stories", [_get(site, s["host"], s["path"]) for s in stories]
        yield "newsroom, generated", [_get(site, "plain", f"/bulk/{n}") for n in range(bulk)]
    yield from _corpus()


def _get(site: Site, host: str, path: str) -> RawPage:
    return _page(site.url(host, path), site.get(host, path).body)


def _corpus() -> Iterator[tuple[str, list[RawPage]]]:
    if not (CORPUS / "gold.jsonl").is_file():
        print(f"skipped: no corpus at {CORPUS}")
        return
    rows = [json.loads(line) for line in (CORPUS / "gold.jsonl").read_text().splitlines()]
    of_site = Counter(row["site"] for row in rows)
    for name, wanted in (
        ("corpus, sites of 3 and more", lambda count: count >= 3),
        ("corpus, single pages", lambda count: count == 1),
    ):
        chosen = [row for row in rows if wanted(of_site[row["site"]])]
        yield name, [_page(row["url"], _bytes_of(row["id"])) for row in chosen]


def _bytes_of(page_id: str) -> bytes:
    return gzip.decompress((CORPUS / "pages" / f"{page_id}.html.gz").read_bytes())


def _page(url: str, body: bytes) -> RawPage:
    return RawPage(url=url, source_id="s", fetched=NOW, status=200, headers=(), body=body)


def _measure(name: str, pages: Sequence[RawPage], path: Path) -> bool:
    bodies = [page.body for page in pages]
    store = PageStore(path)
    with closing(store):
        zipped, gzip_ms = _timed(lambda body: len(gzip.compress(body, 6)), bodies)
        plain = zstandard.ZstdCompressor(level=LEVEL)
        bare, zstd_ms = _timed(lambda body: len(plain.compress(body)), bodies)
        ids, save_ms = _timed(store.save, pages)
        back, read_ms = _timed(lambda page_id: store.read(page_id).body, ids)
    raw, later = sum(map(len, bodies)), _later(path, pages)
    with closing(connect(path, readonly=True)) as conn:
        ours = sum(
            conn.execute(f"SELECT coalesce(sum(length({column})), 0) FROM {table}").fetchone()[0]
            for table, column in (("pages", "body"), ("dicts", "page"))
        )
    sizes = (sum(zipped), sum(bare), ours, path.stat().st_size)
    ratios = (*(raw / size for size in sizes), later)
    shown = " ".join(
        f"{ratio:>{width}.1f}" for ratio, width in zip(ratios, (8, 6, 6, 6, 6), strict=True)
    )
    times = " ".join(f"{ms:>6.2f}" for ms in (gzip_ms, zstd_ms, save_ms, read_ms))
    print(f"{f'{name}, {len(pages)}':>34} {raw / 1e6:>6.1f} {shown}   {times}")
    return back == bodies


def _later(path: Path, pages: Sequence[RawPage]) -> float:
    """The ratio of the pages that are not their host's dictionary; 0 where all are."""
    with closing(connect(path, readonly=True)) as conn:
        rows = conn.execute(
            "SELECT id, length(body) FROM pages WHERE sha256 NOT IN (SELECT sha256 FROM dicts)"
        ).fetchall()
    packed = sum(size for _, size in rows)
    return sum(len(pages[page_id - 1].body) for page_id, _ in rows) / packed if packed else 0.0


def _timed(function: Callable[[T], R], values: Sequence[T]) -> tuple[list[R], float]:
    began = time.process_time()
    found = [function(value) for value in values]
    return found, (time.process_time() - began) * 1000 / len(values)


if __name__ == "__main__":
    sys.exit(main())
