"""The figures as tables of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.quality.pages import fold_of
from benchmarks.quality.scores import MEASURES, Row, Summary, summarise

_HEADS = {
    "body": "body", "segments": "w/wo", "title": "title", "date": "date", "time": "time",
    "author": "author", "wrong_author": "wrong", "persons": "persons",
    "no_person": "nobody", "images": "images", "extra_images": "extra",
    "refusal": "refusal", "false_refusal": "false", "holds": "holds", "empty": "empty",
    "refused": "refused", "errors": "errors", "ms": "ms",
}  # fmt: skip
_FOLDED = ("body", "segments", "title", "date", "author", "persons", "images")
Rows = Mapping[str, Sequence[Row]]  # system → its row of every page


def table(rows: Rows) -> Iterator[str]:
    """One line per group and system; the last column is how many times faster than trafilatura."""
    summaries = {name: summarise(of_system) for name, of_system in rows.items()}
    shown = [name for name in _HEADS if _is_measured(name, summaries)]
    yield (
        f"{'':6}{'':13}{'pages':>6}" + "".join(f"{_HEADS[name]:>8}" for name in shown) + "   speed"
    )
    for group in next(iter(summaries.values())):
        for name, summary in summaries.items():
            base = summaries.get("trafilatura", {}).get(group)
            yield _line(group, name, summary[group], shown, base)


def _is_measured(measure: str, summaries: Mapping[str, dict[str, Summary]]) -> bool:
    return any(measure in summary["all"].figures for summary in summaries.values())


def _line(
    group: str, system: str, summary: Summary, shown: Sequence[str], base: Summary | None
) -> str:
    cells = "".join(_cell(name, summary.figures.get(name)) for name in shown)
    return f"{group:6}{system:13}{summary.pages:6}{cells}{_speed(summary, base)}"


def _cell(measure: str, figure: float | None) -> str:
    if figure is None:
        return f"{'–':>8}"
    return f"{figure:8.0f}" if measure in ("empty", "refused", "errors") else f"{figure:8.1f}"


def _speed(summary: Summary, base: Summary | None) -> str:
    return f"{base.figures['ms'] / summary.figures['ms']:7.2f}x" if base else ""


def sizes(rows: Sequence[Row]) -> str:
    """How many pages each measure rests on."""
    summary = summarise(rows)
    counts = (
        f"{_HEADS[name]} " + "/".join(str(s.measured.get(name, 0)) for s in summary.values())
        for name in MEASURES
        if summary["all"].measured.get(name)
    )
    return f"pages per measure ({'/'.join(summary)}): " + ", ".join(counts)


def fold_table(rows: Sequence[Row], folds: int, base: Sequence[Row] | None) -> Iterator[str]:
    """The scores on each fold of sites; with `base`, what was gained over it there."""
    yield f"{'fold':6}{'group':7}{'pages':>6}" + "".join(f"{_HEADS[m]:>14}" for m in _FOLDED)
    for fold in range(folds):
        here = summarise(_of_fold(rows, fold, folds))
        before = summarise(_of_fold(base, fold, folds)) if base else {}
        for group, summary in here.items():
            cells = "".join(_gain(m, summary, before.get(group)) for m in _FOLDED)
            yield f"{fold + 1:<6}{group:7}{summary.pages:6}{cells}"


def _of_fold(rows: Sequence[Row], fold: int, folds: int) -> list[Row]:
    return [row for row in rows if fold_of(row.site, folds) == fold]


def _gain(measure: str, now: Summary, before: Summary | None) -> str:
    figure = now.figures.get(measure)
    if figure is None:
        return f"{'–':>14}"
    was = before.figures.get(measure) if before else None
    return f"{figure:14.1f}" if was is None else f"{f'{figure:.1f} ({figure - was:+.1f})':>14}"
