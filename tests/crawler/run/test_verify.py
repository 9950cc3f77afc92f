"""`broadsheet verify` as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.database.connect import connect
from archive.database.lock import ArchiveLock
from tests.crawler.run.sample import Broadsheet


@pytest.fixture
def damaged(archive: Path, data: Path) -> Path:
    """The archive with one file edited by hand and one trigger gone."""
    path = next(data.rglob("*.md"))
    path.write_text("edited", "utf-8")
    conn = connect(data / "archive.db")
    conn.execute("DROP TRIGGER articles_fts_au")
    conn.close()
    return path


@pytest.mark.parametrize("options", [(), ("--full",), ("--repair",)])
def test_an_archive_as_it_was_written_is_in_order(
    broadsheet: Broadsheet, archive: Path, options: tuple[str, ...]
) -> None:
    result = broadsheet("verify", *options)
    assert (result.exit_code, "Nothing is wrong." in result.output) == (0, True), result.output


def test_what_is_wrong_is_listed_by_kind(broadsheet: Broadsheet, damaged: Path) -> None:
    result = broadsheet("verify")
    assert result.exit_code == 1
    assert "file-differs: 1" in result.output
    assert damaged.name in result.output
    assert "index-trigger-missing: 1" in result.output
    assert "`broadsheet verify --repair` repairs what can be." in result.output


def test_what_is_repaired_is_said_and_in_order_afterwards(
    broadsheet: Broadsheet, damaged: Path
) -> None:
    result = broadsheet("verify", "--repair")
    assert result.exit_code == 0, result.output
    assert "file-differs: 1 repaired" in result.output
    assert damaged.read_text("utf-8").startswith("---\n")
    assert broadsheet("verify", "--full").exit_code == 0


def test_json_has_each_kind_with_examples(broadsheet: Broadsheet, damaged: Path) -> None:
    result = broadsheet("verify", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["full"], found["repaired"]) == (False, {})
    assert [(d["kind"], d["count"], d["repair"]) for d in found["damage"]] == [
        ("file-differs", 1, True),
        ("index-trigger-missing", 1, True),
    ]
    assert found["damage"][1]["examples"] == [
        {
            "where": "trigger articles_fts_au",
            "detail": "is missing: articles may be changed without their index",
        }
    ]


def test_what_has_no_repair_says_what_to_do(
    broadsheet: Broadsheet, archive: Path, data: Path
) -> None:
    conn = connect(data / "archive.db")
    conn.execute("UPDATE articles SET checked = 'yesterday' WHERE id = 1")
    conn.close()
    result = broadsheet("verify", "--repair")
    assert result.exit_code == 1
    assert "No repair: correct the value by hand, or restore a backup." in result.output


def test_verify_reads_beside_a_daemon_and_repair_does_not(
    broadsheet: Broadsheet, archive: Path, data: Path
) -> None:
    with ArchiveLock(data, "broadsheet daemon"):
        assert broadsheet("verify", "--full").exit_code == 0
        assert broadsheet("verify", "--repair").exit_code == 4


def test_verify_without_an_archive_says_how_one_comes_to_be(broadsheet: Broadsheet) -> None:
    result = broadsheet("verify")
    assert (result.exit_code, "run `broadsheet crawl` to make one" in result.output) == (1, True)
