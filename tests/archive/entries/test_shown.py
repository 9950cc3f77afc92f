"""An edit is seen by other words, not by what changes at every poll."""

from __future__ import annotations

import time

import pytest

from archive.entries.shown import shown_of, shows_other
from tests.archive.making import make_entry

BEFORE = shown_of(make_entry("1", title="Bank cuts 10%", summary="It will cut by 10 percent."))


def shown(**changes: str) -> str:
    values = {"title": "Bank cuts 10%", "summary": "It will cut by 10 percent."} | changes
    return shown_of(make_entry("1", **values), BEFORE)


@pytest.mark.parametrize(
    "summary",
    [
        "It will cut by 10 percent. 3 hours ago",
        "It will cut by 10 percent. 128 comments",
        "<p>It will cut by <b>10</b> percent.</p>",
        'It will cut by 10 percent.<img src="https://pixel.example/?n=77">',
        "It  will cut by 10 percent",
    ],
)
def test_what_changes_at_every_poll_is_no_edit(summary: str) -> None:
    assert not shows_other(BEFORE, shown(summary=summary), numbers_only=False)


def test_other_words_are_an_edit() -> None:
    for changed in ({"summary": "It will raise by 10 percent."}, {"title": "Bank raises 10%"}):
        assert shows_other(BEFORE, shown(**changed), numbers_only=False)


def test_a_source_that_cried_wolf_is_believed_in_titles_and_numbers() -> None:
    assert not shows_other(BEFORE, shown(summary="It may cut by 10 percent."), numbers_only=True)
    assert shows_other(BEFORE, shown(summary="It will cut by 1 percent."), numbers_only=True)
    assert shows_other(BEFORE, shown(title="Bank holds"), numbers_only=True)


def test_nothing_is_known_of_an_item_from_before() -> None:
    assert not shows_other("", shown(), numbers_only=False)


@pytest.mark.parametrize(
    "hostile", [" " * 60_000, "<" * 60_000, "1 " * 30_000, "12-12 12:12 " * 5000]
)
def test_a_hostile_item_costs_little_time(hostile: str) -> None:
    begun = time.process_time()
    shown(summary=hostile)
    assert time.process_time() - begun < 0.25
