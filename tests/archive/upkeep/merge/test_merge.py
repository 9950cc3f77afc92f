"""Two archives become one: nothing is lost, nothing doubled."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.files.orders import write_owed
from archive.upkeep.merge.merge import opened, require_same_schema
from archive.upkeep.verify.check import Scope, check
from tests.archive.making import LONG, NOW, cell, rows
from tests.archive.upkeep.merge.two import bring, contents, copy_of, dump, fetch, owe

RATES = LONG
STEEL = "钢铁行业协会周二公布上半年产量数据，粗钢产量同比回落，企业库存继续下降。" * 10
WHEAT = "黑龙江今年小麦收割进度快于往年，收购价格保持平稳，农户惜售情绪有所缓解。" * 10


def test_what_only_theirs_has_comes_in(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "降准", RATES)
    fetch(theirs, "b", "钢铁", STEEL, 1)
    merged = bring(ours, tmp_path / "theirs")
    assert rows(ours, "SELECT id, url, title FROM articles") == [
        (1, "https://stcn.example.com/a", "降准"),
        (2, "https://stcn.example.com/b", "钢铁"),
    ]
    assert (merged.articles, merged.grown, merged.entries) == (1, 0, 1)


def test_search_finds_what_came_in(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(theirs, "b", "钢铁", STEEL)
    bring(ours, tmp_path / "theirs")
    query = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH '\"钢 铁\"'"
    assert cell(ours, query) == 1


def test_a_file_is_named_by_our_number(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    fetch(ours, "a", "Rates fall", RATES)
    fetch(theirs, "b", "Steel rises", STEEL)
    bring(ours, tmp_path / "theirs")
    write_owed(ours, tmp_path / "md")
    assert sorted(path.name for path in (tmp_path / "md").rglob("*.md")) == [
        "2026-11-23-1-rates-fall.md",
        "2026-11-23-2-steel-rises.md",
    ]


def test_verify_finds_nothing_wrong_afterwards(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    for conn, hours in ((ours, 0), (theirs, 1)):
        fetch(conn, "a", "降准", RATES, hours)
        fetch(conn, "a", "降准", RATES + f"第{hours}版更正。", hours + 2)
        fetch(conn, f"only{hours}", "钢铁", STEEL + str(hours) * 9, hours + 4)
    bring(ours, tmp_path / "theirs")
    write_owed(ours, tmp_path / "md")
    what = Scope(data=tmp_path / "ours", directory=tmp_path / "md", full=True)
    assert list(check(what, now=NOW)) == []


def test_a_merge_that_was_killed_is_done_again(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    for name, text in (("a", RATES), ("b", STEEL), ("c", WHEAT)):
        fetch(theirs, name, name, text)
    owe(theirs, "d")
    with closing(copy_of(ours, tmp_path / "half")) as half:
        half.execute(
            "CREATE TRIGGER killed BEFORE INSERT ON entries"
            " BEGIN SELECT raise(ABORT, 'killed'); END"
        )
        with pytest.raises(sqlite3.IntegrityError, match="killed"):
            bring(half, tmp_path / "theirs")
        half.execute("DROP TRIGGER killed")
        bring(half, tmp_path / "theirs")
        bring(ours, tmp_path / "theirs")
        assert dump(half) == dump(ours)


def test_an_archive_is_not_merged_with_itself(ours: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is the archive itself"):
        bring(ours, tmp_path / "ours")


@pytest.mark.parametrize(
    ("version", "words"), [(10, "has schema 10, this Broadsheet knows 9: upgrade it"), (0, "empty")]
)
def test_an_archive_of_another_schema_is_refused(
    ours: sqlite3.Connection,
    theirs: sqlite3.Connection,
    tmp_path: Path,
    version: int,
    words: str,
) -> None:
    theirs.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(ArchiveError, match=words), opened(ours, tmp_path / "theirs"):
        pass


def test_an_older_archive_is_to_be_upgraded_first(
    theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveError, match="has schema 9, this Broadsheet writes 10: upgrade it"):
        require_same_schema(theirs, tmp_path / "theirs" / "archive.db", latest=10)


def test_a_folder_without_an_archive_is_named(ours: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"there is no archive at .*nowhere"):
        bring(ours, tmp_path / "nowhere")


# What a crawl archived: page, title, text, and another address that led there. Ours fetches at
# even hours and theirs at odd ones: no two computers fetch a page in the same second.
Fetch = tuple[str, str, str, tuple[str, ...]]
FETCHES = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(["降准", "钢铁"]),
        st.sampled_from([RATES, STEEL, WHEAT, "短讯。"]),
        st.sampled_from([(), (), ("a",), ("m",)]),
    ),
    max_size=4,
)


@contextmanager
def crawled(
    empty: sqlite3.Connection, folder: Path, fetches: list[Fetch], odd: int
) -> Iterator[sqlite3.Connection]:
    with closing(copy_of(empty, folder)) as conn:
        for number, (path, title, text, aliases) in enumerate(fetches):
            fetch(conn, path, title, text, 2 * number + odd, aliases)
        yield conn


def assert_alike(empty: sqlite3.Connection, first: list[Fetch], second: list[Fetch]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            crawled(empty, folder / "a", first, 0) as a,
            crawled(empty, folder / "b", second, 1) as b,
            closing(copy_of(a, folder / "ab")) as ab,
            closing(copy_of(b, folder / "ba")) as ba,
        ):
            bring(ab, folder / "b")
            bring(ba, folder / "a")
            assert contents(ab) == contents(ba)


def assert_idempotent(empty: sqlite3.Connection, first: list[Fetch], second: list[Fetch]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            crawled(empty, folder / "a", first, 0) as a,
            crawled(empty, folder / "b", second, 1),
        ):
            bring(a, folder / "b")
            before = dump(a)
            bring(a, folder / "b")
            assert dump(a) == before


@given(first=FETCHES, second=FETCHES)
@settings(max_examples=15)
def test_it_does_not_matter_which_archive_is_brought_into_which(
    empty: sqlite3.Connection, first: list[Fetch], second: list[Fetch]
) -> None:
    assert_alike(empty, first, second)


@given(first=FETCHES, second=FETCHES)
@settings(max_examples=10)
def test_merging_twice_changes_nothing(
    empty: sqlite3.Connection, first: list[Fetch], second: list[Fetch]
) -> None:
    assert_idempotent(empty, first, second)


def test_what_was_kept_apart_stays_so_though_an_address_of_it_led_to_one_that_grew(
    empty: sqlite3.Connection,
) -> None:
    first = [("a", "钢铁", STEEL, ("m",)), ("b", "降准", RATES, ())]
    second = [("a", "降准", STEEL, ()), ("b", "降准", STEEL, ()), ("c", "降准", RATES, ("m",))]
    assert_idempotent(empty, first, second)
    assert_alike(empty, first, second)


@pytest.mark.slow
@given(first=FETCHES, second=FETCHES)
@settings(max_examples=120)
def test_neither_law_breaks_in_many_archives(
    empty: sqlite3.Connection, first: list[Fetch], second: list[Fetch]
) -> None:
    assert_alike(empty, first, second)
    assert_idempotent(empty, first, second)


@given(fetches=FETCHES)
@settings(max_examples=8)
def test_a_copy_of_the_archive_adds_nothing(
    empty: sqlite3.Connection, fetches: list[Fetch]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with crawled(empty, folder / "a", fetches, 0) as a, closing(copy_of(a, folder / "b")):
            before = dump(a)
            bring(a, folder / "b")
            assert dump(a) == before
