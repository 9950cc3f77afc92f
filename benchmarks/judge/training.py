"""From examples to the judge's weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.judge.examples import Example
from benchmarks.judge.numbers import least_squares, logistic, means, table, with_bends
from crawler.extract.body.judge import judge
from crawler.extract.body.judge.judge import Weights

FILE = Path(judge.__file__).with_name("weights.toml")
SURE, MARGIN, REFUSE = 0.88, 0.02, 0.04
_RIDGE, _RIDGE_ARTICLE = 10.0, 5.0
_LAYOUT_WEIGHTS = {"plain": 1.0, "nameless": 0.5, "old": 0.5}
_GOOD = 0.5  # F1 of a text that is the article's, by and large
# Pages of one paragraph, as a flash is: known by what they say (crawler/extract/refusal.py), not
# to be learned from: else every flash on a page without claims is taken for one.
_NOTICES = {
    *("login", "wall", "error_404", "error_410", "error_500", "maintenance", "javascript"),
    *("captcha", "app", "consent", "cookies", "search_none"),
}
_HEAD = """\
# The judge's numbers; written by `python -P -m benchmarks.judge --write`, never by hand.
# For each feature (features.py says what it is): its mean, what a step away from it adds to the F1
# that is expected of a text, and to the log odds that the page is an article; to these, what a step
# above the mean adds besides.
"""


def train(examples: Sequence[Example], without: frozenset[str] = frozenset()) -> Weights:
    """Fit both sums; features in `without` weigh nothing (for the ablation)."""
    names = [name for name in examples[0].features if name not in without]
    texts = [e for e in examples if e.f1 is not None]
    rows = table([e.features for e in texts], names)
    weight = np.array([_weight(e) for e in texts])
    mean = means(rows, weight)[0]
    wanted = np.array([e.f1 for e in texts])
    expected = least_squares(rows, wanted, weight, mean, ridge=_RIDGE)
    found = [e for e in examples if e.weight > 1 and (e.f1 is None or e.f1 >= _GOOD)]
    found = [e for e in found if e.page.rpartition(" ")[2] not in _NOTICES]
    values = table([e.features for e in found], names)
    is_article = np.array([float(e.f1 is not None) for e in found])
    bent, centre = with_bends(values, mean)
    article = logistic(bent, is_article, _balanced(found), centre, ridge=_RIDGE_ARTICLE)
    below, above = article.steps[: len(names)], article.steps[len(names) :]
    steps = zip(names, mean, expected.steps, below, above, strict=True)
    return Weights(
        expected_at_mean=expected.at_mean,
        article_at_mean=article.at_mean,
        sure=SURE,
        margin=MARGIN,
        refuse=REFUSE,
        features={name: (float(m), float(e), float(a), float(b)) for name, m, e, a, b in steps},
    )


def _weight(example: Example) -> float:
    return example.weight * _LAYOUT_WEIGHTS.get(example.layout, 1.0)


def _balanced(examples: Sequence[Example]) -> np.ndarray:
    """Each page counts once, and all lists as much as all articles."""
    of_page: Counter[tuple[str, str]] = Counter((e.page, e.layout) for e in examples)
    each = np.array(
        [_LAYOUT_WEIGHTS.get(e.layout, 1.0) / of_page[e.page, e.layout] for e in examples]
    )
    lists = np.array([e.f1 is None for e in examples])
    if lists.any():
        each[lists] *= each[~lists].sum() / each[lists].sum()
    return each


def write(weights: Weights, path: Path = FILE) -> None:
    path.write_text(_HEAD + "\n".join(_told(weights)) + "\n", encoding="utf-8")


def _told(weights: Weights) -> list[str]:
    return [
        f"expected_at_mean = {weights.expected_at_mean:.4f}",
        f"article_at_mean = {weights.article_at_mean:.4f}",
        f"sure = {weights.sure}",
        f"margin = {weights.margin}",
        f"refuse = {weights.refuse}",
        "\n[features]",
        *(
            f"{name} = [{m:.4f}, {e:.5f}, {a:.4f}, {b:.4f}]"
            for name, (m, e, a, b) in weights.features.items()
        ),
    ]
