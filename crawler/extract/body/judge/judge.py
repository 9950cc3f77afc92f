"""How good a candidate's text is expected to be.

A weighted sum of the features, of numbers that one can read: `weights.toml`, written by
`python -P -m benchmarks.judge`. It is the F1 that the text is expected to have against the
article's. Whether the page is an article at all, `article_odds` says of the text that won.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crawler.extract.body.judge.features import Features

_FILE = Path(__file__).with_name("weights.toml")
NO_TEXT = -math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The trained numbers: per feature its mean and what a step away from it weighs."""

    expected_at_mean: float
    sure: float  # an expected F1 from which nothing else is tried
    margin: float  # by how much a later candidate must be better: the first is mostly right
    features: Mapping[str, tuple[float, float]]  # mean, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What is thought of a page with its text."""

    expected: float = 0.0  # F1
    article: float = 0.0  # probability
    evidence: str = ""  # the features that weighed most for or against an article

    @property
    def confidence(self) -> float:
        """0 to 1: how surely the text is an article's, and the right one."""
        return round(max(0.0, min(1.0, self.expected)) * self.article, 3)


@lru_cache(1)
def weights() -> Weights:
    """The shipped weights, read once a process."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    features = {name: (mean, weight) for name, (mean, weight) in data.pop("features").items()}
    return Weights(features=features, **data)


def expected_f1(features: Features, known: Weights | None = None) -> float:
    """Weigh the features of one candidate, by the shipped weights or by others."""
    known = known or weights()
    steps = (
        weight * (features[name] - mean)
        for name, (mean, weight) in known.features.items()
        if not math.isnan(features[name])  # the page doesn't say: it weighs nothing
    )
    return known.expected_at_mean + sum(steps)


def is_better(later: float, best: float) -> bool:
    """Whether a later candidate replaces the best so far, by what is expected of them.

    Of many candidates the one that looks best is often the worst mistake: hence the margin.
    """
    return later > best + weights().margin


def is_sure(best: float) -> bool:
    return best >= weights().sure
