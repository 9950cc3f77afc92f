"""What the measures rest on: the pages of our own and the labels made by hand."""

from __future__ import annotations

from datetime import datetime

from benchmarks.quality.own_pages import own_pages
from benchmarks.quality.pages import HERE, read_lines


def test_the_newsroom_gives_a_page_with_gold_for_every_outlet_that_publishes() -> None:
    pages = own_pages()
    assert {page.site for page in pages} == {
        *("ledger", "haichuan", "jinling", "taiping", "wire", "magazine"),
    }
    assert len({page.id for page in pages}) == len(pages) >= 60


def test_pages_that_are_no_articles_are_among_our_own() -> None:
    reasons = {page.refusal for page in own_pages() if page.refusal}
    assert reasons >= {"paywall", "index page", "login wall", "error page", "not HTML"}


def test_the_gold_of_an_own_page_is_what_was_written() -> None:
    page = next(page for page in own_pages() if page.id == "own-hog-price")
    assert page.record["title"] == "猪价跌破每公斤12元 养殖企业加速去产能"
    assert page.published == "2026-11-22T06:30:00+00:00"
    assert page.group == "zh"


def test_a_hundred_pages_have_a_time_read_by_hand() -> None:
    labels = list(read_lines(HERE / "labels_time.jsonl"))
    times = [label["published"] for label in labels if label["published"] != "no time"]
    assert len({label["id"] for label in labels}) == len(labels) == 100
    assert all(datetime.fromisoformat(time) for time in times)
    assert all(label["evidence"] for label in labels)


def test_labels_hold_facts_and_no_text_of_a_page() -> None:
    keys = {key for name in ("time", "images", "authors") for key in _keys(f"labels_{name}.jsonl")}
    assert keys == {"id", "published", "also", "evidence", "images", "persons"}


def test_every_labelled_image_is_an_absolute_address() -> None:
    labels = list(read_lines(HERE / "labels_images.jsonl"))
    assert sum(len(label["images"]) for label in labels) == 141
    assert all(url.startswith("http") for label in labels for url in label["images"])


def test_labels_of_authors_name_no_agency_or_desk() -> None:
    labels = {label["id"]: label["persons"] for label in read_lines(HERE / "labels_authors.jsonl")}
    assert len(labels) == 72
    assert sum(not persons for persons in labels.values()) == 53
    assert labels["ft-au-NineNews_2026_07_04"] == ["Adam Vidler"]  # the gold has AP too


def _keys(name: str) -> set[str]:
    return {key for label in read_lines(HERE / name) for key in label}
