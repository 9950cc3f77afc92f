"""A body whose marks would make a renderer leave words out, and moments that no calendar has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from archive.asof.past_moments import NoMoment
from archive.web.face.face import Face
from archive.web.face.words import Language
from archive.web.past import asked_moment
from archive.web.reading.prose import prose
from tests.archive.making import NOW

FACE = Face(
    language=Language.ENGLISH,
    zone=ZoneInfo("UTC"),
    now=datetime(2026, 11, 23, tzinfo=UTC),
    as_of="",
    path=str,
    tables="/archive",
    here="/-/search?q=bank&order=newest&at=2026-11-23T09:30",
    asked={},
    images="caption",
    failing_after=3.0,
)


@pytest.mark.parametrize(
    "marks",
    [
        "\n".join("  " * depth + "- item" for depth in range(12)),
        "- " * 14 + "item",
        "> " + "- " * 30 + "item",
        "- " * 400 + "item",
        "> " * 400 + "item",
        "[" * 3000 + "item",
        "*" * 3000 + "item",
    ],
)
def test_no_mark_makes_the_words_after_it_disappear(marks: str) -> None:
    html = prose(f"{marks}\n\nThe bank raised its rate.\n\nIt was Monday.", FACE)
    assert "item" in html
    assert "The bank raised its rate." in html
    assert "It was Monday." in html


@pytest.mark.parametrize(
    "moment",
    [
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        "0001-01-01",
        "9999-12-31",
    ],
)
def test_a_moment_beyond_any_archive_is_refused_with_words(moment: str) -> None:
    with pytest.raises(NoMoment, match="must be a time with its zone"):
        asked_moment(moment, NOW)


def test_a_moment_to_come_is_none_to_go_back_to() -> None:
    with pytest.raises(NoMoment, match="is not in the past") as raised:
        asked_moment("2026-11-23T16:00:01 08:00", NOW)  # a second later; the blank is a plus
    assert raised.value.is_ahead
    assert asked_moment("2026-11-23T16:00:00 08:00", NOW) == NOW


def test_the_form_for_another_moment_carries_the_question_on() -> None:
    assert FACE.question == [("q", "bank"), ("order", "newest")]
    assert replace(FACE, here="/-/latest").question == []
