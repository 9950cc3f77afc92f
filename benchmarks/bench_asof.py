"""What it costs to ask the archive as it stood: search as of a moment beside search now, one run.

`python benchmarks/bench_asof.py --articles 20000`: fills an archive, edits one article in twenty,
then asks the queries of benchmarks/search now, as of the middle, and as of just before the edits.
Opening at a moment is a figure of its own. CPU of the process, medians.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive.database.connect import connect, transaction
from archive.reader import Archive, open_archive
from benchmarks.search.filling import Filling
from benchmarks.search.queries import QUERIES

GOAL = 2.0  # of search as of a moment to search now, at 200,000 articles
_EDIT = """
UPDATE articles SET text = text || ' 更正 corrected', revision = revision + 1,
  version_kind = 'edit', content_hash = content_hash || 'e' WHERE id % 20 = 0
"""


def main() -> int:
    """Print the figures as JSON; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filling = Filling(folder, given.articles)
        filling.bulk(given.articles)
        filling.close()
        with closing(connect(folder / "archive.db")) as conn:
            last = int(conn.execute("SELECT max(seq) FROM changes").fetchone()[0])
            with transaction(conn):
                conn.execute(_EDIT)
        figures = {
            "articles": given.articles,
            "now": _asked(folder, None),
            "middle": _asked(folder, last // 2),
            "before the edits": _asked(folder, last),
        }
    print(json.dumps(figures, indent=2))
    now = figures["now"]["search_ms"]
    slowest = max(figures[name]["search_ms"] for name in ("middle", "before the edits"))
    print(f"as of / now, all queries: {slowest / now:.2f} (goal {GOAL})")
    return int(slowest > GOAL * now)


def _asked(folder: Path, seq: int | None) -> dict[str, float]:
    """Ask each query five times: `search_ms` is the sum of their medians, all queries once."""
    opening = [_cpu_ms(lambda: open_archive(folder, as_of=seq).close()) for _ in range(5)]
    with closing(open_archive(folder, as_of=seq)) as archive:
        each = [median(_cpu_ms(_search(archive, q)) for _ in range(5)) for q in QUERIES]
        found = sum(bool(archive.search(query)) for query in QUERIES)
    p95 = quantiles(each, n=20)[-1]
    return {"open_ms": median(opening), "search_ms": sum(each), "p95_ms": p95, "found": found}


def _search(archive: Archive, query: str) -> Callable[[], object]:
    return lambda: archive.search(query)


def _cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
