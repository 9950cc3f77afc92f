"""Below which probability a page is refused: found by the sites that are learned from, alone.

A limit that is chosen by the folds which it is measured on looks better than it is. So whoever fits
a model finds its limit by folds within what it is fitted to, and knows nothing of what is measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks.judge.examples import Example
from benchmarks.judge.layouts import BARE, LAYOUTS
from benchmarks.judge.training import Trained, fit, winners
from benchmarks.quality.pages import fold_of
from crawler.extract.body.judge.article_odds import judge_page

_FOLDS, _SPLITS = 5, 3
# Of articles of sites left out, that may be refused (and so are held): of real pages in any layout,
# and of what is left of them without one, where an article may be a line between headlines.
_MOST_REFUSED, _MOST_BARE = 0.003, 0.05


def train(examples: Sequence[Example]) -> Trained:
    """Fit both models to all examples, and find the limit of the second by folds of their sites."""
    trained = fit(examples)
    refuse = round(refuse_limit(examples), 3)
    return replace(trained, odds=replace(trained.odds, refuse=refuse))


def refuse_limit(examples: Sequence[Example]) -> float:
    """The highest probability below which no more articles of sites left out are than may be.

    0 where there are no articles.
    """
    found = defaultdict[bool, list[float]](list)
    for split in range(_SPLITS):  # one split alone gives a limit of 0.18 or 0.24, as it falls
        for fold in range(_FOLDS):
            for is_bare, chance in _left_out(examples, split, fold):
                found[is_bare].append(chance)
    most = {False: _MOST_REFUSED, True: _MOST_BARE}
    limits = [_quantile(chances, most[is_bare]) for is_bare, chances in found.items()]
    return min(limits, default=0.0)


def _left_out(examples: Sequence[Example], split: int, fold: int) -> Iterator[tuple[bool, float]]:
    """Whether it is bare, and how likely an article, of each article of a fold's sites.

    Other folds than those that are measured on: these would be left with one less.
    """
    mine = [e for e in examples if fold_of(f"{split} {e.site}", _FOLDS) == fold]
    others = [e for e in examples if fold_of(f"{split} {e.site}", _FOLDS) != fold]
    if not mine or not others:
        return
    trained = fit(others)
    for example in winners(mine, trained.weights):
        if not example.is_list and example.layout in (*LAYOUTS, BARE):
            yield example.layout == BARE, judge_page(example.of_page, trained.odds).probability


def _quantile(chances: Sequence[float], share: float) -> float:
    """Below it is at most that share of them."""
    return sorted(chances)[int(share * len(chances))]
