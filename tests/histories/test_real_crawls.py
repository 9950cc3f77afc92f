"""Some of the random histories as real crawls, with HTTP, extraction and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.histories.real import run_real

REAL = 10  # seeds


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(REAL))
def test_a_crawled_history_holds(seed: int, tmp_path: Path) -> None:
    assert [str(violation) for violation in run_real(seed, tmp_path)] == []
