"""Rules in small languages, checked when the config is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from apscheduler.triggers.cron import CronTrigger

from config.rules import (
    MARKETS,
    check_cron,
    check_jmespath,
    check_market,
    check_selector,
    cron_fields,
)
from tests.extras import needs_markets


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("*", "*"),
        ("1-5", "mon,tue,wed,thu,fri"),
        ("0", "sun"),
        ("7", "sun"),
        ("0,6", "sun,sat"),
        ("5-7", "sun,fri,sat"),
        ("fri-mon", "sun,mon,fri,sat"),
        ("*/2", "sun,tue,thu,sat"),
        ("1-5/2", "mon,wed,fri"),
        ("MON", "mon"),
        ("1/2", "mon,wed,fri"),
    ],
)
def test_weekdays_count_from_sunday_as_in_crontab(written: str, days: str) -> None:
    (fields,) = cron_fields(f"0 9 * * {written}")
    assert fields["day_of_week"] == days


def test_a_day_and_a_weekday_are_two_triggers_as_in_crontab() -> None:
    common = {"minute": "0", "hour": "9", "month": "*"}
    assert cron_fields("0 9 1,15 * fri") == (
        {**common, "day": "1,15", "day_of_week": "*"},
        {**common, "day": "*", "day_of_week": "fri"},
    )


def test_a_day_that_begins_with_a_star_must_hold_with_the_weekday() -> None:
    (fields,) = cron_fields("0 9 */2 * fri")
    assert (fields["day"], fields["day_of_week"]) == ("*/2", "fri")


def test_a_line_for_monday_to_friday_fires_on_monday_after_friday() -> None:
    (fields,) = cron_fields("0 9 * * 1-5")
    trigger = CronTrigger(**fields, timezone="UTC")
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    after = datetime(2026, 11, 20, 9, 1, tzinfo=UTC)
    assert trigger.get_next_fire_time(friday, after) == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0 9 * *", "it has 4 fields, not 5"),
        ("60 9 * * *", "higher than the maximum value"),
        ("0 9 * * 8", '"8" is no weekday'),
        ("0 9 * * mon/", '"mon/" is no weekday'),
        ("0 9 * * mon/0", '"mon/0" is no weekday'),
        ("0 9 * * monday", '"monday" is no weekday'),
        ("@daily", "it has 1 fields, not 5"),
    ],
)
def test_a_wrong_cron_line_is_refused_in_words(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_cron(line)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "ul.news > li",
        "a::attr(href)",
        "h2 a::text, h3 a::text",
        "//li[a]",
        "./a/@href",
        "(//a)[1]",
    ],
)
def test_selectors_of_both_languages_are_accepted(rule: str) -> None:
    assert check_selector(rule) == rule


def test_a_jmespath_rule_is_accepted() -> None:
    assert check_jmespath("data.list[?type=='news'].{id: id}") == (
        "data.list[?type=='news'].{id: id}"
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("NYSE", 'no exchange "NYSE": did you mean "XNYS"? Give its ISO 10383 code: AIXK ARCX '),
        ("xshg", 'no exchange "xshg": did you mean "XSHG"? '),
        ("SHANGHAI", 'no exchange "SHANGHAI": Give its ISO 10383 code: '),
    ],
)
def test_an_exchange_that_is_none_is_told_with_the_known_codes(written: str, told: str) -> None:
    with pytest.raises(ValueError, match="ISO 10383") as caught:
        check_market(written)
    assert str(caught.value).startswith(told)
    assert str(caught.value).endswith(" XWAR XWBO XZAG")
    assert check_market("XSHE") == "XSHE"


@needs_markets
def test_the_known_exchanges_are_those_of_the_package() -> None:
    import exchange_calendars

    names = set(exchange_calendars.get_calendar_names(include_aliases=True))
    assert MARKETS - names == {"XSHE", "BJSE"}  # whose hours are Shanghai's
    own = exchange_calendars.get_calendar_names(include_aliases=False)
    assert set(own) - MARKETS == {"24/5", "24/7", "us_futures"}
