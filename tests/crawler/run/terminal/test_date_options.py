"""--since and --until: which forms they understand, and what they say to others."""

from __future__ import annotations

import json

import pytest

from tests.crawler.run.sample import EN_TITLE, ZH, Broadsheet

pytestmark = pytest.mark.usefixtures("archive")


@pytest.mark.parametrize(
    ("option", "date", "titles"),
    [
        ("--since", "2026-11-22", {ZH.title}),
        ("--until", "2026-11-22", {EN_TITLE}),
        ("--since", "2026-11-22T09:30+08:00", {ZH.title}),
        ("--since", "2026-11-22T01:31Z", set()),
        ("--until", "2026-11-22T09:30+08:00", {EN_TITLE}),
        ("--since", "36500d", {ZH.title, EN_TITLE}),
        ("--since", "all", {ZH.title, EN_TITLE}),
    ],
)
def test_a_day_a_time_and_a_duration_choose_what_is_exported(
    broadsheet: Broadsheet, option: str, date: str, titles: set[str]
) -> None:
    result = broadsheet("export", "--format", "jsonl", option, date, "-")
    assert result.exit_code == 0, result.output
    assert {json.loads(line)["title"] for line in result.stdout.splitlines()} == titles


@pytest.mark.parametrize(
    "call",
    [
        ("export", "--format", "jsonl", "-", "--since"),
        ("export", "--format", "jsonl", "-", "--until"),
        ("reextract", "--since"),
        ("crawl", "stcn", "--since"),
    ],
    ids=lambda call: f"{call[0]}{call[-1]}",
)
@pytest.mark.parametrize("date", ["banana", "2026-11-23T08:00"])  # whose clock?
def test_what_is_no_date_is_answered_with_the_forms_there_are(
    broadsheet: Broadsheet, call: tuple[str, ...], date: str
) -> None:
    result = broadsheet(*call, date)
    assert result.exit_code == 2
    assert (
        'must be a date such as "2024-01-31", a time with its zone such as '
        '"2024-01-31T08:00+08:00", a duration back from now such as "30d", or "all"'
    ) in result.stderr
