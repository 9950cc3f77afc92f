"""`--as-of`, `changes`, and exports that say when: by the commands."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.database.connect import connect
from archive.entries.owed import close_entry, file_entry
from archive.entries.rechecks import withdraw
from archive.model import EntryState
from tests.archive.making import LONG, NOW, make_archive, make_entry, make_source, save
from tests.crawler.run.sample import Broadsheet

HOUR = timedelta(hours=1)
NEWER = LONG + "其中大型银行降至10%，即日起执行。"


@pytest.fixture
def archived(data: Path) -> Iterator[sqlite3.Connection]:
    """8:00 archived, 9:00 corrected, 10:00 withdrawn."""
    data.mkdir()
    make_archive(data, make_source("stcn")).close()
    with closing(connect(data / "archive.db")) as conn:
        save(conn, "1", "央行降准", LONG)
        save(conn, "1", "央行降准0.5个百分点", NEWER, now=NOW + HOUR)
        withdraw(conn, 1, now=NOW + 2 * HOUR)
        yield conn


@pytest.mark.parametrize(
    ("moment", "title", "found", "withdrawn"),
    [
        ("2026-11-23T08:30Z", "央行降准", 0, None),
        ("2026-11-23T17:30+08:00", "央行降准0.5个百分点", 1, None),
        ("2026-11-23T10:30Z", "央行降准0.5个百分点", 1, "2026-11-23T10:00:00Z"),
    ],
)
def test_every_command_answers_as_of_a_moment(
    broadsheet: Broadsheet,
    archived: sqlite3.Connection,
    moment: str,
    title: str,
    found: int,
    withdrawn: str | None,
) -> None:
    asked = ("--as-of", moment, "--json")
    assert len(json.loads(broadsheet("search", "即日起执行", *asked).stdout)) == found
    (hit,) = json.loads(broadsheet("search", "存款准备金率", *asked).stdout)
    assert (hit["title"], hit["withdrawn"]) == (title, withdrawn)
    shown = json.loads(broadsheet("show", "1", *asked).stdout)
    assert (shown["title"], shown["text"] == NEWER, shown["withdrawn"]) == (
        title,
        bool(found),
        withdrawn,
    )
    exported = broadsheet("export", "--format", "jsonl", "--as-of", moment, "-")
    row = json.loads(exported.stdout)
    assert (row["title"], row["version"], row["first_seen"]) == (
        title,
        1 + found,
        "2026-11-23T08:00:00Z",
    )


@pytest.mark.parametrize(
    ("moment", "state", "words"),
    [
        ("2026-11-23T08:30Z", "owed", "is owed\n"),
        ("2026-11-23T09:30Z", "gone", "gone at 2026-11-23T09:00:00Z: HTTP 410\n"),
    ],
)
def test_an_address_that_is_no_article_is_shown_as_of_a_moment(
    broadsheet: Broadsheet,
    archived: sqlite3.Connection,
    moment: str,
    state: str,
    words: str,
) -> None:
    filed = file_entry(archived, make_entry("9"), "stcn", now=NOW)
    assert filed.id is not None
    close_entry(archived, filed.id, EntryState.GONE, "HTTP 410", now=NOW + HOUR)
    url = filed.url
    (shown,) = json.loads(broadsheet("show", url, "--as-of", moment, "--json").stdout)
    assert (shown["state"], shown["attempts"], shown["not_before"]) == (state, 0, None)
    assert broadsheet("show", url, "--as-of", moment).stdout.endswith(words)


def test_before_the_first_article_there_is_none(
    broadsheet: Broadsheet, archived: sqlite3.Connection
) -> None:
    assert broadsheet("show", "1", "--as-of", "2026-11-23").exit_code == 1
    days = json.loads(
        broadsheet("coverage", "--since", "all", "--as-of", "2026-11-23", "--json").stdout
    )["days"]
    assert days == []


@pytest.mark.parametrize("moment", ["2099-01-01", "all", "yesterday", "2026-11-23T08:30"])
def test_what_is_no_moment_of_the_past_is_told(
    broadsheet: Broadsheet, archived: sqlite3.Connection, moment: str
) -> None:
    result = broadsheet("search", "降准", "--as-of", moment)
    assert (result.exit_code, moment in result.stderr) == (2, True)


def test_every_version_is_a_row_with_its_time(
    broadsheet: Broadsheet, archived: sqlite3.Connection, tmp_path: Path
) -> None:
    out = tmp_path / "versions.csv"
    result = broadsheet("export", "--format", "csv", "--versions", str(out))
    assert (result.exit_code, result.stderr) == (0, f"2 versions in {out}\n")
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [(row["version"], row["version_seen"], row["title"]) for row in rows] == [
        ("1", "2026-11-23T08:00:00Z", "央行降准"),
        ("2", "2026-11-23T09:00:00Z", "央行降准0.5个百分点"),
    ]
    refused = broadsheet("export", "--format", "rss", "--versions", str(tmp_path / "a.xml"))
    assert (refused.exit_code, refused.stderr) == (
        2,
        "broadsheet: --versions is for rows (jsonl, csv, parquet)\n",
    )


def test_only_what_changed_is_exported(
    broadsheet: Broadsheet, archived: sqlite3.Connection
) -> None:
    save(archived, "2", "证监会发布新规", text="证监会" * 200, now=NOW + 3 * HOUR)
    lines = broadsheet("export", "--format", "jsonl", "--changes-since", "4", "-").stdout
    assert [json.loads(line)["title"] for line in lines.splitlines()] == ["证监会发布新规"]


def test_events_are_listed_by_number(broadsheet: Broadsheet, archived: sqlite3.Connection) -> None:
    lines = broadsheet("changes", "--since", "2").stdout.splitlines()
    assert lines[0].startswith("3 2026-11-23T09:00:00Z edit article 1 v2 changed: ")
    assert lines[1] == "4 2026-11-23T10:00:00Z withdrawn article 1 v2 changed: withdrawn"
    listed = broadsheet("changes", "--kind", "new", "--kind", "edit", "--json").stdout
    assert [json.loads(line)["seq"] for line in listed.splitlines()] == [1, 3]
    assert broadsheet("changes", "--limit", "1").stdout.count("\n") == 1


def test_an_upgraded_archive_says_what_it_can_not_know(
    broadsheet: Broadsheet, archived: sqlite3.Connection
) -> None:
    upgraded = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    archived.execute("UPDATE migrations SET applied = ?", (f"{upgraded:%Y-%m-%dT%H:%M:%SZ}",))
    result = broadsheet("search", "降准", "--as-of", "2026-11-23T08:30Z")
    assert result.stderr.startswith("Before 2026-11-23 09:30Z, when this archive was upgraded")
