"""What extraction gives on sites that the judge was not trained on, fold by fold."""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from archive.model import Article
from benchmarks.judge.examples import Example, Wanted, dressed_page, score
from benchmarks.judge.layouts import LAYOUTS
from benchmarks.judge.training import train
from benchmarks.quality.pages import fold_of
from crawler.extract.article import extract_article
from crawler.extract.body.judge import judge
from crawler.extract.body.judge.judge import Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What extraction made of one page. `f1` is None where the page is a list."""

    page: str
    layout: str
    group: str
    is_body: bool
    f1: float | None
    refused: str
    origin: str
    confidence: float


def outcomes(
    wanted: Sequence[Wanted],
    held_out: Sequence[Wanted],
    known: Sequence[Example],
    folds: int,
    layouts: Sequence[str],
) -> list[Outcome]:
    """Every page, extracted with weights that its site taught nothing."""
    found = _extracted(held_out, train(known))
    for fold in range(folds):
        mine = [w for w in wanted if fold_of(w.page.site, folds) == fold]
        mine = [w for w in mine if w.layout in layouts or w.layout not in LAYOUTS]
        others = [e for e in known if fold_of(e.site, folds) != fold]
        found += _extracted(mine, train(others))
    return found


def _extracted(wanted: Sequence[Wanted], weights: Weights) -> list[Outcome]:
    with ProcessPoolExecutor(
        2, mp_context=get_context("forkserver"), initializer=_use, initargs=(weights,)
    ) as pool:
        return list(pool.map(_outcome, wanted, chunksize=8))


def _use(weights: Weights) -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    judge.weights = lambda: weights  # type: ignore[assignment]


def _outcome(wanted: Wanted) -> Outcome:
    page = wanted.page
    plain = wanted.layout == "plain" or wanted.layout.startswith("invented")
    html = page.read() if plain else dressed_page(wanted)
    found = extract_article(html, url=page.url, content_type=page.content_type if plain else "")
    text = found.text if isinstance(found, Article) else ""
    return Outcome(
        page=page.id,
        layout=wanted.layout,
        group=page.group,
        is_body=not page.record.get("with") or bool(page.record.get("body")),
        f1=None if wanted.is_list else score(page, text.split("\n\n")),
        refused="" if isinstance(found, Article) else str(found),
        origin=dict(found.evidence).get("text", "") if isinstance(found, Article) else "",
        confidence=found.confidence if isinstance(found, Article) else 0.0,
    )


def fold_lines(found: Sequence[Outcome]) -> Iterator[str]:
    """A line for the articles and one for the lists of each layout."""
    by_kind = defaultdict(list)
    for outcome in found:
        by_kind[outcome.layout, outcome.f1 is None].append(outcome)
    for (layout, is_list), rows in sorted(by_kind.items()):
        refused = sum(bool(row.refused) for row in rows)
        told = f"{layout}, {'lists' if is_list else 'articles'}: "
        told += f"{refused} of {len(rows)} refused ({100 * refused / len(rows):.1f} %)"
        yield told + "".join(_shares(rows))


def _shares(rows: Sequence[Outcome]) -> Iterator[str]:
    for group in ("zh", "en", "other"):
        for is_body, name in ((True, "body"), (False, "w/wo")):
            mine = [row for row in rows if row.group == group and row.is_body == is_body]
            shares = [row.f1 for row in mine if row.f1 is not None]
            if shares:
                yield f", {group} {name} {100 * sum(shares) / len(shares):.1f}"
