"""`Archive.frame`: articles as a table, of whichever library is installed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import ExtraMissing
from archive.reader import Archive, open_archive
from tests.archive.making import LONG, make_archive, save

FIRST = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = FIRST + timedelta(hours=3)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    conn = make_archive(tmp_path)
    save(conn, "1", "央行降准", LONG, now=FIRST, tags=("央行", "利率"))
    save(conn, "1", "央行降准", LONG + "自下月五日起施行，大型银行降至百分之十。", now=LATER)
    save(conn, "2", "Copper rises", "Copper rose on Monday as stocks fell. " * 20, now=LATER)
    conn.close()
    return open_archive(tmp_path)


def test_pandas_gets_times_lists_and_what_is_missing(archive: Archive) -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not installed: make extras")
    frame = archive.frame(library="pandas")
    assert list(frame["title"]) == ["Copper rises", "央行降准"]
    row = frame.set_index("id").loc[1]
    assert row["first_seen"] == pd.Timestamp("2026-11-23T01:00Z")
    assert row["version_seen"] == pd.Timestamp("2026-11-23T04:00Z")
    assert (row["version"], row["paywalled"]) == (2, False)
    assert pd.isna(row["withdrawn"])
    assert str(frame.dtypes["version_seen"]) == "datetime64[s, UTC]"


def test_each_version_is_a_row(archive: Archive) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed: make extras")
    frame = archive.frame("央行", versions=True, library="pandas")
    assert list(frame["version"]) == [1, 2]
    assert list(frame["tags"]) == [["央行", "利率"]] * 2


def test_an_empty_choice_has_the_columns(archive: Archive) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed: make extras")
    frame = archive.frame("nothing-has-this-word", library="pandas")
    assert (len(frame), str(frame.dtypes["published"])) == (0, "datetime64[s, UTC]")


def test_arrow_gets_the_same(archive: Archive) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed: make extras")
    table = archive.frame("source:stcn copper", library="pyarrow")
    assert table.column("title").to_pylist() == ["Copper rises"]
    assert str(table.schema.field("published").type) == "timestamp[s, tz=UTC]"


def test_without_a_library_a_sentence_says_what_to_install(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pandas", "polars", "pyarrow"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr("archive.upkeep.frames.find_spec", lambda name: None)
    with pytest.raises(ExtraMissing, match="a frame needs pandas, polars or pyarrow: pip install"):
        archive.frame()
