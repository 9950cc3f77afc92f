"""Measure extraction: python -P -m benchmarks.quality [--only-ours] [--folds 5] [--html OUT]

Prints us beside plain trafilatura, readability-lxml and newspaper4k on the gold corpus, on invented
sites and on strange pages, and us alone on the newsroom's. Exits 1 when a figure of ours is below
its floor (floors.toml). Where the corpus is absent the rest is measured; a package that is not
installed is named and skipped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from benchmarks.quality.comparison import write_index
from benchmarks.quality.floors import below, load_floors
from benchmarks.quality.own_pages import own_pages
from benchmarks.quality.pages import CORPUS, Page, corpus_pages, read_lines
from benchmarks.quality.report import fold_table, sizes, table
from benchmarks.quality.running import Predictions, predict
from benchmarks.quality.scores import Row, load_scorer, score_corpus, score_own, summarise
from benchmarks.quality.sets import Scored, kind_lines, score_sets, set_pages
from benchmarks.quality.systems import SYSTEMS, installed

OURS = "broadsheet"


def main() -> int:
    chosen = _options().parse_args()
    own, corpus, ours = own_pages(), _corpus(chosen.corpus), set_pages()
    beside = [] if chosen.only_ours else chosen.beside
    names, absent = installed([OURS, *beside])
    for name in absent:
        print(f"skipped: {name} is not installed (pip install -e '.[bench]')")
    found = predict(corpus, names) if corpus else {}
    found_own, found_sets = predict(own, [OURS]), predict(ours, names)
    rows = _score_corpus(chosen.corpus, corpus, found)
    own_rows = score_own(OURS, own, found_own[OURS])
    sets = {name: score_sets(name, ours, found_sets[name]) for name in found_sets}
    _print_corpus(rows)
    print("\nour own pages", *table({OURS: own_rows}), sizes(own_rows), sep="\n")
    _print_sets(sets, kinds=chosen.kinds)
    if chosen.folds and rows:
        _print_folds(rows, chosen.folds, chosen.against)
    every = [*rows.get(OURS, ()), *own_rows, *chain(*sets[OURS].values())]
    if chosen.save:
        _save(every, chosen.save)
    if chosen.html:
        said = {**found.get(OURS, {}), **found_own[OURS], **found_sets[OURS]}
        index = write_index([*corpus, *own, *ours], said, every)
        chosen.html.write_text(index, encoding="utf-8")
    return _judge({"own": own_rows, **sets[OURS], **({"corpus": rows[OURS]} if rows else {})})


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -P -m benchmarks.quality", description=__doc__)
    options.add_argument("--corpus", type=Path, default=CORPUS)
    options.add_argument("--only-ours", action="store_true", help="no other system: fast")
    others = [name for name in SYSTEMS if name != OURS]
    options.add_argument("--beside", nargs="+", choices=others, default=others, help="only these")
    options.add_argument("--folds", type=int, help="the scores on so many folds of sites too")
    options.add_argument("--save", type=Path, help="write our score of every page, JSON lines")
    options.add_argument("--against", type=Path, help="a file of --save: gains per fold over it")
    options.add_argument("--kinds", action="store_true", help="our own sets by kind of page too")
    options.add_argument("--html", type=Path, help="write gold beside ours, worst first")
    return options


def _corpus(folder: Path) -> list[Page]:
    if (folder / "gold.jsonl").is_file() and (folder / "score.py").is_file():
        return corpus_pages(folder)
    print(f"skipped: no corpus at {folder}")
    return []


def _score_corpus(folder: Path, pages: list[Page], found: Predictions) -> dict[str, list[Row]]:
    if not pages:
        return {}
    scorer = load_scorer(folder / "score.py")
    return {name: score_corpus(scorer, name, pages, found[name]) for name in found}


def _print_corpus(rows: dict[str, list[Row]]) -> None:
    if rows:
        print("the corpus", *table(rows), sizes(rows[OURS]), sep="\n")


def _print_sets(sets: Mapping[str, Scored], *, kinds: bool) -> None:
    """Each set's table, of all systems; `sets`: system → set → its rows."""
    for name in sets[OURS]:
        print(f"\n{name}", *table({system: sets[system][name] for system in sets}), sep="\n")
    if kinds:
        print("", *kind_lines(sets[OURS]), sep="\n")


def _print_folds(rows: dict[str, list[Row]], folds: int, against: Path | None) -> None:
    before = _load(against) if against else rows.get("trafilatura")
    told = f"over {against or 'trafilatura'}" if before else ""
    print(
        f"\n{folds} folds of sites; in brackets the gain {told}" if before else "\nfolds of sites"
    )
    print(*fold_table(rows[OURS], folds, before), sep="\n")


def _save(rows: Sequence[Row], path: Path) -> None:
    lines = (json.dumps(row.told(), ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def _load(path: Path) -> list[Row]:
    rows = [Row(**line) for line in read_lines(path)]
    return [row for row in rows if not row.id.startswith(("own-", "invented/", "strange/"))]


def _judge(rows: Mapping[str, Sequence[Row]]) -> int:
    floors = load_floors()
    broken = [line for name in rows for line in below(name, summarise(rows[name]), floors)]
    for line in broken:
        print(f"below the floor: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
