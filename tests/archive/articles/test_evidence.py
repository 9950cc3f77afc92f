"""The evidence that two pages are one article: each rule, and what it asks besides its sign."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.articles.evidence import (
    Told,
    by_canonical,
    by_guid,
    by_near_text,
    by_redirect,
    by_session,
    by_text,
    is_another,
    is_same_page,
    is_story_of,
)

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
WORDS = ("one", "two", "three", "four", "five")
LINES = [f"Sentence number {word} of the report says so." for word in WORDS]
LONG = " ".join([*LINES, *(f"And {word} is told of copper as well." for word in ("tin", "zinc"))])
OTHER = "Quite another matter is told here. Nothing of it stood there before. The rest is new, too."


def told(title: str = "Copper falls", text: str = LONG, **changes: object) -> Told:
    values: dict[str, object] = {
        "byline": "",
        "published": AT,
        "published_from": "jsonld",
        "claim": "2026-11-23T08:30:12Z",
        "fetched": AT + timedelta(hours=1),
    }
    return Told.of(title, text, text, **(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claim", "published_from", "minute"),
    [
        ("2026-11-23T08:30:12Z", "jsonld", True),
        ("Mon, 23 Nov 2026 08:30:12 GMT", "feed", True),
        ("11月23日 16时30分", "text", True),
        ("2026-11-23", "meta", False),
        ("2026-11-23T00:00:00+08:00", "meta", False),  # a bare date, written as a time
        ("2026-11-23T08:30:00+00:00", "meta", True),
        ("2026-11-23T08:30:12Z", "announced", False),
    ],
)
def test_a_claim_tells_the_minute_where_it_has_one(
    claim: str, published_from: str, minute: bool
) -> None:
    assert (told(claim=claim, published_from=published_from).minute is not None) is minute


def test_a_feed_that_dates_items_by_the_poll_claims_nothing() -> None:
    just_now = told(published_from="feed", fetched=AT + timedelta(minutes=2))
    assert (just_now.day, just_now.minute) == (None, None)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (told(text=OTHER, claim=""), "same guid and title"),
        (told("Tin", claim=""), "same guid and text"),
        (told("Tin", OTHER), "same guid and minute"),
        (
            told("Tin", f"{LINES[0]} {OTHER}", byline="Ann", claim=""),
            "same guid, first sentence and byline",
        ),
        (told("Tin", OTHER, claim=""), ""),
    ],
)
def test_a_guid_needs_title_text_or_minute(page: Told, reason: str) -> None:
    assert by_guid(page, told(byline="Ann")) == reason


REDIRECTS = [
    (told(), "Copper falls", None, "redirect to the announced headline"),
    (told(), "", told(text=OTHER), "redirect to the stored headline"),
    (told("Tin"), "", told(), "redirect to the stored text"),
    (told("Tin", OTHER), "", told(), "redirect to the same minute"),
    (told("Wrap: 9 December", OTHER, claim=""), "", told("Wrap: 8 December", claim=""), ""),
    (told("Today", OTHER, claim=""), "Copper falls", None, ""),
]


@pytest.mark.parametrize(("page", "headline", "stored", "reason"), REDIRECTS)
def test_a_redirect_must_end_at_what_was_asked_for(
    page: Told, headline: str, stored: Told | None, reason: str
) -> None:
    found = by_redirect(
        page,
        led="https://a.example/b",
        asked="https://a.example/x",
        headline=headline,
        stored=stored,
    )
    assert found == reason


@pytest.mark.parametrize(
    ("asked", "led", "reason"),
    [
        (
            "https://a.example/s/123456",
            "https://a.example/news/123456.html",
            "redirect to the same number",
        ),
        ("https://a.example/old/7", "https://a.example/story/7", "redirect to the same number"),
        ("https://a.example/20261123/", "https://a.example/today/20261123-x", ""),
        (
            "https://a.example/tin-stands-still",
            "https://a.example/n/tin-stands",
            "redirect to the same slug",
        ),
        ("https://a.example/news", "https://b.example/news", ""),
    ],
)
def test_an_address_may_say_where_it_leads(asked: str, led: str, reason: str) -> None:
    page = told("Other", OTHER, claim="")
    assert by_redirect(page, led=led, asked=asked, headline="", stored=None) == reason


def test_a_canonical_link_needs_half_of_the_longer_text() -> None:
    assert by_canonical(told(), told()) == "canonical link and text"
    assert by_canonical(told(text=LINES[0]), told()) == ""


def test_the_same_text_needs_the_title_or_the_minute() -> None:
    stored = told(text=LONG)
    assert by_text(told(claim=""), stored) == "same text and title"
    assert by_text(told("Tin"), stored) == "same text and minute"
    assert by_text(told("Tin", claim=""), stored) == ""
    assert by_text(told(text="Short."), told(text="Short.")) == "same title, minute and text"
    assert by_text(told(text="Short.", claim=""), told(text="Short.")) == ""


def test_a_near_text_needs_the_minute_or_its_beginning() -> None:
    assert by_near_text(told("Tin"), told()) == "near text and minute"
    near = told(byline="Ann", claim="")
    assert by_near_text(near, told(byline="ann")) == "near text, first sentence and byline"
    assert by_near_text(told(claim=""), told()) == ""
    assert by_near_text(told(text="Short."), told()) == ""


NEXT_DAY = AT + timedelta(days=1)
ASKED = {"headline": "Tin rises", "guids": ["g1"], "address": "https://a.example/live"}


@pytest.mark.parametrize(
    ("page", "guid", "another"),
    [
        (told("Tin rises", OTHER, published=NEXT_DAY), "g2", True),
        (told("Tin rises", OTHER, published=NEXT_DAY), "g1", False),
        (told("Tin rises", OTHER, published=NEXT_DAY), "", True),  # it shows what is announced now
        (told("Before you continue", OTHER, published=NEXT_DAY), "", False),
        (told("Tin rises", OTHER), "g2", False),  # the same day
        (told("Tin rises", LONG, published=NEXT_DAY), "g2", False),
        (told("Copper falls", OTHER, published=NEXT_DAY), "g2", False),
    ],
)
def test_an_address_was_given_to_another_article(page: Told, guid: str, another: bool) -> None:
    assert is_another(page, told(), guid=guid, **ASKED) is another  # type: ignore[arg-type]


def test_what_was_announced_apart_needs_no_other_day() -> None:
    page = told("Tin rises", OTHER)
    assert is_another(page, told(), guid="g2", apart=True, **ASKED)  # type: ignore[arg-type]


def test_a_page_must_show_something_of_its_article() -> None:
    assert is_same_page(told("Other words", LONG), told(), "")
    assert is_same_page(told("Tin rises", OTHER), told(), "Tin rises")
    assert not is_same_page(told("Before you continue", OTHER), told(), "Copper falls")


def test_two_rows_are_one_by_what_the_page_tells() -> None:
    assert is_story_of(told("Tin", OTHER), told())  # the minute
    assert not is_story_of(told("Tin", OTHER, claim=""), told())
    by_feed = told("Tin", OTHER, published_from="feed")
    assert not is_story_of(by_feed, told())  # the entry's own date proves nothing


def test_a_day_is_utc_s_whatever_zone_a_page_claims_it_in() -> None:
    midnight = datetime(2026, 11, 24, 0, 0, tzinfo=timezone(timedelta(hours=8)))
    assert told(published=midnight, claim="2026-11-24").day == date(2026, 11, 23)


def test_an_unknown_day_is_no_other_day() -> None:
    undated = told("Before you continue", OTHER, claim="", published_from="announced")
    page = told("Tin rises", "Tin is told of here.", published=NEXT_DAY)
    assert not is_another(page, undated, guid="", **ASKED)  # type: ignore[arg-type]


def test_half_a_slug_tells_nothing_where_the_stored_text_is_known() -> None:
    addresses = {"led": "https://a.example/copper-falls-in-may", "headline": ""}
    asked = "https://a.example/copper-falls-in-june"
    page = told("Copper falls in May", OTHER, claim="")
    stored = told("Tin and zinc", claim="")
    assert by_redirect(page, asked=asked, stored=None, **addresses) == "redirect to the same slug"
    assert by_redirect(page, asked=asked, stored=stored, **addresses) == ""
    edited = told("Copper falls in May", f"{LINES[0]} {OTHER}", claim="")
    assert by_redirect(edited, asked=asked, stored=stored, **addresses) != ""


SESSIONS = [
    ("https://a.example/s?sid=1", "https://a.example/s?sid=2", True),
    ("https://a.example/s?sid=1", "https://a.example/s", True),
    ("https://a.example/s?sid=1", "https://a.example/s?id=2", False),
    ("https://a.example/s?sid=1", "https://a.example/t?sid=2", False),
    ("https://a.example/s?sid=1", "https://b.example/s?sid=2", False),
]


@pytest.mark.parametrize(("url", "known", "alike"), SESSIONS)
def test_an_address_that_differs_by_its_session(url: str, known: str, alike: bool) -> None:
    stub = told(text="Keep reading with a digital plan.")
    reason = "same address but for its parameters, title and date" if alike else ""
    assert by_session(stub, told(), url=url, known=known) == reason


@pytest.mark.parametrize(
    "page",
    [told(text=OTHER * 3), told("Tin", "Short."), told(text="Short.", claim="2026-11-23")],
    ids=["another text", "another title", "a bare day there"],
)
def test_a_parameter_may_name_another_page(page: Told) -> None:
    url, known = "https://a.example/s?id=1", "https://a.example/s?id=2"
    assert by_session(page, told(), url=url, known=known) == ""


def test_of_bare_days_half_the_text_tells() -> None:
    day = {"claim": "2026-11-23"}
    url, known = "https://a.example/s?sid=1", "https://a.example/s?sid=2"
    counted = told(text=f"{LONG} 12 views", **day)
    assert by_session(counted, told(**day), url=url, known=known) != ""
    assert by_session(told(text="Short.", **day), told(**day), url=url, known=known) == ""


def test_at_a_shared_address_half_a_headline_is_not_enough() -> None:
    page = told("Zinc falls by a lot", OTHER)
    stored = told("Zinc falls", LONG)
    assert is_same_page(page, stored, "")
    assert not is_same_page(page, stored, "", shared=True)
    assert is_same_page(told("Zinc falls", OTHER), stored, "", shared=True)
