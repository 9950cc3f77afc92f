"""By how much a source's dates run ahead. NOW is noon GMT, when it is 20:00 in Beijing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Entry
from config.model import Source
from crawler.timing.offset_words import in_words, utc
from crawler.timing.offsets import (
    FARTHEST,
    SLACK,
    Claim,
    Offset,
    Sighting,
    dated,
    learn_offset,
    mended,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = 3600
BEIJING, BERLIN = timedelta(hours=8), timedelta(hours=1)


def claims(*hours: float, zoned: bool = False) -> list[Claim]:
    """Claims so many hours ahead of NOW."""
    return [Claim(when=NOW + timedelta(hours=h), zoned=zoned) for h in hours]


def learned(*hours: float, known: int | None = None, likely: timedelta | None = None) -> int | None:
    return learn_offset(claims(*hours), now=NOW, known=known, likely=likely).seconds


def test_beijing_time_that_is_labelled_gmt_is_an_offset_of_eight_hours() -> None:
    # 0, 3, 6, 9, 12 and 20 h old
    found = learn_offset(claims(8, 5, 2, -1, -4, -12), now=NOW)
    words = "3 of 6 items lay in the future, and none do at UTC+08:00"
    assert found == Offset(seconds=8 * HOUR, reason=words)


def test_two_items_in_the_future_are_two_slips() -> None:
    assert learned(8, 5, -1, -4) is None


def test_a_clock_that_is_some_minutes_fast_is_right() -> None:
    assert learned(0.2, 0.1, 0.05, -1) is None


def test_the_smallest_zone_that_leaves_nothing_in_the_future_is_believed() -> None:
    assert learned(6.7, 3, 2, -5) == 7 * HOUR


def test_the_zone_of_the_source_goes_before_a_smaller_one() -> None:
    assert learned(6.7, 3, 2, -5, likely=BEIJING) == 8 * HOUR


def test_but_not_where_it_leaves_something_in_the_future() -> None:
    assert learned(9, 8.5, 2, likely=BEIJING) == 9 * HOUR


def test_india_is_half_an_hour_off() -> None:
    assert learned(5.5, 5.3, 1) == 5.5 * HOUR


def test_events_of_the_coming_days_are_no_clock() -> None:
    assert learned(30, 54, 78, -1) is None
    assert learned(5, 6, 7, 30, 54) is None


def test_a_date_in_2099_does_not_hide_what_all_others_tell() -> None:
    assert learned(8, 5, 2, 1, 600_000) == 8 * HOUR


def test_what_is_believed_stays_when_nothing_lies_in_the_future() -> None:
    found = learn_offset(claims(-1, -4), now=NOW, known=8 * HOUR)
    assert found == Offset(seconds=8 * HOUR)


def test_one_item_beyond_it_is_a_slip_and_two_are_a_larger_one() -> None:
    assert learned(8, 5, 4, -1, known=6 * HOUR) == 6 * HOUR
    assert learned(8, 7.5, 4, -1, known=6 * HOUR) == 8 * HOUR


def test_dates_with_a_zone_of_their_own_are_left_beside_others() -> None:
    both = claims(8, 5, 2) + claims(-1, -2, zoned=True)
    assert learn_offset(both, now=NOW).of_zoned is False


def test_unless_they_lie_in_the_future_by_the_same_offset() -> None:
    both = claims(8, 5, 2) + claims(7, -2, zoned=True)
    assert learn_offset(both, now=NOW).of_zoned is True


def test_a_document_all_of_whose_dates_name_a_zone_is_judged_by_them() -> None:
    found = learn_offset(claims(8, 5, 2, zoned=True), now=NOW)
    assert (found.seconds, found.of_zoned) == (8 * HOUR, True)


LEADS = st.floats(min_value=-200, max_value=200).map(lambda hours: round(hours, 2))


@given(st.lists(LEADS, max_size=30))
def test_under_an_offset_nothing_that_a_zone_explains_lies_in_the_future(
    hours: list[float],
) -> None:
    found = learn_offset(claims(*hours), now=NOW)
    if found.seconds is not None:
        offset = timedelta(seconds=found.seconds)
        leads = [claim.when - NOW for claim in claims(*hours)]
        assert all(lead - offset <= SLACK for lead in leads if lead <= FARTHEST + SLACK)
        assert sum(lead > SLACK for lead in leads) >= 3


@given(st.lists(st.floats(min_value=0.1, max_value=200), max_size=30))
def test_a_document_of_the_past_teaches_nothing(ages: list[float]) -> None:
    assert learned(*(-age for age in ages)) is None


# The end of an offset. The last visit was ten minutes ago.

LAST = NOW - timedelta(minutes=10)


def sightings(new: tuple[float, ...] = (), known: tuple[tuple[float, float], ...] = ()) -> str:
    """Hours ahead of NOW: new items, and known ones as (now, before)."""
    hours = timedelta(hours=1)
    items = [Sighting(claimed=NOW + h * hours) for h in new]
    items += [Sighting(claimed=NOW + h * hours, before=NOW + b * hours) for h, b in known]
    return mended(items, offset=BEIJING, now=NOW, last_visit=LAST)


def test_known_items_that_moved_back_by_the_offset_show_that_the_clock_was_mended() -> None:
    words = "2 known items are now dated 8 h earlier"
    assert sightings(known=((-1, 7), (-3, 5))) == words


def test_so_does_a_new_item_that_would_be_hours_late() -> None:
    assert sightings(new=(-0.1,)) == "1 new item is else 8 h late"


def test_a_new_item_in_the_future_shows_that_it_was_not() -> None:
    assert sightings(new=(8, -0.1)) == ""


def test_beside_items_that_still_lie_in_the_future_one_may_be_late_and_two_are_not() -> None:
    standing = ((6, 6), (3, 3))
    assert sightings(new=(-0.1,), known=standing) == ""
    assert sightings(new=(-0.1, -0.5), known=standing) == "2 new items are else 8 h late"


def test_nothing_new_shows_nothing() -> None:
    assert sightings(known=((6, 6), (-1, -1))) == ""


def test_an_old_item_that_comes_late_is_old_by_either_clock() -> None:
    assert sightings(new=(-30,)) == ""


def test_a_visit_after_a_day_has_new_items_of_all_hours() -> None:
    items = [Sighting(claimed=NOW - timedelta(hours=h)) for h in (1, 3, 10)]
    day_ago = NOW - timedelta(days=1)
    assert mended(items, offset=BEIJING, now=NOW, last_visit=day_ago) == ""


# Entries


def entry(path: str, raw: str, when: datetime | None, **more: object) -> Entry:
    url = f"https://x.com/{path}"
    return Entry(url=url, raw_url=url, published=when, published_raw=raw, **more)


def gmt(hours: float) -> tuple[str, datetime]:
    when = NOW + timedelta(hours=hours)
    return f"{when:%a, %d %b %Y %H:%M:%S} GMT", when


def test_all_items_of_a_document_move_and_keep_their_words() -> None:
    source = Source(id="s", name="S", url="https://x.com/feed")
    listed = [entry(str(h), *gmt(h)) for h in (8, 5, 2, -1)]
    found, offset = dated(listed, source, now=NOW, known=None)
    assert offset.seconds == 8 * HOUR
    assert [e.published for e in found] == [NOW - timedelta(hours=h) for h in (0, 3, 6, 9)]
    assert [e.published_raw for e in found] == [e.published_raw for e in listed]


def test_the_update_moves_with_the_publication() -> None:
    source = Source(id="s", name="S", url="https://x.com/feed")
    listed = [entry("1", *gmt(-1), updated=NOW + timedelta(hours=1))]
    (found,), _ = dated(listed, source, now=NOW, known=8 * HOUR)
    assert found.updated == NOW - timedelta(hours=7)


def test_an_item_without_a_date_has_none_afterwards() -> None:
    source = Source(id="s", name="S", url="https://x.com/feed")
    listed = [entry("1", "yesterday", None)]
    assert dated(listed, source, now=NOW, known=8 * HOUR)[0] == tuple(listed)


def test_a_date_with_its_own_zone_stays_beside_others() -> None:
    source = Source(id="s", name="S", url="https://x.com/feed")
    own = entry("own", "Mon, 02 Mar 2026 19:00:00 +0800", NOW - timedelta(hours=1))
    listed = [entry("1", *gmt(-1)), own]
    found, _ = dated(listed, source, now=NOW, known=8 * HOUR)
    assert found[1] == own


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (timedelta(hours=8), "UTC+08:00"),
        (timedelta(hours=5, minutes=30), "UTC+05:30"),
        (timedelta(hours=-3), "UTC-03:00"),
    ],
)
def test_a_zone_is_named_as_iso_does(offset: timedelta, words: str) -> None:
    assert utc(offset) == words


def test_an_offset_is_told_in_words() -> None:
    words = "its dates run 5.5 h ahead: what it calls GMT is UTC+05:30"
    assert in_words(19800) == words
