"""What joins on to the last list: literal lists, one minute between two items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from archive.model import Entry, ListedItem
from archive.sources.window import Judgement, Window, judge, listed_items, with_more

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = START + timedelta(hours=3)
GROWN = "it listed fewer than 5 items before, and has never shown news above a known item"
LESS = "it lists less than before, and has never shown news above a known item"


def news(numbers: Iterable[int], *, dated: bool = True) -> list[ListedItem]:
    """Items of these minutes, in this order."""
    return [
        ListedItem(keys=(f"k{n}",), date=START + timedelta(minutes=n) if dated else None)
        for n in numbers
    ]


def down(first: int, last: int, *, dated: bool = True) -> list[ListedItem]:
    """From the newest to the oldest."""
    return news(range(first, last - 1, -1), dated=dated)


def after(*lists: list[ListedItem]) -> Judgement:
    """What the last of these lists says, each visited after the one before."""
    judged = Judgement(window=Window())
    for items in lists:
        window = Window.parse(judged.window.text())
        judged = judge(window, items, at=LATER)
    return judged


def test_the_first_list_has_nothing_to_join_on_to() -> None:
    assert not after(down(20, 1)).apart


@pytest.mark.parametrize(("first", "apart"), [(20, False), (21, False), (35, False), (40, True)])
def test_a_list_joins_on_while_one_of_the_newest_five_is_left(first: int, apart: bool) -> None:
    assert after(down(20, 1), down(first, first - 19)).apart is apart


@pytest.mark.parametrize("dated", [True, False])
def test_a_feed_that_moved_on_by_60_is_a_gap(dated: bool) -> None:
    judged = after(down(20, 1, dated=dated), down(80, 61, dated=dated))
    assert (judged.apart, judged.missing) == (True, 40 if dated else None)


def test_half_of_the_time_that_is_shown_is_the_longest_interval_after_it() -> None:
    lists = down(20, 1), down(80, 61)
    assert after(*lists).window.cap_s == 600.0
    assert after(*lists, down(81, 62)).window.cap_s == 750.0
    assert after(*lists, down(80, 61)).window.cap_s == 600.0


def test_that_interval_is_read_without_the_list() -> None:
    assert Window.cap_of(Window(cap_s=600.0).text()) == 600.0
    assert [Window.cap_of(text) for text in (Window().text(), "{}", "?")] == [None, None, None]


@pytest.mark.parametrize("dated", [True, False])
def test_a_pinned_item_hides_no_gap(dated: bool) -> None:
    pinned = news([-9000], dated=dated)
    judged = after([*pinned, *down(20, 1, dated=dated)], [*pinned, *down(80, 61, dated=dated)])
    assert (judged.apart, judged.missing) == (True, 40 if dated else None)


def test_an_item_that_outlived_a_window_is_pinned_wherever_it_stands() -> None:
    pin, other = news([-9000], dated=False), news([-8000], dated=False)
    lists = [[*pin, *down(n, n - 8, dated=False)] for n in (9, 13, 17, 21)]
    moved = [*other, *pin, *down(60, 52, dated=False)]
    assert after(*lists, moved).apart


def test_a_head_that_stays_over_items_that_move_is_no_pin() -> None:
    top = down(105, 101, dated=False)
    judged = after([*top, *down(15, 1, dated=False)], [*top, *down(20, 6, dated=False)])
    assert not judged.apart


def test_a_document_in_any_order_is_judged_by_its_dates() -> None:
    judged = after(news(range(1, 21)), news(range(16, 36)))
    assert not judged.apart
    assert after(news(range(1, 21)), news(range(61, 81))).missing == 40


def test_one_item_at_a_time_is_no_window_and_is_said_once() -> None:
    lists = [down(n, n) for n in range(1, 6)]
    said = [after(*lists[:count]).says for count in range(1, 6)]
    assert said == ["it lists fewer than 5 items at a time", "", "", "", ""]
    assert not any(after(*lists[:count]).apart for count in range(1, 6))


def test_a_single_item_below_pinned_ones_is_no_window() -> None:
    pins = down(-1, -5, dated=False)
    lists = [[*pins, *down(n, n, dated=False)] for n in range(1, 15)]
    judged = [after(*lists[: count + 1]) for count in range(14)]
    said = "it lists fewer than 5 items at a time, pinned ones apart"
    assert [j.says for j in judged if j.says] == [said]
    assert {j.doubt for j in judged[1:]} == {said}
    assert not any(j.apart for j in judged)


def test_news_that_were_taken_away_push_nothing_out() -> None:
    assert not after(down(20, 1), [*down(22, 21), *down(15, 1)]).apart


def test_a_document_that_is_short_for_once_proves_nothing() -> None:
    judged = [after(down(20, 1), down(3, 1)), after(down(20, 1), down(3, 1), down(80, 61))]
    assert [(j.apart, j.says, bool(j.doubt)) for j in judged] == [
        (False, "", False),
        (False, "", True),
    ]


def test_a_list_that_grows_lets_nothing_go_unless_all_that_was_known_is_gone() -> None:
    assert not after(down(4, 1), down(9, 4)).doubt
    grown = after(down(4, 1), down(25, 6))
    assert (grown.apart, grown.doubt) == (False, GROWN)
    proven = after(down(3, 1), down(4, 1), down(25, 6))
    assert (proven.apart, proven.doubt, proven.missing) == (True, "", 1)


def test_a_list_that_never_overlapped_proves_little_where_it_can_t_have_overflowed() -> None:
    shorter = after(down(20, 1), down(80, 69))
    earlier = after(down(90, 71), down(70, 51))
    assert (shorter.apart, shorter.doubt) == (False, LESS)
    assert (earlier.apart, earlier.doubt) == (
        False,
        "half of its news is dated before what was known",
    )
    assert after(down(19, 1), down(20, 1), down(80, 69)).apart  # it has shown that it lets go


def test_what_got_another_title_and_address_is_known_by_its_time() -> None:
    first, last = down(5, 1), [*down(9, 6), ListedItem(keys=("other",), date=news([5])[0].date)]
    assert not after(first, last).apart
    assert after(first, [*down(10, 6)]).apart
    twice = [*last[1:], ListedItem(keys=("twin",), date=last[-1].date)]
    assert after(first, twice).apart  # two of one minute: nobody can tell which
    day = ListedItem(keys=("day",), date=datetime(2026, 11, 23, tzinfo=UTC))
    same_day = ListedItem(keys=("other",), date=day.date)
    assert after([*down(5, 2), day], [*down(9, 6), same_day]).apart


def test_five_visits_whose_news_shared_nothing_are_no_window() -> None:
    lists = [down(100 * n + 10, 100 * n + 1) for n in range(8)]
    judged = [after(*lists[: count + 1]) for count in range(8)]
    assert [j.apart for j in judged] == [False, True, True, True, True, False, False, False]
    assert [j.says for j in judged][4:] == ["", "5 visits with news shared no item", "", ""]


def test_a_window_that_was_seen_once_is_kept_however_often_it_overflows() -> None:
    lists = [down(10, 1), down(11, 2), *(down(100 * n, 100 * n - 9) for n in range(1, 8))]
    assert all(after(*lists[:count]).apart for count in range(3, 10))


def test_a_single_overlap_ends_that_there_is_no_window() -> None:
    lists = [down(100 * n + 10, 100 * n + 1) for n in range(6)]
    judged = after(*lists, down(511, 502))
    assert (judged.window.windowless, judged.window.proven) == ("", True)


def test_visits_without_news_prove_nothing() -> None:
    judged = after(*[down(20, 1)] * 9)
    assert (judged.apart, judged.window.apart) == (False, 0)


def test_dates_of_the_future_and_of_old_items_estimate_nothing() -> None:
    odd = [*news([99_999]), *down(79, 61), *news([-5000])]
    assert after(down(20, 1), odd).missing == 40


def test_a_document_without_the_dates_for_it_has_no_estimate() -> None:
    assert after(down(20, 1), [ListedItem(keys=(f"x{n}",)) for n in range(20)]).missing is None


def test_what_a_hub_pushed_counts_as_listed() -> None:
    window = after(down(20, 1)).window
    pushed = with_more(window, down(62, 40))
    assert judge(window, down(80, 61), at=LATER).apart
    assert not judge(pushed, down(80, 61), at=LATER).apart
    assert with_more(window, down(20, 10)) is window


def test_an_item_is_known_by_guid_by_address_or_by_title_and_date() -> None:
    first, renamed, moved, other = listed_items(
        [
            entry("https://a.example/1?sid=1", guid="g", title="Rates", date="Mon"),
            entry("https://a.example/x", guid="g", title="Rates up", date="Tue"),
            entry("https://a.example/1?sid=2", title="Rates", date="Mon"),
            entry("https://a.example/2", title="Rates", date="Tue"),
        ]
    )
    assert set(first.keys) & set(renamed.keys)
    assert set(first.keys) & set(moved.keys)
    assert not set(first.keys) & set(other.keys)


def test_of_very_many_items_the_newest_are_looked_at() -> None:
    urls = [f"https://a.example/{n}" for n in range(1200)]
    moments = [START + timedelta(minutes=n) for n in range(1200)]
    dated = [Entry(url=u, raw_url=u, updated=m) for u, m in zip(urls, moments, strict=True)]
    items = listed_items(dated)
    assert (len(items), items[0].date) == (1000, START + timedelta(minutes=1199))
    assert listed_items([Entry(url=u, raw_url=u) for u in urls]) == ()


@pytest.mark.parametrize("text", ["{}", "", "[]", '{"items": 5}', '{"size": null}', "null"])
def test_a_memory_that_is_none_of_ours_is_empty(text: str) -> None:
    assert Window.parse(text) == Window()


def entry(url: str, *, title: str, date: str, guid: str = "") -> Entry:
    return Entry(url=url, raw_url=url, title=title, published_raw=date, guid=guid)
