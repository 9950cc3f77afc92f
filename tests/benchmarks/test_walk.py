"""The way of one article grows by no more than 2 %, nor do the product's functions."""

from __future__ import annotations

import pytest

from benchmarks.walk.ceilings import above, load_figures
from benchmarks.walk.lengths import function_lengths, median_and_p90
from benchmarks.walk.runs import walked
from benchmarks.walk.walking import Call, Figures, figures

SOURCE = '''
"""A module."""


class A:
    @property
    def documented(self) -> str:
        """Give
        it.
        """

        # the reason
        return """x

        y"""

    def outer(
        self,
    ) -> int:
        def inner() -> int:
            return 1

        return inner()
'''


@pytest.mark.timeout(300)
def test_the_way_of_one_article_is_no_longer_than_it_was() -> None:
    known = load_figures()
    least = median_and_p90()
    for _ in range(3):  # a busy machine adds calls, and takes none away
        for name, count in walked().counted.items():
            least[name] = min(least.get(name, count), count)
        if not above(least, known):
            break
    assert above(least, known) == []


def test_a_move_is_a_call_in_another_file() -> None:
    way = [Call(1.0, "a.py", "f"), Call(2.0, "a.py", "g"), Call(3.0, "b.py", "h")]
    assert figures([*way, *way]) == Figures(calls=6, moves=3, files=2, functions=3)


def test_lines_of_code_leave_out_docstrings_comments_and_blanks() -> None:
    assert sorted(function_lengths(SOURCE)) == [2, 4, 6]


def test_a_figure_may_be_2_percent_above_the_known_one() -> None:
    known = {"calls": 1000.0, "moves": 100.0, "files": 60.0}
    assert above({"calls": 1020, "moves": 102, "files": 61}, known) == []
    assert above({"calls": 1021, "files": 62}, known) == [
        "calls: 1021, known 1000.0, at most 1020.0",
        "moves: not counted, known 100.0, at most 102.0",
        "files: 62, known 60.0, at most 61.2",
    ]
