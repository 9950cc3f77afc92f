"""The language detector's model lies once in memory that processes share."""

from __future__ import annotations

import os
from collections.abc import Callable

import py3langid
import pytest

from crawler.fetch.workers.shared_model import SharedModel

GERMAN = "Die Zentralbank hat ihren Leitzins am Donnerstag nicht verändert."
ENGLISH = "The central bank kept its rate on Thursday."


def _in_a_child(work: Callable[[], None]) -> int:
    """Do it in a forked process; give its exit code."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.fixture(scope="module")
def filled() -> SharedModel:
    """Filled by another process than the test's."""
    model = SharedModel()
    assert _in_a_child(lambda: _expect(model.classify(GERMAN)[0], "de")) == 0
    return model


def _expect(found: object, expected: object) -> None:
    assert found == expected


def test_what_one_process_has_filled_another_finds_full(filled: SharedModel) -> None:
    assert filled.is_full


def test_it_says_what_py3langid_says(filled: SharedModel) -> None:
    for text in (GERMAN, ENGLISH, "央行周四维持利率不变。", ""):
        assert filled.classify(text) == py3langid.classify(text)


def test_a_process_that_is_killed_while_it_fills_leaves_it_empty_and_unlocked() -> None:
    model = SharedModel()

    def die() -> None:
        with model._locked():
            model._room.write(b"\0" * 8 + b"half")
            os._exit(0)

    assert _in_a_child(die) == 0
    assert not model.is_full
    assert model.classify(ENGLISH)[0] == "en"
