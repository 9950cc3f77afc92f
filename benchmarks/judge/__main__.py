"""Train the judge of texts: python -P -m benchmarks.judge [--write] [--folds 5] [--curve]

Needs the corpus. Prints what leave-sites-out folds give, of the extraction as it is with the
weights of each fold: body F1, articles refused, lists refused, how often a second search was asked.
Exits 1 where one of these is below its floor (benchmarks/quality/floors.toml, `folds`). Without a
corpus there is nothing to learn from, and a line says so.
`--write` writes crawler/extract/body/judge/weights.toml from all sites.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.judge.curve import curve_lines
from benchmarks.judge.examples import Example, Wanted, examples
from benchmarks.judge.folds import fold_figures, fold_lines, outcomes
from benchmarks.judge.layouts import BARE, LAYOUTS, LISTS
from benchmarks.judge.limit import train
from benchmarks.judge.training import write
from benchmarks.quality.floors import below, load_floors
from benchmarks.quality.negatives import negatives, positives
from benchmarks.quality.pages import CORPUS, Page, corpus_pages
from benchmarks.quality.scores import Summary

_TEASERS = 12


def main() -> int:
    options = argparse.ArgumentParser(prog="python -P -m benchmarks.judge", description=__doc__)
    options.add_argument("--corpus", type=Path, default=CORPUS)
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--curve", action="store_true", help="learning curve and ablation")
    options.add_argument("--write", action="store_true")
    options.add_argument("--cache", type=Path, help="keep the examples here between runs")
    options.add_argument("--save", type=Path, help="write the outcome of every page")
    options.add_argument("--layouts", nargs="+", choices=LAYOUTS, default=LAYOUTS)
    chosen = options.parse_args()
    if not (chosen.corpus / "gold.jsonl").is_file():
        print(f"skipped: no corpus at {chosen.corpus}")
        return 0
    pages = [page for page in corpus_pages(chosen.corpus) if not page.no_article]
    wanted = [*wanted_pages(pages), *invented_pages("train")]
    held_out = invented_pages("held-out")
    known = _cached(wanted, chosen.cache)
    if chosen.write:
        write(train(known))
    if chosen.curve:
        print(*curve_lines(known), sep="\n")
    if chosen.folds:
        found = outcomes(wanted, held_out, known, chosen.folds, chosen.layouts)
        if chosen.save:
            chosen.save.write_bytes(pickle.dumps(found))
        print(*fold_lines(found), sep="\n")
        return _judged(fold_figures(found))
    return 0


def _judged(figures: Mapping[str, Summary]) -> int:
    floors = {"folds": load_floors()["folds"]}
    measured = {
        "folds": {name: floors["folds"][name] for name in figures if name in floors["folds"]}
    }
    broken = below("folds", figures, measured)
    print(*(f"below the floor: {line}" for line in broken), sep="\n", end="")
    return 1 if broken else 0


def wanted_pages(pages: Sequence[Page]) -> list[Wanted]:
    """Every page, every third in each other layout, every second without its article."""
    wanted = [Wanted(page=page, layout="plain") for page in pages]
    told = [page for page in pages if page.record.get("body") or page.record.get("with")]
    for number, layout in enumerate(LAYOUTS[1:]):
        wanted += [Wanted(page=page, layout=layout) for page in told[number::3]]
    whole = [page for page in pages if page.record.get("body")]
    wanted += [Wanted(page=page, layout=BARE) for page in whole]
    for number, page in enumerate(whole):
        others = [p for p in whole[number + 1 :] + whole[:number] if p.group == page.group]
        teasers = tuple(filter(all, map(_teaser, others[:_TEASERS])))
        layout = LISTS[number % 2]
        wanted.append(Wanted(page=page, layout=layout, teasers=teasers * (layout == "listed")))
    return wanted


def invented_pages(split: str) -> list[Wanted]:
    """Invented sites' articles, and their pages that are none: a page is all its own site."""
    every = split == "train"
    return [
        Wanted(
            layout=f"invented {split}",
            page=Page(
                id=f"{split} {page.name.replace('-', ' ')}",
                url=page.url,
                group=page.language,
                site=page.family,
                html=page.html,
                record={"bodies": list(page.gold.bodies)} if page.gold else {},
                refusal=None if page.gold else page.kind,
            ),
        )
        for page in (*negatives(every=every), *positives(every=every))
        if page.split == split
    ]


def _teaser(page: Page) -> tuple[str, str]:
    paragraphs = [p for p in (page.record.get("body") or "").split("\n") if len(p) > 40]
    title = page.record.get("title") or (paragraphs[0][:60] if paragraphs else "")
    return title, paragraphs[0] if paragraphs else ""


def _cached(wanted: Sequence[Wanted], cache: Path | None) -> list[Example]:
    if cache and cache.is_file():
        return list(pickle.loads(cache.read_bytes()))  # our own file
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as pool:
        known = [e for found in pool.map(examples, wanted, chunksize=8) for e in found]
    if cache:
        cache.write_bytes(pickle.dumps(known))
    return known


if __name__ == "__main__":
    sys.exit(main())
