"""`broadsheet sources`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from archive.database.connect import connect, transaction
from archive.database.times import to_text
from archive.sources.declarations import rename_source
from tests.crawler.run.sample import CONFIG, Broadsheet


def one(archive: Path, query: str) -> object:
    with closing(sqlite3.connect(archive)) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_list_joins_the_config_with_the_archive(broadsheet: Broadsheet, archive: Path) -> None:
    stcn, ledger = json.loads(broadsheet("sources", "list", "--json").stdout)
    assert (stcn["id"], stcn["name"], stcn["kind"]) == ("stcn", "证券时报网", "feed")
    assert (stcn["articles"], stcn["owed"], stcn["status"]) == (1, 1, "ok")
    assert stcn["last_success"] == "2026-11-23T08:00:00Z"
    assert (ledger["enabled"], ledger["articles"], ledger["status"]) == (False, 1, "disabled")


def test_list_works_before_the_first_crawl(broadsheet: Broadsheet) -> None:
    stcn = json.loads(broadsheet("sources", "list", "--json").stdout)[0]
    assert (stcn["status"], stcn["articles"], stcn["last_success"]) == ("new", 0, None)


def test_list_is_a_table_for_people(broadsheet: Broadsheet, archive: Path) -> None:
    rows = [line.split() for line in broadsheet("sources", "list").stdout.splitlines()]
    assert rows[2] == ["stcn", "证券时报网", "feed", "yes", "ok", "2026-11-23", "08:00Z", "1", "1"]


def test_a_source_that_left_the_config_is_still_listed(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    config_file.write_text(CONFIG.partition("[[source]]")[0])
    lines = json.loads(broadsheet("sources", "list", "--json").stdout)
    assert [(line["id"], line["status"], line["status_reason"]) for line in lines] == [
        ("ledger", "removed", "no longer in the config"),
        ("stcn", "removed", "no longer in the config"),
    ]


def test_show_has_the_settings_and_the_last_visits(broadsheet: Broadsheet, archive: Path) -> None:
    rows = [line.split() for line in broadsheet("sources", "show", "stcn").stdout.splitlines()]
    assert ["url", "https://news.stcn.example/rss"] in rows
    assert ["2026-11-23T08:00:00Z", "200", "3", "3", "2.0", "0.50"] in rows


def test_an_unknown_source_gets_a_near_spelling_and_exit_2(broadsheet: Broadsheet) -> None:
    result = broadsheet("sources", "show", "stcm")
    assert result.exit_code == 2
    assert result.stderr == "broadsheet: unknown source stcm: did you mean stcn?\n"


def test_disable_changes_one_line_of_the_file(broadsheet: Broadsheet, config_file: Path) -> None:
    assert broadsheet("sources", "disable", "stcn").exit_code == 0
    before, after = CONFIG.splitlines(), config_file.read_text().splitlines()
    assert [line for line in after if line not in before] == []
    assert after.count("enabled = false") == 2
    assert "# my sources" in after


def test_enable_takes_effect_in_the_list(broadsheet: Broadsheet) -> None:
    broadsheet("sources", "enable", "ledger")
    ledger = json.loads(broadsheet("sources", "list", "--json").stdout)[1]
    assert ledger["enabled"] is True


def test_changing_an_unknown_source_changes_nothing(
    broadsheet: Broadsheet, config_file: Path
) -> None:
    assert broadsheet("sources", "disable", "ledgre").exit_code == 2
    assert config_file.read_text() == CONFIG


def test_remove_keeps_the_articles_and_what_is_owed(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    assert broadsheet("sources", "remove", "stcn").exit_code == 0
    assert "stcn" not in config_file.read_text()
    assert one(archive, "SELECT count(*) FROM articles WHERE source_id = 'stcn'") == 1
    assert one(archive, "SELECT count(*) FROM entries WHERE state = 'owed'") == 1


def test_remove_with_drop_owed_closes_what_is_owed(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("sources", "remove", "stcn", "--drop-owed")
    assert "1 owed entry is closed" in result.stdout
    assert one(archive, "SELECT count(*) FROM entries WHERE state = 'owed'") == 0
    assert one(archive, "SELECT reason FROM entries WHERE state = 'failed'") == "source removed"


def test_rename_reaches_the_config_and_every_row(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    result = broadsheet("sources", "rename", "stcn", "securities-times")
    assert result.exit_code == 0, result.stderr
    assert 'id = "securities-times"  # the Securities Times' in config_file.read_text()
    for table in ("articles", "entries", "visits"):
        query = f"SELECT count(*) FROM {table} WHERE source_id = 'stcn'"
        assert one(archive, query) == 0
    assert one(archive, "SELECT source_id FROM articles WHERE id = 1") == "securities-times"


def test_rename_to_a_taken_id_changes_nothing(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    result = broadsheet("sources", "rename", "stcn", "ledger")
    assert result.exit_code in (1, 2)
    assert config_file.read_text() == CONFIG
    assert one(archive, "SELECT source_id FROM articles WHERE id = 1") == "stcn"


def test_a_config_that_refuses_the_new_id_leaves_the_rows_as_they_were(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    result = broadsheet("sources", "rename", "stcn", "not a valid id")
    assert result.exit_code == 2
    assert config_file.read_text() == CONFIG
    assert one(archive, "SELECT source_id FROM articles WHERE id = 1") == "stcn"


def test_a_rename_cut_off_after_the_config_is_finished_by_the_same_command(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    config_file.write_text(CONFIG.replace('id = "stcn"', 'id = "times"'))
    assert broadsheet("sources", "rename", "stcn", "times").exit_code == 0
    assert one(archive, "SELECT source_id FROM articles WHERE id = 1") == "times"


def test_a_rename_whose_rows_are_done_finishes_the_config(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    with closing(connect(archive)) as connection, transaction(connection):
        rename_source(connection, "stcn", "times")
    assert broadsheet("sources", "rename", "stcn", "times").exit_code == 0
    assert 'id = "times"' in config_file.read_text()


def test_a_rename_finished_before_is_an_unknown_source(
    broadsheet: Broadsheet, archive: Path
) -> None:
    broadsheet("sources", "rename", "stcn", "times")
    result = broadsheet("sources", "rename", "stcn", "times")
    assert result.exit_code == 2
    assert "unknown source stcn" in result.stderr


def test_rename_needs_no_archive(broadsheet: Broadsheet, config_file: Path, data: Path) -> None:
    assert broadsheet("sources", "rename", "stcn", "times").exit_code == 0
    assert 'id = "times"' in config_file.read_text()
    assert not data.exists()


def test_show_lists_what_was_learned_of_the_outlet(broadsheet: Broadsheet, archive: Path) -> None:
    with closing(connect(archive)) as conn, transaction(conn):
        conn.execute(
            "INSERT INTO boilerplate VALUES ('证券时报网', 1, 'line', ?, 1204,"
            " '2026-11-01T00:00:00Z', '2026-11-23T08:00:00Z', 1300)",
            ("时报读者可免费领取早间内参" * 6,),
        )
    (learned,) = json.loads(broadsheet("sources", "show", "stcn", "--json").stdout)["learned"]
    assert learned == {
        "kind": "line",
        "line": "时报读者可免费领取早间内参" * 6,
        "articles": 1204,
        "last_seen": "2026-11-23T08:00:00Z",
    }
    shown = [line.split() for line in broadsheet("sources", "show", "stcn").stdout.splitlines()]
    assert shown[-1][-2:] == ["2026-11-23T08:00:00Z", "1,204"]
    assert shown[-1][0].startswith("时报读者可免费领取早间内参时报读者")


def test_show_says_nothing_of_learning_where_nothing_was_learned(
    broadsheet: Broadsheet, archive: Path
) -> None:
    assert "comes back" not in broadsheet("sources", "show", "stcn").stdout
    assert json.loads(broadsheet("sources", "show", "stcn", "--json").stdout)["learned"] == []


def test_show_says_how_sure_the_texts_of_the_month_are(
    broadsheet: Broadsheet, archive: Path
) -> None:
    with closing(connect(archive)) as conn, transaction(conn):
        conn.execute(
            "UPDATE articles SET fetched = iif(source_id = 'stcn', ?, '2026-01-01T00:00:00Z'),"
            " confidence = 0.41",
            (to_text(datetime.now(UTC)),),
        )
    assert "\nconfidence" not in broadsheet("sources", "show", "ledger").stdout
    shown = broadsheet("sources", "show", "stcn").stdout
    assert "\nconfidence     median 0.41 this month, 1 of 1 below 0.5\n" in shown
    known = json.loads(broadsheet("sources", "show", "stcn", "--json").stdout)["confidence"]
    assert known == {"articles": 1, "median": 0.41, "doubtful": 1}


def test_an_id_that_was_changed_by_hand_is_told_how_to_keep_its_articles(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    rename = "`broadsheet sources rename stcn times`"
    config_file.write_text(CONFIG.replace('id = "stcn"', 'id = "times"'))
    gone = json.loads(broadsheet("sources", "list", "--json").stdout)[-1]
    assert (gone["id"], gone["status"], gone["status_reason"]) == (
        "stcn",
        "removed",
        f"no longer in the config, where times has its address: {rename} keeps them one source",
    )
    assert broadsheet("sources", "rename", "stcn", "times").exit_code == 0
    lines = json.loads(broadsheet("sources", "list", "--json").stdout)
    assert [(line["id"], line["articles"]) for line in lines] == [("times", 1), ("ledger", 1)]
