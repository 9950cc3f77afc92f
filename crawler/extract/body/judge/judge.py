"""How good a candidate's text is expected to be, and whether a page with such a text is an article.

Two weighted sums of the features, of numbers that one can read: `weights.toml`, written by
`python -P -m benchmarks.judge`. `expected` is the F1 that the text is expected to have against the
article's; `article` the probability that the page is one, and no list of them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crawler.extract.body.judge.features import Features

_FILE = Path(__file__).with_name("weights.toml")
_TOLD = 4  # features that an evidence names


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The trained numbers: per feature its mean and what a step away from it weighs."""

    expected_at_mean: float
    article_at_mean: float  # log odds
    sure: float  # an expected F1 from which nothing else is tried
    margin: float  # by how much a later candidate must be better: the first is mostly right
    refuse: float  # below this probability the page is no article
    # mean, for `expected`, for `article`, for `article` once more where it is above the mean
    features: Mapping[str, tuple[float, float, float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What is thought of one candidate."""

    expected: float = 0.0  # F1
    article: float = 0.0  # probability
    evidence: str = ""  # the features that weighed most for or against an article

    @property
    def confidence(self) -> float:
        """0 to 1: how surely the text is an article's, and the right one."""
        return round(max(0.0, min(1.0, self.expected)) * self.article, 3)


NO_TEXT = Opinion()


@lru_cache(1)
def weights() -> Weights:
    """The shipped weights, read once a process."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    features = {name: (m, e, a, b) for name, (m, e, a, b) in data.pop("features").items()}
    return Weights(features=features, **data)


def judge_text(features: Features, known: Weights | None = None) -> Opinion:
    """Weigh the features of one candidate, by the shipped weights or by others."""
    known = known or weights()
    expected, odds = known.expected_at_mean, known.article_at_mean
    weighed = []
    for name, (mean, for_expected, for_article, above) in known.features.items():
        if math.isnan(features[name]):  # the page doesn't say: it weighs nothing
            continue
        step = features[name] - mean
        expected += for_expected * step
        weight = for_article * step + above * max(step, 0.0)
        odds += weight
        weighed.append((weight, name))
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
    return Opinion(expected=expected, article=probability, evidence=_told(weighed, features, odds))


def _told(weighed: Iterable[tuple[float, str]], features: Features, odds: float) -> str:
    """The features that did most for the outcome, each with its value."""
    ranked = sorted(weighed, reverse=odds > 0)[:_TOLD]
    return ", ".join(f"{name} {features[name]:.2f}" for _, name in ranked)


def is_better(later: Opinion, best: Opinion) -> bool:
    """Whether a later candidate replaces the best so far.

    Of many candidates the one that looks best is often the worst mistake: hence the margin.
    """
    return best is NO_TEXT or later.expected > best.expected + weights().margin


def is_sure(best: Opinion) -> bool:
    return best.expected >= weights().sure


def is_article(best: Opinion) -> bool:
    return best.article >= weights().refuse
