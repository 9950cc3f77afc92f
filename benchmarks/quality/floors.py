"""The figures below which a run fails."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from benchmarks.quality.scores import Summary

FILE = Path(__file__).with_name("floors.toml")
AT_MOST = frozenset(
    {
        *("errors", "empty", "wrong_author", "no_person", "extra_images", "refused"),
        *("false_refusal", "second_search"),
    }
)

Floors = Mapping[str, Mapping[str, Mapping[str, float]]]  # pages → group → measure → figure


def load_floors(path: Path = FILE) -> Floors:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def below(pages: str, summaries: Mapping[str, Summary], floors: Floors) -> list[str]:
    """One line for every figure that breaks its floor or was not measured at all."""
    return [
        f"{pages}.{group}.{measure}: {_told(reached)}, {_word(measure)} {floor}"
        for group, wanted in floors.get(pages, {}).items()
        for measure, floor in wanted.items()
        if _breaks(measure, reached := _reached(summaries, group, measure), floor)
    ]


def _reached(summaries: Mapping[str, Summary], group: str, measure: str) -> float | None:
    summary = summaries.get(group)
    return summary.figures.get(measure) if summary else None


def _breaks(measure: str, reached: float | None, floor: float) -> bool:
    if reached is None:
        return True
    return reached > floor if measure in AT_MOST else reached < floor


def _told(reached: float | None) -> str:
    return "not measured" if reached is None else f"{reached:.2f}"


def _word(measure: str) -> str:
    return "at most" if measure in AT_MOST else "floor"
