"""A figure below its floor is told; a figure that vanished is told too."""

from __future__ import annotations

from benchmarks.quality.floors import AT_MOST, below, load_floors
from benchmarks.quality.scores import COUNTS, MEASURES, Summary

FLOORS = {"own": {"all": {"body": 99.0, "errors": 0}}}


def reached(**figures: float) -> dict[str, Summary]:
    return {"all": Summary(pages=1, figures=figures, measured={})}


def test_figures_at_their_floors_pass() -> None:
    assert below("own", reached(body=99.0, errors=0), FLOORS) == []


def test_a_figure_below_its_floor_is_told_with_both() -> None:
    assert below("own", reached(body=98.996, errors=0), FLOORS) == [
        "own.all.body: 99.00, floor 99.0"
    ]


def test_of_errors_the_figure_is_the_most_that_is_allowed() -> None:
    assert below("own", reached(body=100.0, errors=2), FLOORS) == [
        "own.all.errors: 2.00, at most 0"
    ]


def test_a_measure_that_was_not_taken_does_not_pass() -> None:
    assert below("own", reached(errors=0), FLOORS) == ["own.all.body: not measured, floor 99.0"]


def test_the_pinned_floors_name_measures_that_exist() -> None:
    floors = load_floors()
    folded = {measure for group in floors.pop("folds").values() for measure in group}
    bodies = {"body_zh", "body_en", "body_other"}
    assert folded <= bodies | {"refusal", "false_refusal", "second_search"}
    named = {measure for pages in floors.values() for group in pages.values() for measure in group}
    assert set(floors) == {"corpus", "own", "invented-train", "invented-held-out", "strange"}
    assert named <= {*MEASURES, *COUNTS}
    assert {*COUNTS} <= AT_MOST
