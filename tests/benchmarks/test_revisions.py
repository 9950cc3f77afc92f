"""The labelled pairs keep their floors: all as texts, some as pages through extraction."""

from __future__ import annotations

from benchmarks.revisions.deciding import decided
from benchmarks.revisions.pairs import Pair, pairs

PAIRS = list(pairs())


def misjudged(chosen: list[Pair], *, pages: bool = False) -> list[str]:
    wrong = []
    for pair in chosen:
        version = pair.extracted if pages else pair.version
        if decided(version(0), version(1)) != pair.kind:
            wrong.append(pair.change)
    return wrong


def test_there_are_enough_pairs_of_each_kind() -> None:
    counts = {kind: sum(p.kind == kind for p in PAIRS) for kind in ("noise", "minor", "edit")}
    assert len(PAIRS) >= 300
    assert min(counts.values()) >= 90


def test_no_edit_is_taken_for_less() -> None:
    assert misjudged([pair for pair in PAIRS if pair.kind == "edit"]) == []


def test_nearly_all_noise_and_corrections_are_known_as_such() -> None:
    others = [pair for pair in PAIRS if pair.kind != "edit"]
    assert len(misjudged(others)) <= 0.02 * len(others)


def test_pages_are_judged_as_their_texts_are() -> None:
    assert misjudged(PAIRS[::12], pages=True) == misjudged(PAIRS[::12])
