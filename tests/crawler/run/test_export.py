"""`broadsheet export`, its files read by other programs."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import pytest

from tests.crawler.run.sample import EN, EN_TITLE, ZH, Broadsheet

pytestmark = pytest.mark.usefixtures("archive")


def test_json_lines_go_to_standard_output(broadsheet: Broadsheet) -> None:
    result = broadsheet("export", "--format", "jsonl", "-")
    assert result.exit_code == 0
    titles = {json.loads(line)["title"] for line in result.stdout.splitlines()}
    assert titles == {ZH.title, EN_TITLE}


@pytest.mark.parametrize("form", ["parquet", "hexo", "warc"])
def test_what_is_no_text_does_not_go_to_standard_output(
    broadsheet: Broadsheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = broadsheet("export", "--format", form, "-")
    assert (result.exit_code, not Path("-").exists()) == (2, True)
    assert f"{form} can't go to standard output" in result.stderr


def test_a_folder_is_not_replaced_by_a_file(broadsheet: Broadsheet, tmp_path: Path) -> None:
    result = broadsheet("export", "--format", "csv", str(tmp_path))
    assert result.exit_code == 2
    assert "is a folder: name a file" in result.stderr


def test_a_csv_begins_with_a_byte_order_mark_and_its_header(
    broadsheet: Broadsheet, tmp_path: Path
) -> None:
    out = tmp_path / "a.csv"
    assert broadsheet("export", "--format", "csv", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbfid,url,source_id,source_name,title,")
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_of_a_search_is_read_back(broadsheet: Broadsheet, tmp_path: Path, form: str) -> None:
    out = tmp_path / "feed"
    result = broadsheet("export", "--format", form, "--query", "source:ledger", str(out))
    assert result.exit_code == 0, result.output
    seen = "2026-11-23T08:00:00Z"
    known = {"first_seen": seen, "version": 1, "version_seen": seen}
    if form == "json":
        feed = json.loads(out.read_text("utf-8"))
        assert [(i["id"], i["title"]) for i in feed["items"]] == [(EN.url, EN_TITLE)]
        assert feed["items"][0]["_broadsheet"] == known
        return
    feed = feedparser.parse(out.read_bytes())
    assert (feed.bozo, feed.version) == (False, {"rss": "rss20", "atom": "atom10"}[form])
    (item,) = feed.entries
    assert (item.id, item.link) == (EN.url, EN.url)
    assert item.title == "Yields climb as [bold] traders wait"
    assert item.content[0].value.startswith("<p>")
    assert {name: item[f"broadsheet_{name}"] for name in known} == {
        name: str(value) for name, value in known.items()
    }


def test_parquet_is_parted_by_month_and_duckdb_reads_it(
    broadsheet: Broadsheet, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed: make extras")
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: make extras")
    out = tmp_path / "parquet"
    assert broadsheet("export", "--format", "parquet", str(out)).exit_code == 0
    rows = duckdb.sql(
        "SELECT title, published_month, typeof(published), typeof(tags)"
        f" FROM read_parquet('{out}/**/*.parquet', hive_partitioning = true) ORDER BY id"
    ).fetchall()
    times = "TIMESTAMP WITH TIME ZONE"
    assert [row[0] for row in rows] == [ZH.title, EN_TITLE]
    assert {row[2:] for row in rows} == {(times, "VARCHAR[]")}


def test_posts_are_those_that_the_archive_wrote(
    broadsheet: Broadsheet, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "posts"
    assert broadsheet("export", "--format", "hexo", str(out)).exit_code == 0
    ours = {p.relative_to(data / "articles"): p.read_bytes() for p in data.rglob("*.md")}
    assert {p.relative_to(out): p.read_bytes() for p in out.rglob("*.md")} == ours
    assert len(ours) == 2


def test_a_folder_that_is_there_is_not_touched(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    result = broadsheet("export", "--format", "hexo", str(tmp_path / "posts"))
    assert result.exit_code == 2
    assert "name a new folder" in result.output


def test_an_unknown_source_is_named_with_the_nearest(broadsheet: Broadsheet) -> None:
    result = broadsheet("export", "--format", "csv", "--source", "ledgre", "-")
    assert result.exit_code == 2
    assert "unknown source ledgre: did you mean ledger?" in result.output


def test_a_query_that_is_none_leaves_no_file(broadsheet: Broadsheet, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    result = broadsheet("export", "--format", "jsonl", "--query", "after:soon", str(out))
    assert result.exit_code == 1
    assert "after: wants a date" in result.output
    assert list(tmp_path.glob("a.jsonl*")) == []
