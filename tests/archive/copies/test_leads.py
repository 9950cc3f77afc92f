"""Who leads a story: each rule decides where those before it leave more than one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from archive.copies.leads import Contender, Lead, choose_lead

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def contender(id: int, outlet: str, *named_by: str, **known: object) -> Contender:
    usual = {"trust": 5, "named_lately": 0, "public": NOON, "archived": NOON, "announced": NOON}
    return Contender(id=id, outlet=outlet, named_by=frozenset(named_by), **(usual | known))


def test_the_more_trusted_outlet_leads_whatever_else_is_known() -> None:
    mirror = contender(1, "Mirror", "Third", "Wire", public=NOON - MINUTE)
    wire = contender(2, "Wire", trust=6)
    assert choose_lead([mirror, wire]) == Lead(2, "its outlet is trusted more (6 over 5)")


def test_of_equals_leads_whom_more_than_half_of_the_other_outlets_name() -> None:
    mirror = contender(1, "Mirror", public=NOON - MINUTE)
    wire = contender(2, "Wire", "Mirror", "Third")
    third = contender(3, "Third")
    assert choose_lead([mirror, wire, third]) == Lead(
        2, "2 of 2 other outlets name it or link to it"
    )


def test_half_of_the_other_outlets_is_no_majority() -> None:
    mirror = contender(1, "Mirror", public=NOON - MINUTE)
    wire = contender(2, "Wire", "Third")
    third = contender(3, "Third")
    assert choose_lead([mirror, wire, third]) == Lead(1, "published first, 2026-11-23 11:59 UTC")


def test_an_outlet_s_own_word_counts_for_nothing() -> None:
    mirror = contender(1, "Mirror", "Mirror", public=NOON)
    wire = contender(2, "Wire", public=NOON - MINUTE)
    assert choose_lead([mirror, wire]).id == 2


def test_two_that_name_each_other_are_told_apart_by_what_others_said_in_90_days() -> None:
    mirror = contender(1, "Mirror", "Wire", named_lately=2, public=NOON - MINUTE)
    wire = contender(2, "Wire", "Mirror", named_lately=31)
    assert choose_lead([mirror, wire]) == Lead(
        2, "other outlets named its outlet most, 31 times in 90 days"
    )


def test_without_a_word_of_others_the_first_published_leads() -> None:
    late, early = contender(1, "Late"), contender(2, "Early", public=NOON - MINUTE)
    assert choose_lead([late, early]) == Lead(2, "published first, 2026-11-23 11:59 UTC")


def test_without_any_evidence_the_first_archived_leads() -> None:
    second = contender(1, "Second", archived=NOON + MINUTE)
    first = contender(2, "First")
    assert choose_lead([second, first]) == Lead(2, "archived first")
    assert choose_lead([contender(4, "B"), contender(3, "A")]) == Lead(3, "archived first")


def test_of_two_articles_of_the_named_outlet_the_earlier_leads() -> None:
    wire = [contender(n, "Wire", "Mirror", public=NOON - n * MINUTE) for n in (1, 2)]
    found = choose_lead([contender(3, "Mirror", public=NOON - 9 * MINUTE), *wire])
    assert found == Lead(2, "published first, 2026-11-23 11:58 UTC")


def test_one_alone_leads() -> None:
    assert choose_lead([contender(7, "Wire")]) == Lead(7, "")
