"""A content hash says by which normalisation it was made; what a former one made stays sound.

`load(1)` is an archive of the schema before: its content hashes have no mark.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.articles.revisions import Version, is_hash_of
from archive.migrate import migrate
from archive.model import Verdict
from archive.upkeep.verify.contents import Contents, check_old_versions
from archive.upkeep.verify.damage import DamageKind
from tests.archive.making import DAY, LONG, NOW, cell, make_archive, make_source, rows, save
from tests.archive.schemas import load

FIRST = ("央行降准", LONG)
LATEST = ("央行降准0.5个百分点", LONG + "其中大型银行降至10%。")


@pytest.fixture
def former(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(load(1, tmp_path)) as conn:
        migrate(conn, NOW)
        yield conn


def wrong(conn: sqlite3.Connection) -> list[str]:
    contents = Contents.of(conn)
    found = [*contents.check(1), *contents.check(2), *check_old_versions(conn)]
    return [damage.detail for damage in found if damage.kind is DamageKind.HASH_WRONG]


def test_the_hashes_of_a_former_program_are_no_damage(former: sqlite3.Connection) -> None:
    assert cell(former, "SELECT count(*) FROM revisions WHERE content_hash LIKE '2:%'") == 0
    assert wrong(former) == []


def test_a_text_that_a_former_hash_is_not_of_is_damage(former: sqlite3.Connection) -> None:
    former.execute("UPDATE articles SET text = text || '。不' WHERE id = 1")
    former.execute("UPDATE superseded SET text = text || '。不' WHERE article_id = 1")
    assert wrong(former) == [
        "has the hashes or the length of another text",
        "version 1 has the hash of another text",
    ]


def test_a_hash_of_a_later_program_is_not_judged() -> None:
    assert is_hash_of("3:00", *FIRST)
    assert not is_hash_of("2:00", *FIRST)
    assert not is_hash_of("00", *FIRST)


def test_the_same_content_is_no_revision_whoever_hashed_it(former: sqlite3.Connection) -> None:
    saved = save(former, "1", *LATEST, now=NOW + DAY)
    assert (saved.verdict, cell(former, "SELECT count(*) FROM revisions")) == (
        Verdict.UNCHANGED,
        3,
    )


def test_a_version_that_returns_is_counted_whoever_hashed_it(former: sqlite3.Connection) -> None:
    verdicts = [
        save(former, "1", *content, now=NOW + DAY).verdict
        for content in (FIRST, LATEST, FIRST, LATEST)
    ]
    revised, same = Verdict.REVISED, Verdict.UNCHANGED
    assert verdicts == [revised, revised, same, same]


def test_what_the_former_hash_folded_away_is_a_revision_now(tmp_path: Path) -> None:
    with closing(make_archive(tmp_path, make_source("stcn"))) as conn:
        save(conn, "1", "China and the us", "It was notable. " * 20)
        save(conn, "1", "China and the us", "It was not able. " * 20, now=NOW + DAY)
        save(conn, "1", "China and the US", "It was not able. " * 20, now=NOW + 2 * DAY)
        save(conn, "1", "China and the US", " It  was not able .\n\n" * 20, now=NOW + 3 * DAY)
        assert rows(conn, "SELECT number, kind FROM revisions") == [
            (1, "first"),
            (2, "edit"),
            (3, "edit"),
        ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ＣＰＩ 同比", "CPI同比", True),
        ("“降准” ，落地", '"降准",落地', True),
        ("up 3 %,\n\nhe said", "up 3%, he said", True),
        ("a\u200bb", "ab", True),
        ("CPI", "Cpi", False),
        ("5 000", "5000", False),
        ("now here", "nowhere", False),
    ],
)
def test_case_and_blanks_between_words_make_another_content(
    one: str, other: str, same: bool
) -> None:
    assert Version.of("", one).says("", other, Version.of("", other).content_hash) is same
    assert Version.of("", one).text_hash == Version.of("", other).text_hash
