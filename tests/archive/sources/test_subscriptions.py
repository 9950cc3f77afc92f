"""Subscriptions to hubs: what is to be asked when, and what an answer changes."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.sources.declarations import rename_source
from archive.sources.subscriptions import (
    State,
    Subscription,
    begin_asking,
    confirm,
    confirm_end,
    deny,
    due_subscriptions,
    keep_subscriptions,
    live_states,
    name_hub,
    note_push,
    note_refusal,
    subscription_of,
    subscription_states,
    subscriptions,
)
from tests.archive.making import DAY, HOUR, NOW, make_archive, make_source, rows

HUB, TOPIC = "https://hub.example/", "https://stcn.example.com/rss"
BACK = "https://news.example/websub"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("stcn"), make_source("sina"))


def name(
    conn: sqlite3.Connection, hub: str = HUB, topic: str = TOPIC, *, now: datetime = NOW
) -> None:
    name_hub(conn, "stcn", hub, topic, callback=BACK, now=now)


def subscribed(conn: sqlite3.Connection, lease: timedelta = 10 * DAY) -> int:
    """Subscribe stcn at NOW; the subscription's id."""
    name(conn)
    id = live(conn).id
    begin_asking(conn, id, now=NOW)
    assert confirm(conn, id, TOPIC, lease=lease, now=NOW)
    return id


def live(conn: sqlite3.Connection) -> Subscription:
    found = subscription_of(conn, "stcn")
    assert found is not None
    return found


def hubs_due(conn: sqlite3.Connection, now: datetime) -> list[tuple[str, str]]:
    return [(one.source_id, one.hub) for one in due_subscriptions(conn, now=now, limit=10)]


def test_a_hub_that_is_named_is_asked_at_once(conn: sqlite3.Connection) -> None:
    name(conn)
    assert hubs_due(conn, NOW) == [("stcn", HUB)]
    assert live(conn).state is State.ASKED


def test_naming_it_again_changes_nothing(conn: sqlite3.Connection) -> None:
    id = subscribed(conn)
    name(conn, now=NOW + DAY)
    assert (live(conn).id, live(conn).state) == (id, State.SUBSCRIBED)


def test_one_source_of_each_hub_is_asked_at_a_time(conn: sqlite3.Connection) -> None:
    name(conn)
    name_hub(conn, "sina", HUB, "https://sina.example.com/rss", callback=BACK, now=NOW - MINUTE)
    assert hubs_due(conn, NOW) == [("sina", HUB)]


def test_a_hub_that_does_not_confirm_is_asked_ever_more_rarely(conn: sqlite3.Connection) -> None:
    name(conn)
    now, pauses = NOW, []
    for _ in range(8):
        begin_asking(conn, live(conn).id, now=now)
        pauses.append((live(conn).next_ask - now) / MINUTE)
        now = live(conn).next_ask
    assert pauses == [1, 4, 16, 64, 256, 1024, 1440, 1440]


def test_a_refusal_is_kept_in_words_until_the_hub_confirms(conn: sqlite3.Connection) -> None:
    name(conn)
    note_refusal(conn, live(conn).id, "HTTP 500")
    assert live(conn).reason == "HTTP 500"
    confirm(conn, live(conn).id, TOPIC, lease=DAY, now=NOW)
    assert live(conn).reason == ""


def test_a_subscription_is_renewed_when_two_thirds_of_its_lease_are_over(
    conn: sqlite3.Connection,
) -> None:
    subscribed(conn, 9 * DAY)
    assert (live(conn).expires, live(conn).next_ask) == (NOW + 9 * DAY, NOW + 6 * DAY)
    assert hubs_due(conn, NOW + 6 * DAY) == [("stcn", HUB)]


@pytest.mark.parametrize(
    ("lease", "renewed"), [(timedelta(seconds=1), timedelta(seconds=40)), (999 * DAY, 20 * DAY)]
)
def test_a_lease_has_bounds(conn: sqlite3.Connection, lease: timedelta, renewed: timedelta) -> None:
    subscribed(conn, lease)
    assert live(conn).next_ask == NOW + renewed


def test_a_renewal_that_fails_leaves_the_subscription_as_it_is(conn: sqlite3.Connection) -> None:
    id = subscribed(conn)
    begin_asking(conn, id, now=NOW + 7 * DAY)
    note_refusal(conn, id, "HTTP 503")
    assert live(conn).state is State.SUBSCRIBED
    assert live(conn).next_ask == NOW + 7 * DAY + MINUTE


def test_a_lease_that_is_over_is_no_subscription_any_more(conn: sqlite3.Connection) -> None:
    id = subscribed(conn)
    begin_asking(conn, id, now=NOW + 10 * DAY)
    assert live(conn).state is State.ASKED


def test_what_nobody_asked_for_is_not_confirmed(conn: sqlite3.Connection) -> None:
    id = subscribed(conn)
    assert not confirm(conn, id, "https://other.example/rss", lease=DAY, now=NOW)
    assert not confirm(conn, id + 1, TOPIC, lease=DAY, now=NOW)
    assert not confirm_end(conn, id, TOPIC)
    deny(conn, id, TOPIC, "no", now=NOW)
    assert not confirm(conn, id, TOPIC, lease=DAY, now=NOW)


def test_a_denial_is_kept_and_asked_again_after_a_day(conn: sqlite3.Connection) -> None:
    name(conn)
    assert deny(conn, live(conn).id, TOPIC, "not on the list", now=NOW)
    assert (live(conn).state, live(conn).reason) == (State.DENIED, "not on the list")
    assert hubs_due(conn, NOW + DAY - HOUR) == []
    assert hubs_due(conn, NOW + DAY) == [("stcn", HUB)]
    begin_asking(conn, live(conn).id, now=NOW + DAY)
    assert live(conn).state is State.ASKED


def test_another_hub_ends_the_subscription_to_the_first(conn: sqlite3.Connection) -> None:
    id = subscribed(conn)
    name(conn, "https://new.example/", now=NOW + DAY)
    assert [(one.hub, one.state) for one in subscriptions(conn)] == [
        (HUB, State.LEAVING),
        ("https://new.example/", State.ASKED),
    ]
    assert confirm_end(conn, id, TOPIC)
    assert [one.hub for one in subscriptions(conn)] == ["https://new.example/"]


def test_a_feed_that_names_no_hub_any_more_is_unsubscribed(conn: sqlite3.Connection) -> None:
    subscribed(conn)
    name(conn, "", "", now=NOW + DAY)
    assert subscription_of(conn, "stcn") is None
    assert hubs_due(conn, NOW + DAY) == [("stcn", HUB)]


def test_a_feed_that_names_other_hubs_all_the_time_is_not_followed(
    conn: sqlite3.Connection,
) -> None:
    subscribed(conn)
    for minutes in range(1, 60):
        name(conn, f"https://hub{minutes}.example/", now=NOW + minutes * MINUTE)
    assert [one.hub for one in subscriptions(conn)] == [HUB]


def test_an_end_that_is_never_confirmed_is_left_to_the_lease(conn: sqlite3.Connection) -> None:
    id = subscribed(conn)
    name(conn, "", "", now=NOW + DAY)
    asked = [begin_asking(conn, id, now=NOW + DAY) for _ in range(4)]
    assert [one is not None for one in asked] == [True, True, True, False]
    assert subscriptions(conn) == []


def test_a_denied_end_is_an_end(conn: sqlite3.Connection) -> None:
    id = subscribed(conn)
    name(conn, "", "", now=NOW + DAY)
    assert deny(conn, id, TOPIC, "no such subscription", now=NOW + DAY)
    assert subscriptions(conn) == []


def test_a_source_that_went_is_unsubscribed(conn: sqlite3.Connection) -> None:
    subscribed(conn)
    keep_subscriptions(conn, {"sina"}, callback=BACK, now=NOW)
    assert [one.state for one in subscriptions(conn)] == [State.LEAVING]


def test_what_no_hub_confirmed_needs_no_end(conn: sqlite3.Connection) -> None:
    name(conn)
    keep_subscriptions(conn, {"sina"}, callback=BACK, now=NOW)
    assert subscriptions(conn) == []


def test_another_callback_makes_the_subscription_anew(conn: sqlite3.Connection) -> None:
    subscribed(conn)
    for _ in range(2):
        keep_subscriptions(conn, {"stcn"}, callback="https://moved.example/", now=NOW)
    assert [(one.state, one.callback) for one in subscriptions(conn)] == [
        (State.LEAVING, BACK),
        (State.ASKED, "https://moved.example/"),
    ]


def test_a_push_is_noted(conn: sqlite3.Connection) -> None:
    note_push(conn, subscribed(conn), now=NOW + HOUR)
    assert live(conn).pushed == NOW + HOUR


def test_every_state_is_counted(conn: sqlite3.Connection) -> None:
    subscribed(conn)
    counts = {State.ASKED: 0, State.SUBSCRIBED: 1, State.DENIED: 0, State.LEAVING: 0}
    assert subscription_states(conn) == counts
    assert live_states(conn) == {"stcn": State.SUBSCRIBED}


def test_a_renamed_source_keeps_its_subscription(conn: sqlite3.Connection) -> None:
    id = subscribed(conn)
    rename_source(conn, "stcn", "times")
    assert rows(conn, "SELECT id, source_id FROM subscriptions") == [(id, "times")]
