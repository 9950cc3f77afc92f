"""Further programs, each in an environment of its own that is made when it is first needed."""

from __future__ import annotations

from benchmarks.speed.crawls import Run

OTHERS: dict[str, Run] = {}
