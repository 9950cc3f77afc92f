"""How times, spans and headlines stand on a page, and two versions beside each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archive.errors import ArchiveError
from archive.web.face.printed_times import first_of_day, length_of, zone_named
from archive.web.face.typography import clauses, opening
from archive.web.face.words import Language
from archive.web.reading.versions import MOST_CHARS, compare


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (timedelta(minutes=-3), "0 min", "0 分"),
        (timedelta(minutes=59, seconds=59), "59 min", "59 分"),
        (timedelta(hours=2, minutes=5), "2 h 05 min", "2 小时 05 分"),
        (timedelta(hours=71), "71 h 00 min", "71 小时 00 分"),
        (timedelta(hours=72), "3 days", "3 天"),
    ],
)
def test_a_span_is_told_in_words(span: timedelta, english: str, chinese: str) -> None:
    assert length_of(span, Language.ENGLISH) == english
    assert length_of(span, Language.CHINESE) == chinese


def test_a_day_begins_by_its_zone() -> None:
    begun = first_of_day(date(2026, 11, 24), ZoneInfo("Asia/Shanghai"))
    assert begun == datetime(2026, 11, 23, 16, tzinfo=UTC)


def test_a_zone_that_is_none_is_named() -> None:
    assert zone_named("Asia/Shanghai").key == "Asia/Shanghai"
    with pytest.raises(ArchiveError, match="not 'Shanghai'"):
        zone_named("Shanghai")


def test_clauses_of_a_chinese_headline_stand_on_a_line_each() -> None:
    assert clauses("央行降准 释放万亿") == (
        '<span class="clause">央行降准</span> <span class="clause">释放万亿</span>'
    )
    assert clauses("Rates <rise> again") == "Rates &lt;rise&gt; again"
    assert clauses("央行降准") == "央行降准"


def test_an_opening_ends_at_a_sentence_or_a_word() -> None:
    assert opening("Short enough.", 40) == "Short enough."
    assert opening("The bank rose. The rest of it fell on Monday.", 10) == "The bank rose."
    assert opening("Copper and nickel and tin and zinc rose", 10) == "Copper and nickel…"
    assert opening("央行宣布下调存款准备金率零点五个百分点", 5) == "央行宣布下…"


def test_paragraphs_that_differ_are_paired_by_likeness() -> None:
    old = "The bank raised its rate to 3 percent.\n\nShares fell.\n\nIt was Monday."
    new = "The bank raised its rate to 4 percent.\n\nNobody had expected it.\n\nIt was Monday."
    changes = compare(old, new)
    assert changes is not None
    assert [change.kind for change in changes] == ["changed", "went", "came", "same"]
    assert changes[0].new_html == "The bank raised its rate to <ins>4</ins> percent."
    assert changes[0].old_html == "The bank raised its rate to <del>3</del> percent."


def test_texts_without_measure_are_not_compared() -> None:
    assert compare("a" * MOST_CHARS, "b") is None
    assert compare("", "A new one.\n\nAnd more.") is not None
