"""A fault at one step of many: nothing lost, nothing doubled, nothing reported that isn't so.

Every step: `python -P -m tests.hostile.steps` (docs/decisions/repair.md: what was tried).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.steps import FAULTS, compile_shim, run_under_shim

OTHERS = ("first-crawl", "backup", "restore", "merge", "forget", "migrate")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = compile_shim(tmp_path_factory.mktemp("shim"))
    if made is None:
        pytest.skip("the shim is C for Linux: no cc, gcc or clang here, or another system")
    return made


def passed(shim: Path, *arguments: str) -> None:
    done = run_under_shim(shim, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 tried" not in done.stdout


def test_a_crawl_survives_a_power_cut(shim: Path) -> None:
    passed(shim, "--every", "150", "--fault", "lose", "crawl")


@pytest.mark.slow
def test_the_shim_sees_what_an_unsafe_setting_loses(shim: Path) -> None:
    done = run_under_shim(shim, "--every", "130", "--fault", "lose", "unsafe")
    assert done.returncode == 1
    assert "https://a.example.com/3 was reported stored and is not" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_crawl_survives_a_fault_at_every_tenth_step(shim: Path, fault: str) -> None:
    passed(shim, "--every", "10", "--fault", fault, "crawl")


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("cycle", OTHERS)
def test_what_a_person_starts_survives_a_fault(shim: Path, cycle: str, fault: str) -> None:
    every = {"first-crawl": "60", "restore": "5"}.get(cycle, "30")
    passed(shim, "--every", every, "--fault", fault, cycle)
