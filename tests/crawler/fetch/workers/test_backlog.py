"""How many bytes of a source may wait for extraction."""

from __future__ import annotations

import pytest

from crawler.fetch.workers.backlog import Backlog


@pytest.fixture
def backlog() -> Backlog:
    return Backlog()


def test_a_source_that_holds_nothing_may_always_send(backlog: Backlog) -> None:
    for n in range(40):
        backlog.sent(f"s{n}")
        backlog.received(n, f"s{n}", 1_000_000, is_page=True)
    assert backlog.has_room("new", alone=False)
    assert not backlog.has_room("s1", alone=False), "40 MB are held by all"


def test_five_megabytes_are_enough_while_others_wait(backlog: Backlog) -> None:
    backlog.sent("a")
    backlog.received("task", "a", 5_000_000, is_page=True)
    assert not backlog.has_room("a", alone=False)
    assert backlog.has_room("a", alone=True)
    assert backlog.has_room("b", alone=False)
    backlog.ended("task", "a")
    assert backlog.has_room("a", alone=False)


def test_what_is_still_to_come_counts_as_the_pages_before_it(backlog: Backlog) -> None:
    backlog.sent("a")
    backlog.received("first", "a", 2_000_000, is_page=True)
    backlog.ended("first", "a")
    backlog.sent("a")
    assert backlog.has_room("a", alone=False)
    backlog.sent("a")
    assert backlog.has_room("a", alone=False)
    backlog.sent("a")
    assert not backlog.has_room("a", alone=False), "three pages of 2 MB are under way"


def test_a_task_that_ends_without_an_answer_is_expected_no_more(backlog: Backlog) -> None:
    for _ in range(5):
        backlog.sent("a")
    assert not backlog.has_room("a", alone=False)
    backlog.ended("lost", "a")
    assert backlog.has_room("a", alone=False)


def test_few_answers_come_at_once_however_small_the_last_ones_were(backlog: Backlog) -> None:
    """Each may have `[crawl] max_page_mb`: 64 that come at once would fill the memory."""
    backlog.sent("a")
    backlog.received("small", "a", 100, is_page=True)
    backlog.ended("small", "a")
    for _ in range(5):
        assert backlog.has_room("a", alone=False)
        backlog.sent("a")
    assert not backlog.has_room("a", alone=False)
    for _ in range(3):
        assert backlog.has_room("a", alone=True)
        backlog.sent("a")
    assert not backlog.has_room("a", alone=True)


def test_all_parts_of_an_article_are_held_until_it_ends(backlog: Backlog) -> None:
    backlog.sent("a")
    backlog.received("task", "a", 3_000_000, is_page=True)
    backlog.received("task", "a", 3_000_000, is_page=True)
    assert not backlog.has_room("a", alone=False)
    backlog.ended("task", "a")
    assert backlog.has_room("a", alone=False)
