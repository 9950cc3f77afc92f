"""How copies are told from texts that only resemble each other, and what that costs.

    .venv/bin/python benchmarks/bench_copies.py [--pairs 2000] [--seed N] [--stored 1000000]

Generates labelled pairs in both languages, files their texts in random order as the crawler does,
and compares the clusters with the labels; then looks for the copies of some of them in an archive
of N stored fingerprints (0: not; a million take some minutes and 500 MB below --folder, removed
afterwards). All times are CPU time. Exit 1 where a goal is missed: precision 0.999, recall 0.97.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.copies.measuring import Outcome, measure, new_archive  # noqa: E402
from benchmarks.copies.pairs import LabelledSet, kinds, labelled_set  # noqa: E402
from benchmarks.copies.stored import fill, fingerprint_ms, lookup_ms, megabytes  # noqa: E402

MIN_PRECISION, MIN_RECALL = 0.999, 0.97
LOOKUPS = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stored", type=int, default=1_000_000)
    parser.add_argument("--folder", help="where the database goes; default: a temporary one")
    options = parser.parse_args()
    labelled = labelled_set(options.pairs, options.seed)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        conn = new_archive(Path(folder))
        outcome = measure(conn, labelled, options.seed)
        _print(labelled, outcome)
        if options.stored:
            _print_cost(conn, options.stored)
        conn.close()
    reached = outcome.precision >= MIN_PRECISION and outcome.recall(labelled.pairs) >= MIN_RECALL
    return 0 if reached else 1


def _print(labelled: LabelledSet, outcome: Outcome) -> None:
    print(f"{len(labelled.pairs):,} pairs of {len(labelled.texts):,} texts")
    for kind in kinds(labelled.pairs):
        right, count = outcome.by_kind[kind]
        print(f"  {kind:20} {right:5,} of {count:5,}")
    print(
        f"precision {outcome.precision:.4f} ({len(outcome.wrong)} wrong of {outcome.links:,} links)"
        f"  recall {outcome.recall(labelled.pairs):.4f}"
        f"  {outcome.ms_per_article:.2f} ms an article, all that is written included",
        flush=True,
    )


def _print_cost(conn: sqlite3.Connection, stored: int) -> None:
    ids = [row[0] for row in conn.execute("SELECT id FROM articles LIMIT ?", (LOOKUPS,))]
    before = lookup_ms(conn, ids)
    insert_ms = fill(conn, stored)
    print(
        f"fingerprint and bands {fingerprint_ms():.2f} ms; look-up {before:.3f} ms before and"
        f" {lookup_ms(conn, ids):.3f} ms after {stored:,} more were stored"
        f" ({insert_ms:.3f} ms each, {megabytes(conn):,.0f} MB)"
    )


if __name__ == "__main__":
    sys.exit(main())
