"""From examples to the judge's numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.judge.examples import MISPLACED, Example
from benchmarks.judge.numbers import bounds, in_steps, least_squares, logistic, means, table
from crawler.extract.body.judge import article_odds, judge
from crawler.extract.body.judge.article_odds import OddsTable, Steps
from crawler.extract.body.judge.features import Features
from crawler.extract.body.judge.judge import NO_TEXT, Weights, expected_f1

SURE, MARGIN = 0.86, 0.02
_REFUSE, CERTAIN = 0.13, 0.02  # limit.py finds the first by folds
_RIDGE, _RIDGE_ODDS, _PIECES = 10.0, 50.0, 16
_LAYOUT_WEIGHTS = {"plain": 1.0, "nameless": 0.5, "old": 0.5, "bare": 1.4}
# An address tells much in training, where lists are ours: of so many pages another one's is read,
# so that it outweighs little.
_ADDRESS = frozenset({"at_root", "depth", "slug", "number", "query"})
_SWAPPED, _SEED = 0.1, 5
# There its headline and summary are the site's, too, as templates have it: else a page that is
# called by its outlet is taken for a list.
_MISCLAIMED = {"title": 0.0, "summary": 0.0, "title_size": math.nan}
# Pages of one paragraph without a shell, as a flash may be: known by what they say
# (crawler/extract/notices.py), not to be learned from: else every flash on a bare page is refused.
_NOTICES = frozenset(
    {"error_500", "maintenance", "javascript", "captcha", "app", "consent", "cookies"}
)
_HEAD = """\
# The judge's numbers; written by `python -P -m benchmarks.judge --write`, never by hand.
"""
_WEIGHTS_HEAD = f"""{_HEAD}\
# For each feature (features.py says what it is): its mean, and what a step away from it adds to the
# F1 that is expected of a text.
"""
_ODDS_HEAD = f"""{_HEAD}\
# For each feature (features.py and page_features.py say what it is): what it adds to the log odds
# that a page is an article: `adds[0]` up to `at[0]`, `adds[1]` above it, and so on.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """Both models."""

    weights: Weights
    odds: OddsTable


def fit(examples: Sequence[Example], without: frozenset[str] = frozenset()) -> Trained:
    """Fit both; features in `without` weigh nothing (for the ablation). The limit of refusal is one
    that only stands in."""
    names = [name for name in examples[0].features if name not in without]
    texts = [e for e in examples if e.f1 is not None]
    rows = table([e.features for e in texts], names)
    weight = np.array([_weight(e) for e in texts])
    mean = means(rows, weight)[0]
    wanted = np.array([e.f1 for e in texts])
    found = least_squares(rows, wanted, weight, mean, ridge=_RIDGE)
    weights = Weights(
        expected_at_mean=found.at_mean,
        sure=SURE,
        margin=MARGIN,
        features={
            name: (float(m), float(e)) for name, m, e in zip(names, mean, found.steps, strict=True)
        },
    )
    return Trained(weights=weights, odds=_fit_odds(_taught(examples, weights), without))


def _taught(examples: Sequence[Example], weights: Weights) -> list[Example]:
    """What the second model learns from."""
    found = winners(examples, weights)
    return [example for example in found if example.page.rpartition(" ")[2] not in _NOTICES]


def winners(examples: Sequence[Example], weights: Weights) -> list[Example]:
    """Of each page the text that is chosen."""
    best: dict[tuple[str, str], tuple[float, Example]] = {}
    for example in examples:
        if example.of_page:
            key, expected = (example.page, example.layout), expected_f1(example.features, weights)
            if expected > best.get(key, (NO_TEXT,))[0] + MARGIN:
                best[key] = expected, example
    return [example for _, example in best.values()]


def _fit_odds(found: Sequence[Example], without: frozenset[str]) -> OddsTable:
    """Fit the log odds that a page is an article; lists count as much as articles."""
    chance = random.Random(_SEED)
    others = [chance.choice(found) for _ in found]
    rows = [e.of_page for e in found]
    rows += [_at(e.of_page, other.of_page) for e, other in zip(found, others, strict=True)]
    names = [name for name in rows[0] if name not in without]
    values = table(rows, names)
    is_list = np.array([e.is_list for e in found] * 2)
    each = np.array([_LAYOUT_WEIGHTS.get(e.layout, 1.0) for e in found])
    weight = np.concatenate([each * (1 - _SWAPPED), each * _SWAPPED])
    if is_list.any():
        weight[is_list] *= weight[~is_list].sum() / weight[is_list].sum()
    at = [bounds(values[: len(found), place], _PIECES) for place in range(len(names))]
    passed = in_steps(values, at)
    shares = means(passed, weight)[0]
    fitted = logistic(passed, (~is_list).astype(float), weight, shares, ridge=_RIDGE_ODDS)
    features, place = {}, 0
    for name, cuts in zip(names, at, strict=True):
        steps, share = (a[place : place + len(cuts)] for a in (fitted.steps, shares))
        place += len(cuts)
        adds = float(-(steps @ share)) + np.concatenate([[0.0], np.cumsum(steps)])
        if cuts:
            features[name] = Steps(at=tuple(cuts), adds=tuple(map(float, adds)))
    return OddsTable(base=fitted.at_mean, refuse=_REFUSE, certain=CERTAIN, features=features)


def _at(mine: Features, other: Features) -> Features:
    """The features of a page at the other's address, under claims that are not its own."""
    return {
        **{name: other[name] if name in _ADDRESS else value for name, value in mine.items()},
        **_MISCLAIMED,
        **{name: value for name, value in MISPLACED.items() if not math.isnan(mine[name])},
    }


def _weight(example: Example) -> float:
    return example.weight * _LAYOUT_WEIGHTS.get(example.layout, 1.0)


def write(trained: Trained) -> None:
    """Write both files beside the code that reads them."""
    folder = Path(judge.__file__).parent
    weights, odds = trained.weights, trained.odds
    (folder / "weights.toml").write_text(
        _WEIGHTS_HEAD
        + f"expected_at_mean = {weights.expected_at_mean:.4f}\n"
        + f"sure = {weights.sure}\nmargin = {weights.margin}\n\n[features]\n"
        + "".join(f"{name} = [{m:.4f}, {e:.5f}]\n" for name, (m, e) in weights.features.items()),
        encoding="utf-8",
    )
    (folder / Path(article_odds.__file__).with_suffix(".toml").name).write_text(
        _ODDS_HEAD
        + f"base = {odds.base:.4f}\nrefuse = {odds.refuse}\ncertain = {odds.certain}\n"
        + "\n[features]\n"
        + "".join(_told(odds.features)),
        encoding="utf-8",
    )


def _told(features: Mapping[str, Steps]) -> list[str]:
    return [
        f"{name} = {{ at = [{_numbers(steps.at)}], adds = [{_numbers(steps.adds)}] }}\n"
        for name, steps in features.items()
    ]


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.4g}" for value in values)
