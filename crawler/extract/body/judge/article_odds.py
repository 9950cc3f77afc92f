"""How likely it is that a page with its text is an article, and no list, table, form or notice.

A sum of one number for each feature, looked up by the feature's value: a table that one can read,
`article_odds.toml`, written by `python -P -m benchmarks.judge`.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crawler.extract.body.judge.features import Features

_FILE = Path(__file__).with_name("article_odds.toml")
_TOLD = 4  # features that an evidence names
# Of a text's lines, that are nothing but links: a list, whatever else is said. 0.53 is the most of
# the corpus' articles, so that the table learns no more of it than that it is rare.
ALL_LINKS = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What a feature adds to the log odds: `adds[0]` up to `at[0]`, `adds[1]` above it, and so on;
    `adds` has one number more than `at`."""

    at: tuple[float, ...]
    adds: tuple[float, ...]

    def of(self, value: float) -> float:
        """0 where the page doesn't say."""
        return 0.0 if math.isnan(value) else self.adds[bisect_left(self.at, value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsTable:
    """The trained numbers. Probabilities: below `refuse` a page is no article, below `certain`
    beyond doubt."""

    base: float  # log odds
    refuse: float
    certain: float
    features: Mapping[str, Steps]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOdds:
    """A probability, and the features that weighed most for what it says."""

    probability: float
    evidence: str = ""


@lru_cache(1)
def odds_table() -> OddsTable:
    """The shipped table, read once a process."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    features = {
        name: Steps(at=tuple(steps["at"]), adds=tuple(steps["adds"]))
        for name, steps in data.pop("features").items()
    }
    return OddsTable(features=features, **data)


def judge_page(features: Features, known: OddsTable | None = None) -> ArticleOdds:
    """Weigh the features of a page, by the shipped table or by another; one that wasn't read
    weighs nothing."""
    known = known or odds_table()
    told = [(name, steps) for name, steps in known.features.items() if name in features]
    added = [(steps.of(features[name]), name) for name, steps in told]
    odds = known.base + sum(number for number, _ in added)
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
    if features.get("linked_lines", 0.0) >= ALL_LINKS:
        probability = min(probability, known.refuse / 2)
    most = sorted(added, reverse=probability >= known.refuse)[:_TOLD]
    evidence = ", ".join(f"{name} {features[name]:.2f}" for _, name in most)
    return ArticleOdds(probability=probability, evidence=evidence)


def is_settled(features: Features) -> bool:
    """Whether the page is an article whatever those features may say that weren't read."""
    table = odds_table()
    odds = table.base + sum(
        steps.of(features[name]) if name in features else min(steps.adds)
        for name, steps in table.features.items()
    )
    return odds >= math.log(table.refuse / (1 - table.refuse))


def is_article(probability: float) -> bool:
    return probability >= odds_table().refuse


def is_certain(probability: float) -> bool:
    """Whether what is no article is so beyond doubt: hardly an article of the corpus is so
    unlikely."""
    return probability < odds_table().certain
