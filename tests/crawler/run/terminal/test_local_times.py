"""Times in the zone of the person who reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.run.terminal.local_times import shown_time
from tests.crawler.run.sample import CONFIG, Broadsheet

AT = datetime(2026, 11, 23, 18, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "minutes", "seconds"),
    [
        ("UTC", "2026-11-23 18:30Z", "2026-11-23T18:30:05Z"),
        ("Asia/Shanghai", "2026-11-24 02:30+08:00", "2026-11-24T02:30:05+08:00"),
        ("America/New_York", "2026-11-23 13:30-05:00", "2026-11-23T13:30:05-05:00"),
        ("Asia/Kolkata", "2026-11-24 00:00+05:30", "2026-11-24T00:00:05+05:30"),
    ],
)
def test_a_time_says_its_zone(zone: str, minutes: str, seconds: str) -> None:
    assert shown_time(AT, zone) == minutes
    assert shown_time(AT, zone, seconds=True) == seconds
    assert datetime.fromisoformat(shown_time(AT, zone, seconds=True)) == AT


def test_nothing_is_no_time() -> None:
    assert shown_time(None, "UTC") == ""


def test_the_terminal_has_the_zone_of_the_web_pages_and_json_utc(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    config_file.write_text(f'{CONFIG}\n[web]\ntimezone = "Asia/Shanghai"\n')
    assert "2026-11-23 16:00+08:00" in broadsheet("sources", "list").stdout
    assert "2026-11-23T08:00:00Z" in broadsheet("sources", "list", "--json").stdout
    assert "published  2026-11-22T09:30:00+08:00 (from jsonld)" in broadsheet("show", "1").stdout
    assert "  1  2026-11-22 09:30+08:00  stcn  https" in broadsheet("search", "准备金").stdout
