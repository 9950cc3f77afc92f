"""What a source used, and how long it rests: worked out by hand."""

from __future__ import annotations

from crawler.fetch.workers.accounts import Accounts


def test_what_was_used_counts_half_after_a_minute() -> None:
    accounts = Accounts()
    accounts.charge("a", 1.0, now=100.0)
    accounts.charge("a", 1.0, now=160.0)
    assert accounts.used_s("a", now=160.0) == 1.5
    assert accounts.used_s("a", now=220.0) == 0.75
    assert accounts.used_s("b", now=220.0) == 0.0
    assert accounts.totals() == {"a": 2.0}


def test_ordinary_pages_are_followed_by_no_rest_however_many() -> None:
    accounts = Accounts()
    for n in range(100):
        accounts.charge("a", 1.9, now=float(n))
    assert accounts.rest_s("a", now=99.0) == 0.0
    assert accounts.untold("a") == ""


def test_a_slow_page_is_followed_by_nine_times_its_rest() -> None:
    accounts = Accounts()
    accounts.charge("a", 30.0, now=100.0)
    assert accounts.rest_s("a", now=100.0) == 270.0
    assert accounts.rest_s("a", now=200.0) == 170.0
    assert accounts.rest_s("b", now=100.0) == 0.0


def test_rests_add_up_to_an_hour_at_most() -> None:
    accounts = Accounts()
    for _ in range(2):
        accounts.charge("a", 30.0, now=100.0)
    assert accounts.rest_s("a", now=100.0) == 540.0
    for _ in range(20):
        accounts.charge("a", 30.0, now=100.0)
    assert accounts.rest_s("a", now=100.0) == 3600.0


def test_why_it_rests_is_told_once() -> None:
    accounts = Accounts()
    accounts.charge("a", 30.0, now=100.0)
    assert accounts.untold("a") == (
        "one of its documents or pages took 30 s to read: while others wait it rests 270 s"
    )
    assert accounts.untold("a") == ""
