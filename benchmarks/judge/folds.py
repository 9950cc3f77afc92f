"""What extraction gives on sites that the judge was not trained on, fold by fold."""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context

from archive.model import Article
from benchmarks.judge.examples import Example, Wanted, dressed_page, score
from benchmarks.judge.layouts import BARE, LAYOUTS
from benchmarks.judge.limit import train
from benchmarks.judge.training import Trained
from benchmarks.quality.pages import fold_of
from benchmarks.quality.scores import Summary
from crawler.extract.article import extract_article
from crawler.extract.body import body
from crawler.extract.body.candidates import Finder, TextCandidate
from crawler.extract.body.judge import article_odds, judge

_STEPS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What extraction made of one page. `f1` is None of a list, and where its text is unknown."""

    page: str
    layout: str
    group: str
    is_body: bool
    is_list: bool
    f1: float | None
    refused: str
    origin: str
    confidence: float
    searches: int  # that were asked


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


def _extracted(wanted: Sequence[Wanted], trained: Trained) -> list[Outcome]:
    with ProcessPoolExecutor(
        2, mp_context=get_context("forkserver"), initializer=_use, initargs=(trained,)
    ) as pool:
        return list(pool.map(_outcome, wanted, chunksize=8))


def _use(trained: Trained) -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    judge.weights = lambda: trained.weights  # type: ignore[assignment]
    article_odds.odds_table = lambda: trained.odds  # type: ignore[assignment]
    candidates_of = body.finders
    body.finders = lambda *args, **kwargs: map(_counted, candidates_of(*args, **kwargs))


_asked: list[str] = []


def _counted(find: Finder) -> Finder:
    def ask() -> TextCandidate | None:
        _asked.append("")
        return find()

    return ask


def _outcome(wanted: Wanted) -> Outcome:
    page = wanted.page
    plain = wanted.layout == "plain" or wanted.layout.startswith("invented")
    html = page.read() if plain else dressed_page(wanted)
    _asked.clear()
    found = extract_article(
        html, url=wanted.address, content_type=page.content_type if plain else ""
    )
    text = found.text if isinstance(found, Article) else ""
    return Outcome(
        page=page.id,
        layout=wanted.layout,
        group=page.group,
        is_list=wanted.is_list,
        is_body=not page.record.get("with") or bool(page.record.get("body")),
        f1=None if wanted.is_list or wanted.layout == BARE else score(page, text.split("\n\n")),
        refused="" if isinstance(found, Article) else str(found),
        origin=dict(found.evidence).get("text", "") if isinstance(found, Article) else "",
        confidence=found.confidence if isinstance(found, Article) else 0.0,
        searches=len(_asked),
    )


def fold_lines(found: Sequence[Outcome]) -> Iterator[str]:
    """A line for the articles and one for the lists of each layout."""
    by_kind = defaultdict(list)
    for outcome in found:
        by_kind[outcome.layout, outcome.is_list].append(outcome)
    for (layout, is_list), rows in sorted(by_kind.items()):
        refused = sum(bool(row.refused) for row in rows)
        told = f"{layout}, {'lists' if is_list else 'articles'}: "
        told += f"{refused} of {len(rows)} refused ({100 * refused / len(rows):.1f} %)"
        again = 100 * sum(row.searches > 1 for row in rows) / len(rows)
        yield f"{told}{''.join(_shares(rows))}, second search {again:.0f} %"
    yield from _by_confidence([row for row in found if row.layout == "plain" and row.is_body])


def fold_figures(found: Sequence[Outcome]) -> dict[str, Summary]:
    """What floors.toml can pin, as `layout` → its figures: bodies, refusals, second searches."""
    by_layout = defaultdict(list)
    for outcome in found:
        by_layout[outcome.layout].append(outcome)
    return {layout: _summary(rows) for layout, rows in by_layout.items()}


def _summary(rows: Sequence[Outcome]) -> Summary:
    articles, lists = ([r for r in rows if r.is_list is told] for told in (False, True))
    figures = {}
    for name, of in (("false_refusal", articles), ("refusal", lists)):
        if of:
            figures[name] = 100 * sum(bool(row.refused) for row in of) / len(of)
    if articles:
        figures["second_search"] = 100 * sum(r.searches > 1 for r in articles) / len(articles)
    for group in ("zh", "en", "other"):
        shares = [r.f1 for r in articles if r.group == group and r.is_body and r.f1 is not None]
        if shares:
            figures[f"body_{group}"] = 100 * sum(shares) / len(shares)
    return Summary(pages=len(rows), figures=figures, measured={})


def _by_confidence(rows: Sequence[Outcome]) -> Iterator[str]:
    for low, high in pairwise(_STEPS):
        mine = [row.f1 for row in rows if low <= row.confidence < high and not row.refused]
        mine = [share for share in mine if share is not None]
        if mine:
            mean = 100 * sum(mine) / len(mine)
            yield f"confidence {low} to {min(high, 1.0)}: {len(mine)} pages, body F1 {mean:.1f}"


def _shares(rows: Sequence[Outcome]) -> Iterator[str]:
    for group in ("zh", "en", "other"):
        for is_body, name in ((True, "body"), (False, "w/wo")):
            mine = [row for row in rows if row.group == group and row.is_body == is_body]
            shares = [row.f1 for row in mine if row.f1 is not None]
            if shares:
                yield f", {group} {name} {100 * sum(shares) / len(shares):.1f}"
