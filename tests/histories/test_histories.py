"""Whatever outlets do in random histories, the archive tells each story once, whole, and as its
own. `python -P -m tests.histories` looks closer at what fails here."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.histories.check import violations
from tests.histories.gaps import UNKNOWABLE
from tests.histories.generate import world_of
from tests.histories.ideal import make_ideal
from tests.histories.line import run_history, template_archive
from tests.histories.report import Result, report, run_seeds
from tests.histories.world import EVIDENCE

FEW, MANY = 30, 1000  # histories
# What no history may show.
NEVER = ("deleted", "foreign text", "foreign source", "not noticed", "crash")
APART = (UNKNOWABLE,)  # what the oracle asks though nobody could know it: counted, with its reason
MOST = 0.0025  # of histories that may show anything else, and as many of what is counted apart
SECONDS = 0.15  # of CPU for a history
ENOUGH = 25  # times that each kind of evidence must have joined, and must have parted


@pytest.fixture(scope="module")
def template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return template_archive(Path(folder))


def test_a_seed_gives_one_world() -> None:
    assert world_of(7) == world_of(7)
    assert world_of(7) != world_of(8)


def test_the_same_history_leads_to_the_same_archive(template: bytes) -> None:
    runs = [run_history(world_of(3), template, explain=True) for _ in range(2)]
    assert runs[0].events == runs[1].events


@pytest.mark.parametrize(
    "seeds", [range(15), pytest.param(range(15, 100), marks=pytest.mark.slow)], ids=["few", "more"]
)
def test_a_perfect_archive_is_not_blamed(template: bytes, seeds: range) -> None:
    blamed = []
    for seed in seeds:
        run = run_history(world_of(seed), template)
        make_ideal(run)
        blamed += violations(run)
        run.conn.close()
    assert [str(violation) for violation in blamed] == []


def test_a_history_takes_little_time(template: bytes) -> None:
    begun = time.process_time()
    for seed in range(10):
        run_history(world_of(seed), template).conn.close()
    assert (time.process_time() - begun) / 10 < 2 * SECONDS


def test_few_histories_hold() -> None:
    result = run_seeds(range(FEW))
    print(report(result))
    assert result.violations == [], report(result)


@cache
def many() -> Result:
    return run_seeds(range(MANY), processes=os.cpu_count() or 1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_histories_hold() -> None:
    result = many()
    print(report(result))
    kinds = Counter(v.kind for v in result.violations)
    assert {kind: kinds[kind] for kind in NEVER if kinds[kind]} == {}, report(result)
    seeds = {v.seed for v in result.violations if v.kind not in APART}
    assert len(seeds) <= MOST * MANY, report(result)
    assert len({v.seed for v in result.violations} - seeds) <= MOST * MANY, report(result)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_each_kind_of_evidence_has_joined_and_parted() -> None:
    counts = many().tally
    print("\n".join(counts.lines()))
    joined = {name: counts.joined[name] for name in EVIDENCE}
    parted = {name: counts.parted[name] for name in EVIDENCE}
    assert min(joined.values()) >= ENOUGH, joined
    assert min(parted.values()) >= ENOUGH, parted
