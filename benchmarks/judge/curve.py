"""What the judge needs: its learning curve, and what each group of features is good for.

On the examples alone, without another extraction: of each page the candidate that the weights of
the other sites choose. Candidates are those of both searches, always tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from benchmarks.judge.examples import Example
from benchmarks.judge.training import fit
from benchmarks.quality.pages import fold_of
from crawler.extract.body.judge.judge import NO_TEXT, Weights, expected_f1, is_better

_FOLDS = 5
_SITES = (15, 30, 60, 120, 240)
GROUPS = {
    "text": ("log_size", "log_count", "longest", "prose_share", "closed", "repeated"),
    "claims": ("title", "summary", "claimed", "dated", "claimed_size"),
    "place": ("covered", "before", "after", "distance", "in_paragraphs", "in_margin"),
    "lists": (
        *("linked", "linked_lines", "teased", "stretch", "log_stretch", "page_prose"),
        *("page_headlines", "page_linked", "per_headline"),
    ),
}


def curve_lines(known: Sequence[Example]) -> Iterator[str]:
    """Body F1 (plain, nameless, old) by sites trained on, and without each group of features."""
    sites = sorted({e.site for e in known if not e.is_list}, key=lambda s: fold_of(s, 10**9))
    for count in (*_SITES, len(sites)):
        chosen = set(sites[:count])
        part = [e for e in known if e.site in chosen or e.is_list]
        yield f"{min(count, len(sites))} sites: {_told(known, part, frozenset())}"
    for name, features in GROUPS.items():
        yield f"without {name}: {_told(known, known, frozenset(features))}"


def _told(known: Sequence[Example], taught: Sequence[Example], without: frozenset[str]) -> str:
    shares: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for fold in range(_FOLDS):
        weights = fit([e for e in taught if fold_of(e.site, _FOLDS) != fold], without).weights
        pages: defaultdict[tuple[str, str], list[Example]] = defaultdict(list)
        for example in known:
            if fold_of(example.site, _FOLDS) == fold and example.f1 is not None:
                pages[example.page, example.layout].append(example)
        for (_, layout), candidates in pages.items():
            best = _choice([c for c in candidates if c.weight > 1], weights)
            shares[layout, candidates[0].group].append(best)
    return ", ".join(
        f"{layout} {group} {100 * sum(found) / len(found):.1f}"
        for (layout, group), found in sorted(shares.items())
    )


def _choice(candidates: Sequence[Example], weights: Weights) -> float:
    """The F1 of the candidate that is chosen; 0 without one."""
    best, f1 = NO_TEXT, 0.0
    for candidate in candidates:
        expected = expected_f1(candidate.features, weights)
        if is_better(expected, best):
            best, f1 = expected, candidate.f1 or 0.0
    return f1
