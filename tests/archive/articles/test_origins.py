"""Whose text an article says it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.articles.origins import is_hearsay
from tests.archive.copies.filing_copies import STORY, file
from tests.archive.making import cell, make_archive, make_source


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("stcn", name="证券时报网"))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("新华社北京12月9日电 （记者王小明）" + STORY, "新华社"),
        ("财联社12月9日电，" + STORY, "财联社"),
        ("据央视新闻报道，" + STORY, "央视新闻"),
        (STORY + "\n\n（来源：新浪财经）", "新浪财经"),
        ("NEW YORK, Dec 9 (Reuters) - Treasury yields rose.", "Reuters"),
        ("LONDON (AP) — Shares fell.", "AP"),
        ("Shares fell on Friday.\n\nSource: Kyodo News", "Kyodo News"),
        (STORY, ""),
        ("The agency (Reuters) said yields rose.", ""),
    ],
)
def test_the_origin_that_a_text_names_is_kept(
    conn: sqlite3.Connection, text: str, origin: str
) -> None:
    file(conn, "stcn", text)
    assert cell(conn, "SELECT origin FROM articles") == origin


def test_another_site_s_canonical_address_is_an_origin(conn: sqlite3.Connection) -> None:
    file(conn, "stcn", STORY, canonical="https://www.reuters.example/a/1")
    assert cell(conn, "SELECT origin FROM articles") == "https://www.reuters.example/a/1"


def test_the_label_on_the_page_is_better_evidence_than_the_text(conn: sqlite3.Connection) -> None:
    file(conn, "stcn", "据央视新闻报道，" + STORY, origin="新华社")
    assert cell(conn, "SELECT origin FROM articles") == "新华社"


@pytest.mark.parametrize("label", ["证券时报网", "证券时报"])
def test_an_outlet_is_no_origin_of_its_own_texts(conn: sqlite3.Connection, label: str) -> None:
    file(conn, "stcn", STORY, origin=label)
    assert cell(conn, "SELECT origin FROM articles") == ""


@pytest.mark.parametrize(
    ("evidence", "hearsay"),
    [
        ('{"text": "foreign feed"}', True),
        ('{"text": "feed"}', False),
        ("{}", False),
        ("", False),
        ("[]", False),
        ('"foreign feed"', False),
        ("[" * 100_000, False),
    ],
)
def test_what_a_merged_archive_has_for_evidence_stops_nothing(evidence: str, hearsay: bool) -> None:
    assert is_hearsay(evidence) is hearsay
