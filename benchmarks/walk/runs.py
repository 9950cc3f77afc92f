"""A walk in a process of its own: Twisted's reactor starts once in each."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """What one walk counted, and the files it came through, in their order."""

    counted: dict[str, float]
    files: tuple[str, ...]


def walked() -> Run:
    command = [sys.executable, "-P", "-m", "benchmarks.walk"]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(run.stdout)
    return Run(told["counted"], tuple(told["files"]))
