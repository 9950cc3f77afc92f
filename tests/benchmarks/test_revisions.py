"""The labelled pairs keep their floors: all as texts, some as pages through extraction."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from benchmarks.revisions.deciding import Labelled, decided
from benchmarks.revisions.held_out import held_out
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


def not_taken_for(kind: str, among: Iterable[Labelled]) -> list[str]:
    """Show those of a kind that are taken for another."""
    return [
        pair.change
        for pair in among
        if pair.kind == kind != decided(pair.version(0), pair.version(1))
    ]


def test_no_edit_of_the_held_out_pairs_is_taken_for_less() -> None:
    assert not_taken_for("edit", held_out("held_out")) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_most_held_out_corrections_are_known_as_such(language: str) -> None:
    chosen = [pair for pair in held_out("held_out") if pair.language == language]
    corrections = sum(pair.kind == "minor" for pair in chosen)
    assert corrections >= 30
    assert len(not_taken_for("minor", chosen)) <= 0.42 * corrections


def test_edits_that_only_meaning_tells_are_taken_for_less() -> None:
    assert not_taken_for("edit", held_out("marks")) == [
        "hyphen en: [-man eating-] {+man-eating+}",
        "hyphen en: [-more experienced-] {+more-experienced+}",
        "capital en: [-china-] {+China+}",
        "capital en: [-polish-] {+Polish+}",
        "comma en: [-lawyer Tom Hale-] {+lawyer, Tom Hale+}",
        "comma en: [-players, who were fined,-] {+players who were fined+}",
        "pronoun and verb en: [-We're-] {+Were+}",
    ]
