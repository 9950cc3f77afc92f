"""Nouns beside their numbers."""

from __future__ import annotations

import pytest

from crawler.run.terminal.plurals import counted, they_are


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (1, "copy", "1 copy"),
        (2, "copy", "2 copies"),
        (0, "address", "0 addresses"),
        (1, "raw page", "1 raw page"),
        (1234, "raw page", "1,234 raw pages"),
        (3, "story", "3 stories"),
        (2, "day", "2 days"),
        (2, "batch", "2 batches"),
    ],
)
def test_a_noun_stands_in_the_number_that_goes_with_it(number: int, noun: str, words: str) -> None:
    assert counted(number, noun) == words


@pytest.mark.parametrize(("number", "words"), [(1, "1 entry is"), (2, "2 entries are")])
def test_the_verb_goes_with_it(number: int, words: str) -> None:
    assert they_are(number, "entry") == words
