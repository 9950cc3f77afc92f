"""The figures that may not rise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).with_name("figures.toml")
SLACK = 1.02  # threads take turns as they like: six runs in a row differed by 1 %

Known = Mapping[str, float]


def load_figures(path: Path = FILE) -> dict[str, float]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def above(counted: Known, known: Known) -> list[str]:
    """One line for each figure that is more than 2 % above the known one, or was not counted."""
    return [
        f"{name}: {counted.get(name, 'not counted')}, known {figure}, at most {figure * SLACK:.1f}"
        for name, figure in known.items()
        if name not in counted or counted[name] > figure * SLACK
    ]
