"""`broadsheet init`, `stats`, `search`, `retry`, `render`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.run.cli import main
from tests.crawler.run.sample import Broadsheet


def test_init_writes_a_valid_config_where_it_is_told_to(tmp_path: Path) -> None:
    path = tmp_path / "new" / "broadsheet.toml"
    result = CliRunner().invoke(main, ["init", "--config", str(path)])
    assert result.exit_code == 0
    assert tomllib.loads(path.read_text(encoding="utf-8")) is not None
    assert f"broadsheet --config {path} crawl" in result.stdout


def test_init_writes_where_the_user_keeps_a_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert CliRunner().invoke(main, ["init"]).exit_code == 0
    assert (tmp_path / "broadsheet" / "broadsheet.toml").is_file()


def test_init_never_overwrites(config_file: Path) -> None:
    before = config_file.read_bytes()
    result = CliRunner().invoke(main, ["init", "--config", str(config_file)])
    assert result.exit_code == 2
    assert str(config_file) in result.stderr
    assert config_file.read_bytes() == before


def test_stats_count_articles_entries_and_bytes(broadsheet: Broadsheet, archive: Path) -> None:
    stats = json.loads(broadsheet("stats", "--json").stdout)
    assert (stats["articles"], stats["stories"], stats["revisions"]) == (2, 2, 2)
    assert stats["sources"] == {"ledger": 1, "stcn": 1}
    assert stats["languages"] == {"en": 1, "zh": 1}
    assert stats["days"] == {"2026-11-22": 1, "2026-11-21": 1}
    assert {"state": "rejected", "reason": "too short", "count": 1} in stats["entries"]
    assert {"state": "owed", "reason": "", "count": 1} in stats["entries"]
    assert stats["bytes"]["archive.db"] > 0
    assert stats["bytes"]["pages.db"] == 0
    assert stats["bytes"]["markdown"] > 0


def test_stats_are_tables_for_people(broadsheet: Broadsheet, archive: Path) -> None:
    output = broadsheet("stats").stdout
    assert output.startswith("2 articles (2 stories, 0 copies), 2 versions, in ")
    assert ["rejected", "too", "short", "1"] in [line.split() for line in output.splitlines()]


def test_search_finds_chinese_without_spaces(broadsheet: Broadsheet, archive: Path) -> None:
    hits = json.loads(broadsheet("search", "存款准备金", "--json").stdout)
    assert [sorted(hit) for hit in hits] == [
        ["first_seen", "id", "published", "snippet", "source", "title", "url", "withdrawn"]
    ]
    assert hits[0]["id"] == 1
    assert hits[0]["source"] == "stcn"
    assert hits[0]["published"] == "2026-11-22T01:30:00Z"


def test_search_prints_number_time_source_and_address(
    broadsheet: Broadsheet, archive: Path
) -> None:
    lines = broadsheet("search", "treasury", "yields").stdout.splitlines()
    assert lines[1] == "  2  2026-11-21 15:00Z  ledger  https://ledger.example/markets/yields"


def test_search_in_a_source_that_is_none_says_so(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("search", "yields", "source:nosuch")
    words = "Nothing found: no source is called nosuch; `broadsheet sources list` lists them.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", words)
    assert broadsheet("search", "zinc", "source:ledger").stderr == "Nothing found.\n"
    for empty in ("", "(((", "title:", "AND"):
        words = "Nothing found: the query has no word, and no field with a value.\n"
        assert broadsheet("search", empty).stderr == words


def test_search_for_nothing_known_says_so(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("search", "zeppelin")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing found.\n")


@pytest.mark.parametrize("query", ['"', "NEAR(", "a OR", "* ^", "title:x AND"])
def test_no_query_is_an_error(broadsheet: Broadsheet, archive: Path, query: str) -> None:
    result = broadsheet("search", "--json", "--", query)
    assert result.exit_code == 0
    assert isinstance(json.loads(result.stdout), list)


def test_retry_by_state_makes_entries_owed_again(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("retry", "--state", "rejected")
    assert result.stdout == "1 entry is owed again.\n"
    stats = json.loads(broadsheet("stats", "--json").stdout)
    assert {"state": "owed", "reason": "", "count": 2} in stats["entries"]


def test_retry_takes_an_address(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("retry", "https://news.stcn.example/a/2")
    assert result.stdout == "1 entry is owed again.\n"


def test_retry_takes_any_spelling_of_an_address(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("retry", "https://News.stcn.example/a/2?utm_source=x")
    assert result.stdout == "1 entry is owed again.\n"


def test_retry_takes_the_number_of_an_entry(broadsheet: Broadsheet, archive: Path) -> None:
    assert broadsheet("retry", "2").stdout == "1 entry is owed again.\n"


def test_retry_alone_takes_all_that_have_no_article(broadsheet: Broadsheet, archive: Path) -> None:
    assert broadsheet("retry").stdout == "2 entries are owed again.\n"
    stats = json.loads(broadsheet("stats", "--json").stdout)
    assert {"state": "archived", "reason": "new", "count": 2} in stats["entries"]


def test_retry_of_an_unknown_entry_is_an_error(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("retry", "https://elsewhere.example/")
    assert result.exit_code == 1
    assert "no such entry, or it was forgotten: https://elsewhere.example/" in result.stderr


def test_retry_of_an_unknown_source_exits_2(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("retry", "--source", "stcm")
    assert result.exit_code == 2
    assert "did you mean stcn?" in result.stderr


def test_render_rebuilds_a_lost_file_byte_for_byte(broadsheet: Broadsheet, archive: Path) -> None:
    folder = archive.parent / "articles"
    lost = sorted(folder.rglob("*.md"))[0]
    before = lost.read_bytes()
    lost.unlink()
    result = broadsheet("render")
    assert result.stdout == f"2 files in {folder}: 1 written, 0 removed, 0 failed.\n"
    assert lost.read_bytes() == before


def test_render_leaves_right_files_and_foreign_files_alone(
    broadsheet: Broadsheet, archive: Path
) -> None:
    folder = archive.parent / "articles"
    (folder / "mine.md").write_text("my own")
    assert "0 written, 0 removed, 0 failed" in broadsheet("render").stdout
    assert (folder / "mine.md").read_text() == "my own"


def test_render_follows_the_config(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    config_file.write_text(config_file.read_text() + '\n[markdown]\nbody = "html"\ndir = "posts"\n')
    result = broadsheet("render")
    assert "2 written" in result.stdout
    post = next((config_file.parent / "posts").rglob("*-yields-climb*"))
    assert "<p>Treasury yields climbed on Friday.</p>" in post.read_text()


def test_render_without_markdown_is_refused(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    config_file.write_text(config_file.read_text() + "\n[markdown]\nenabled = false\n")
    result = broadsheet("render")
    assert result.exit_code == 1
    assert "[markdown] enabled is false" in result.stderr


def test_render_names_what_it_cannot_write(broadsheet: Broadsheet, archive: Path) -> None:
    for post in (archive.parent / "articles").rglob("*.md"):
        post.unlink()
        post.mkdir()
    result = broadsheet("render")
    assert result.exit_code == 1
    assert "0 written, 0 removed, 2 failed" in result.stdout
    assert "stays owed" in result.stderr
