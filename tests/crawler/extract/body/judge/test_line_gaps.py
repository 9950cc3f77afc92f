"""What stands between the paragraphs of a text."""

from __future__ import annotations

import math

import pytest

from crawler.extract.body.judge.line_gaps import gap_features
from crawler.extract.body.judge.page_lines import Line

PROSE = "The harbour council met on Monday and put the ferry contract off for another year."
HEADLINE = "Ferry contract is put off until the spring of next year"


def line(kind: str) -> Line:
    """p prose, L a linked headline, l a short link, d a day, s another short line."""
    text = {"p": PROSE, "L": HEADLINE, "l": "Read more", "d": "3 May 2024", "s": "Jo Field"}[kind]
    linked = len(text) if kind in "Ll" else 0
    return Line(text, linked, kind == "p", False, is_prose=kind == "p")


def has_day(text: str) -> bool:
    return "2024" in text


@pytest.mark.parametrize(
    ("kinds", "same_gap", "linked_gap", "run", "longest_run"),
    [
        ("pppp", 0.0, 0.0, 4.0, 4),  # an article
        ("LpdLpdLpdLp", 1.0, 1.0, 1.0, 1),  # a list: dL between any two
        ("sLpppdppLpp", 0.0, 0.0, 7 / 3, 3),  # what is there once repeats nothing
        ("pspspsp", 1.0, 0.0, 1.0, 1),  # questions, or names: the same, but no link
        ("pplpplpp", 2 / 5, 2 / 5, 2.0, 2),
        ("ss", 0.0, 0.0, 0.0, 0),
        ("", 0.0, 0.0, 0.0, 0),
    ],
)
def test_a_list_has_the_same_between_any_two_texts(
    kinds: str, same_gap: float, linked_gap: float, run: float, longest_run: int
) -> None:
    found = gap_features([line(kind) for kind in kinds], 1.0, has_day)
    assert found == pytest.approx(
        {
            "same_gap": same_gap,
            "linked_gap": linked_gap,
            "run": math.log1p(run),
            "longest_run": math.log1p(longest_run),
        }
    )


def test_a_paragraph_that_returns_is_none_of_the_text() -> None:
    again = line("p")
    again.again = True
    found = gap_features([line("p"), again, line("p")], 1.0, has_day)
    assert found["longest_run"] == pytest.approx(math.log1p(1))
