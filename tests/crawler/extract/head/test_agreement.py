"""Which of several answers is believed, and how that is told."""

import pytest

from crawler.extract.head.agreement import Candidate, Decision, believe


def candidates(*told: tuple[str, str, float]) -> list[Candidate[str]]:
    return [Candidate(value=value, origin=origin, weight=weight) for value, origin, weight in told]


def decided(*told: tuple[str, str, float]) -> Decision[str]:
    decision = believe(candidates(*told), lambda one, other: one == other)
    assert decision is not None
    return decision


def test_two_that_agree_outweigh_the_weightiest_alone() -> None:
    decision = decided(("a", "jsonld", 3.0), ("b", "meta", 2.0), ("b", "byline", 1.9))
    assert decision.chosen.value == "b"
    assert decision.evidence == "meta and byline, not jsonld"


def test_origin_that_says_it_twice_is_one_witness() -> None:
    decision = decided(("a", "jsonld", 3.0), ("b", "meta", 2.0), ("b", "meta", 2.0))
    assert (decision.chosen.value, decision.evidence) == ("a", "jsonld, not meta")


def test_first_of_equals_is_believed() -> None:
    assert decided(("a", "text", 1.0), ("b", "url", 1.0)).chosen.value == "a"


@pytest.mark.parametrize(
    ("told", "evidence"),
    [
        ([("a", "h1", 1.0)], "h1"),
        ([("a", "h1", 1.0), ("a", "og", 1.0), ("a", "h1", 1.0)], "h1 and og"),
        ([("a", "h1", 3.0), ("b", "og", 1.0), ("c", "title", 1.0)], "h1, not og nor title"),
        # its other tag says otherwise: no word against itself
        ([("a", "meta", 3.0), ("b", "meta", 1.0)], "meta"),
    ],
)
def test_evidence_names_who_agrees_and_who_does_not(
    told: list[tuple[str, str, float]], evidence: str
) -> None:
    assert decided(*told).evidence == evidence


def test_nothing_is_decided_without_candidates() -> None:
    assert believe(candidates(), lambda one, other: one == other) is None
