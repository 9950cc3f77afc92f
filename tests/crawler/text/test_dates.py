"""Dates as news write them."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.dates import find_moments, http_date, parse_date, read_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "text",
    [
        "2021年12月9日 14:42",
        "发布时间：2021年12月09日14时42分",
        "2021年12月9日（周四）下午2:42",
        "2021-12-09 14:42",
        "2021/12/9 14:42:00 来源：某报",
        "2021-12-09T14:42:00+08:00",
        "2021-12-09T06:42:00Z",
        "2021-12-09T06:42:00.123+0000",
        "20211209144200",
        "1639032120",
        "1639032120000",
        "Thu, 09 Dec 2021 06:42:00 GMT",
        "Thu, 09 Dec 2021 14:42:00 +0800",
        "Thu, 9 Dec 2021 01:42:00 EST",
        "Dec. 9, 2021 1:42 a.m. ET",
        "1:42 AM EST, Thu December 9, 2021",
        "9. Dezember 2021, 07:42 MEZ",
        "9 décembre 2021 à 14h42",
        "09.12.2021 14:42",
        "21-12-09 14:42",
        "Thu Dec 9 14:42:00 2021",
        "2021年12月9日 14:42 CST",
        "Thu, 09 Dec 2021 14:42:00",
        "9 Dec 2021 14:42",
        "Thu, 09 Dec 2021 14:42:00 +08",
        "09 Dec 21 06:42:00 GMT",
        "Thursday, 09-Dec-21 06:42:00 GMT",
        "Thu, 09 Dec 2021 06:42:00 -0000",
        "Thu, 09 Dec 2021 14:42:00 XYZ",
        "Thu Dec 09 14:42:00 CST 2021",
        "Thu Dec 09 01:42:00 EST 2021",
        "Thu Dec 09 2021 14:42:00 GMT+0800 (China Standard Time)",
        "2021-12-09T14:42+08",
        "2021-12-09 14:42 GMT+8",
        "2021.12.09 14:42",
        "Dec 9, 2021, 1:42 AM EST",
        "Dec 9, 2021, 2:42 PM",
        "12/09/2021 1:42 AM EST",
        "２０２１年１２月９日　１４：４２",
        "2021－12－09 14：42：00",
        "2021年12月9日傍晚2:42",
    ],
)
def test_every_form_names_the_same_moment(text: str) -> None:
    assert parse_date(text, SHANGHAI) == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)


def test_cst_outside_china_is_american() -> None:
    found = parse_date("Thu, 9 Dec 2021 14:42:00 CST", UTC)
    assert found == datetime(2021, 12, 9, 20, 42, tzinfo=UTC)


def test_cst_in_a_chinese_text_is_chinese() -> None:
    found = parse_date("2021年12月9日 14:42 CST", UTC)
    assert found == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)


@pytest.mark.parametrize("text", ["Thu, 09 Dec 2021 14:42:00 +08", "2021-12-09 14:42:00+08"])
def test_an_offset_of_hours_is_hours(text: str) -> None:
    found = parse_date(text, UTC)
    assert found is not None
    assert found.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("Dec 9, 2021 at 2 PM", 14, 0),
        ("Dec 9, 2021, 12:05 AM", 0, 5),
        ("Dec 9, 2021, 12:05 p.m.", 12, 5),
        ("2021年12月9日中午1点", 13, 0),
        ("2021年12月9日中午12:30", 12, 30),
        ("2021年12月9日凌晨12:30", 0, 30),
    ],
)
def test_twelve_hour_clocks(text: str, hour: int, minute: int) -> None:
    assert parse_date(text, UTC) == datetime(2021, 12, 9, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("text", ["9 décembre 2021 à 14h42 et après", "09.12.2021 14:42 ist"])
def test_a_small_word_is_no_zone(text: str) -> None:
    assert parse_date(text, UTC) == datetime(2021, 12, 9, 14, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [("18-03-08 20:56", SHANGHAI), ("发布时间：18-03-08 20:56", timezone(timedelta(hours=8)))],
)
def test_a_short_year_with_a_time_is_first_on_chinese_pages(text: str, zone: tzinfo) -> None:
    assert parse_date(text, zone) == datetime(2018, 3, 8, 12, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("18-03-08", SHANGHAI),
        ("18-03-08 20:56", UTC),
        ("21/12/09", SHANGHAI),
        ("21/12/09 14:42", SHANGHAI),
        ("12/09/21 2:42 PM", UTC),
        ("09.12.21", UTC),
    ],
)
def test_a_short_year_is_ambiguous_elsewhere(text: str, zone: tzinfo) -> None:
    assert parse_date(text, zone) is None


def test_words_of_a_full_width_date_are_those_of_the_page() -> None:
    (found,) = find_moments("时间：２０２１年１２月９日 来源", SHANGHAI)
    assert found[:2] == (3, "２０２１年１２月９日")


def test_eastern_time_follows_the_season() -> None:
    found = parse_date("July 9, 2021 2:42 p.m. ET", UTC)
    assert found == datetime(2021, 7, 9, 18, 42, tzinfo=UTC)


def test_offset_of_the_text_is_kept() -> None:
    found = parse_date("2021-12-09T14:42:00+09:00", SHANGHAI)
    assert found is not None
    assert found.tzinfo == timezone(timedelta(hours=9))


def test_day_alone_is_midnight_in_the_given_zone() -> None:
    moment = read_moment("2021-12-09", SHANGHAI)
    assert moment is not None
    assert (moment.when, moment.timed) == (datetime(2021, 12, 9, tzinfo=SHANGHAI), False)


@pytest.mark.parametrize(
    "text",
    ["", "12月9日 14:42", "2021", "2012-2020", "2021-13-45", "5 things", "0001-01-01T00:00Z"],
)
def test_what_is_no_full_date_is_none(text: str) -> None:
    assert parse_date(text, UTC) is None


def test_impossible_time_leaves_the_day() -> None:
    assert parse_date("2021-12-09 25:61", UTC) == datetime(2021, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1970-01-01T08:00:00+08:00",
        "1969-12-31 19:00:00 -0500",
        "1970年1月1日 08:00",
        "1970-01-21T05:18:27Z",  # milliseconds that were taken for seconds
        "1900-01-01",
        "Wed, 30 Nov -0001 00:00:00 +0000",  # PHP's of 0000-00-00
        "0000-00-00 00:00:00",
        "Mon, 01 Jan 0001 00:00:00 GMT",
    ],
)
def test_a_clock_that_nobody_set_tells_no_date(text: str) -> None:
    assert parse_date(text, UTC) is None


def test_news_of_the_seventies_keep_their_date() -> None:
    assert parse_date("1970-02-01", UTC) == datetime(1970, 2, 1, tzinfo=UTC)


def test_a_page_that_prints_a_zero_beside_its_date_is_of_its_date() -> None:
    assert parse_date("1970-01-01 2021-12-09", UTC) == datetime(2021, 12, 9, tzinfo=UTC)


@given(st.text(max_size=60))
def test_any_text_gives_an_aware_time_or_none(text: str) -> None:
    found = parse_date(text, UTC)
    assert found is None or found.utcoffset() is not None


@given(st.integers(min_value=32 * 86400, max_value=4_000_000_000))
def test_iso_times_come_back(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert parse_date(moment.isoformat(), SHANGHAI) == moment


@pytest.mark.parametrize(("day_first", "month"), [(True, 5), (False, 10)])
def test_who_may_be_a_month_or_a_day_depends_on_the_page(day_first: bool, month: int) -> None:
    found = read_moment("10/05/2022 05:22 pm", UTC, day_first=day_first)
    assert found is not None
    assert (found.when.month, found.when.hour, found.when.minute) == (month, 17, 22)


@pytest.mark.parametrize(
    "text", ["9 grudnia 2021", "9 Aralık 2021", "9 декабря 2021", "9 december 2021"]
)
def test_months_of_more_languages(text: str) -> None:
    assert parse_date(text, UTC) == datetime(2021, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Thu, 09 Dec 2021 06:42:00 GMT", datetime(2021, 12, 9, 6, 42, tzinfo=UTC)),
        ("Thursday, 09-Dec-21 06:42:00 GMT", datetime(2021, 12, 9, 6, 42, tzinfo=UTC)),
        ("Thu Dec  9 06:42:00 2021", datetime(2021, 12, 9, 6, 42, tzinfo=UTC)),
        ("Thu, 09 Dec 2021 06:42:00 -0000", datetime(2021, 12, 9, 6, 42, tzinfo=UTC)),
        ("0", None),
        ("", None),
        ("tomorrow", None),
        ("Thu, 99 Dec 2021 06:42:00 GMT", None),
    ],
)
def test_the_time_of_a_header_is_read(text: str, when: datetime | None) -> None:
    assert http_date(text) == when


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-12-09 14:42 America/Los_Angeles", "2021-12-09T22:42"),
        ("Thu, 09 Dec 2021 14:42:00 America/Los_Angeles", "2021-12-09T22:42"),
        ("2021-06-09T14:42:00[Europe/Berlin]", "2021-06-09T12:42"),
        ("2021-12-09T14:42:00-05:00[America/New_York]", "2021-12-09T19:42"),
        ("2021-12-09 14:42 America/Argentina/Buenos_Aires", "2021-12-09T17:42"),
        ("Thu, 09 Dec 2021 14:42:00 MET", "2021-12-09T13:42"),
        ("Wed, 09 Jun 2021 14:42:00 MEST", "2021-06-09T12:42"),
        ("2021-06-09 14:42 WEST", "2021-06-09T13:42"),
        ("2021-12-09 14:42 ACDT", "2021-12-09T04:12"),
        ("2021-12-09 14:42 Nowhere/Land", "2021-12-09T14:42"),
    ],
)
def test_a_zone_is_known_by_the_name_that_it_has(text: str, expected: str) -> None:
    found = parse_date(text, UTC)
    assert found is not None
    assert found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sat, 11 04 2026", "2026-04-11"),
        ("Wed, 11 04 2026", "2026-11-04"),
        ("Sat, 11 04 2026 09:30:00 +0000", "2026-04-11"),
        ("Saturday 04/11/2026", "2026-04-11"),
        ("11/04/2026 星期六", "2026-04-11"),
        ("Sat, 13 04 2026", "2026-04-13"),
        ("Samstag, 11.04.2026", "2026-04-11"),
        ("11/04/2026", "2026-11-04"),
    ],
)
def test_the_day_of_the_week_tells_which_number_is_the_month(text: str, expected: str) -> None:
    found = parse_date(text, UTC)
    assert found is not None
    assert found.date().isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-29 9:5:3", "09:05:03"),
        ("2026/11/29 9:5", "09:05:00"),
        ("Sun, 29 Nov 2026 9:5:3 GMT", "09:05:03"),
        ("2026年11月29日 9:5:3 来源：某报", "09:05:03"),
        ("2026-11-29 오후 11:23", "23:23:00"),
        ("2026.11.29. 오후 11:23", "23:23:00"),
        ("2026년 11월 29일 오후 11시 23분", "23:23:00"),
        ("2026-11-29 오전 12:10", "00:10:00"),
        ("2026年11月29日 午後11時23分", "23:23:00"),
        ("二〇二六年十一月二十九日 上午九时三十分", "09:30:00"),
        ("二零二六年十一月二十九日", "00:00:00"),
        ("2026年十一月廿九日 09:30", "09:30:00"),
    ],
)
def test_a_clock_is_read_as_it_is_written(text: str, expected: str) -> None:
    found = parse_date(text, UTC)
    assert found is not None
    assert (found.date().isoformat(), found.strftime("%H:%M:%S")) == ("2026-11-29", expected)


def test_a_date_in_numerals_is_found_where_it_stands() -> None:
    text = "本报北京十月讯 二〇二一年十二月九日 14:42 发布"
    ((place, words, moment),) = find_moments(text, SHANGHAI)
    assert (place, words) == (8, "二〇二一年十二月九日 14:42")
    assert moment.when == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)


def test_a_score_before_a_date_is_no_clock() -> None:
    assert parse_date("3:2 gewonnen, 29.11.2026", UTC) == datetime(2026, 11, 29, tzinfo=UTC)
