"""What a command costs, with the processes that it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BUSY = "import time\nwhile time.process_time() < 0.4: pass"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, asks prctl")


def measured(tmp_path: Path, *arguments: str) -> tuple[dict[str, float], str]:
    """The line of JSON, and what the command printed."""
    log = tmp_path / "log"
    given = [sys.executable, "-P", "-m", "benchmarks.cpu", "--log", log, *arguments]
    run = subprocess.run(given, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout), log.read_text()


def test_a_process_that_outlives_its_parent_counts(tmp_path: Path) -> None:
    found, _ = measured(tmp_path, "--", "sh", "-c", f'"{sys.executable}" -c "{BUSY}" & exit 0')
    assert found["cpu_s"] >= 0.4
    assert found["waited_s"] < 0.2
    assert found["peak_mb"] > 0


def test_the_command_s_environment_output_and_exit_are_kept(tmp_path: Path) -> None:
    found, printed = measured(tmp_path, "COLOUR=red", "--", "sh", "-c", "echo $COLOUR; exit 3")
    assert (found["exit"], printed) == (3, "red\n")
