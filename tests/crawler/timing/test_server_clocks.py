from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.timing.server_clocks import Way, ahead_of_us, judge_certificates, judge_clock

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NONE = timedelta(0)


@pytest.mark.parametrize(
    ("date", "age", "ahead"),
    [
        ("Mon, 23 Nov 2026 12:00:00 GMT", "", NONE),
        ("Mon, 23 Nov 2026 14:00:00 GMT", "", 2 * HOUR),
        ("Mon, 23 Nov 2026 08:00:00 GMT", "14400", NONE),  # four hours in a cache
        ("Mon, 23 Nov 2026 12:00:00 GMT", "soon", None),
        ("yesterday", "", None),
        ("", "", None),
    ],
)
def test_an_answer_s_date_counts_with_the_age_that_it_has(
    date: str, age: str, ahead: timedelta | None
) -> None:
    assert ahead_of_us(date, age, now=NOW) == ahead


@pytest.mark.parametrize(
    ("heard", "ahead"),
    [
        ([2500 * DAY] * 5, 2500 * DAY),
        ([-3500 * DAY] * 5, -3500 * DAY),
        ([NONE] * 5, NONE),
        ([50 * timedelta(minutes=1)] * 9, NONE),  # under an hour: clocks differ
        ([8 * HOUR] * 7 + [NONE] * 2, 8 * HOUR),  # a few whose clocks are as wrong as ours
        ([NONE] * 6 + [400 * DAY] * 3, NONE),  # a few that lie
        ([8 * HOUR] * 3 + [NONE] * 3, NONE),  # who knows
        ([HOUR * n for n in range(2, 12)], NONE),  # none agrees with another
        ([8 * HOUR, 8 * HOUR + timedelta(minutes=9), 8 * HOUR] * 2, 8 * HOUR),
    ],
)
def test_our_clock_is_wrong_when_five_hosts_agree(heard: list[timedelta], ahead: timedelta) -> None:
    verdict = judge_clock(heard)
    assert (verdict.ahead, verdict.certain) == (ahead, True)


@pytest.mark.parametrize(
    ("heard", "enough", "told"),
    [
        ([], 5, (NONE, False)),
        ([DAY], 5, (DAY, False)),  # of that host's own dates it is good evidence
        ([DAY], 1, (DAY, True)),  # there is no other
        ([DAY, DAY, NONE], 3, (NONE, True)),  # few must agree, all of them
        ([DAY, DAY, DAY], 3, (DAY, True)),
        ([DAY] * 4, 5, (DAY, False)),
    ],
)
def test_few_hosts_must_agree_and_be_all_there_are(
    heard: list[timedelta], enough: int, told: tuple[timedelta, bool]
) -> None:
    verdict = judge_clock(heard, enough=enough)
    assert (verdict.ahead, verdict.certain) == told


def test_the_words_say_how_far_who_tells_and_what_to_do() -> None:
    verdict = judge_clock([2500 * DAY] * 5 + [NONE])
    assert verdict.words() == (
        "this machine's clock is 2,500 days behind, as 5 of 6 hosts tell: set it."
        " Until then dates are judged by theirs, and nothing is pruned"
    )
    assert "is 8.0 h ahead" in judge_clock([-8 * HOUR] * 5).words()
    assert judge_clock([NONE] * 5).words() == ""


@pytest.mark.parametrize(
    ("behind", "ahead", "accepted", "way"),
    [
        (3, 0, 0, "behind"),
        (0, 3, 0, "ahead"),
        (2, 0, 0, None),  # both may be wrong
        (4, 0, 2, "behind"),
        (3, 0, 2, None),  # others' are in order
        (2, 2, 0, None),
    ],
)
def test_certificates_of_several_tell_which_way_our_clock_is_wrong(
    behind: int, ahead: int, accepted: int, way: Way | None
) -> None:
    refused: dict[str, Way] = {f"b{n}.example": "behind" for n in range(behind)}
    refused |= {f"a{n}.example": "ahead" for n in range(ahead)}
    verdict = judge_certificates(refused, [f"c{n}.example" for n in range(accepted)])
    assert (verdict.certificates, verdict.is_off, verdict.ahead) == (way, way is not None, NONE)


def test_what_certificates_tell_is_said_in_words() -> None:
    refused: dict[str, Way] = {f"{n}.example": "ahead" for n in range(3)}
    assert judge_certificates(refused, []).words() == (
        "this machine's clock is ahead, as the certificates of 3 of 3 hosts tell: set it. Until"
        " then no source is blamed for them, and nothing is pruned"
    )
