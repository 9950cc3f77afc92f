"""`broadsheet status`: what it says of sources in each state of health."""

from __future__ import annotations

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from rich.console import Console

from archive.database import runs
from archive.database.connect import connect, transaction
from archive.database.lock import ArchiveLock, Holder
from archive.entries.announcing import announce
from archive.model import Declaration, Entry, Plan, SourceState, SourceStatus, Visit
from archive.sources.declarations import declare
from archive.sources.health import change_status
from archive.sources.subscriptions import confirm, name_hub
from config.essentials import Essentials
from config.load import parse_config
from config.model import Config
from crawler.run.commands.status import picture
from crawler.run.status.page import page
from crawler.run.status.report import StatusReport, empty_report, read_report
from crawler.run.status.words import cells, footer
from crawler.run.terminal.terminal import make_console
from tests.archive.empty import empty_archive
from tests.crawler.run.sample import Broadsheet

NOW = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CONFIG = """
[[source]]
id = "sina"
name = "Sina Finance"
url = "https://sina.example/feed"

[[source]]
id = "ledger"
name = "The Ledger"
url = "https://ledger.example/feed"
interval = "15m"

[[source]]
id = "wire"
name = "wire"
url = "https://wire.example/feed"
cron = "*/10 9-15 * * mon-fri"

[[source]]
id = "off"
name = "Switched Off"
url = "https://off.example/feed"
enabled = false
"""


@pytest.fixture
def config() -> Config:
    return parse_config(CONFIG, name="broadsheet.toml")


@pytest.fixture
def conn(tmp_path: Path, config: Config) -> Iterator[sqlite3.Connection]:
    """An archive that knows the four sources, and one that has left the config."""
    left = Declaration(id="left", name="Left", url="https://left.example/feed")
    with closing(empty_archive(tmp_path / "archive.db", NOW, synchronous="normal")) as connection:
        with transaction(connection):
            known = [Declaration(id=s.id, name=s.name, url=s.url) for s in config.source]
            declare(connection, [*known, left], now=NOW - 48 * HOUR)
            visit(connection, "left", at=NOW - 47 * HOUR, new=3)
            declare(
                connection,
                [
                    Declaration(id=s.id, name=s.name, url=s.url, enabled=s.enabled)
                    for s in config.source
                ],
                now=NOW - 40 * HOUR,
            )
        connection.execute("BEGIN")
        yield connection


def visit(
    conn: sqlite3.Connection,
    source_id: str,
    *,
    at: datetime,
    status: int = 200,
    new: int = 0,
    every: timedelta = 12 * MINUTE,
) -> None:
    """Record a visit that brought `new` entries; the next one is due after `every`."""
    entries = [
        Entry(url=f"https://{source_id}.example/{at:%d%H%M}/{n}", raw_url="https://x.example/")
        for n in range(new)
    ]
    interval_s = round(every.total_seconds())

    def plan(before: SourceState, found: int, cap_s: float | None) -> Plan:
        return Plan(next_due=at + every, interval_s=interval_s, rhythm="{}")

    announce(conn, Visit(source_id=source_id, at=at, status=status), entries, now=at, plan=plan)


def report(conn: sqlite3.Connection, config: Config, holder: Holder | None = None) -> StatusReport:
    return read_report(conn, Essentials.of_model(config), holder=holder, now=NOW)


def row(made: StatusReport, source_id: str) -> tuple[str, ...]:
    return next(cells(source, made) for source in made.sources if source.id == source_id)


def health(conn: sqlite3.Connection, config: Config, source_id: str = "sina") -> str:
    return row(report(conn, config), source_id)[1]


def test_a_source_that_is_well_says_when_and_how_often(
    conn: sqlite3.Connection, config: Config
) -> None:
    visit(conn, "sina", at=NOW - 3 * HOUR, new=2)
    visit(conn, "sina", at=NOW - 9 * MINUTE)
    assert row(report(conn, config), "sina") == (
        *("Sina Finance (sina)", "ok", "9 min ago", "3 h ago", "every ~12 min", "in 3 min"),
        *("0", "2"),
    )


def test_a_failing_source_says_why_how_often_and_since_when(
    conn: sqlite3.Connection, config: Config
) -> None:
    for minutes in (9, 6, 3, 1):
        visit(conn, "sina", at=NOW - minutes * MINUTE, status=503)
    assert health(conn, config) == "failing: HTTP 503 (4 visits in a row, since 12:31 UTC)"


def test_what_failed_before_the_last_good_visit_is_not_counted(
    conn: sqlite3.Connection, config: Config
) -> None:
    visit(conn, "sina", at=NOW - 30 * HOUR, status=503)
    visit(conn, "sina", at=NOW - 29 * HOUR)
    visit(conn, "sina", at=NOW - 28 * HOUR, status=500)
    assert health(conn, config) == "failing: HTTP 500 (1 visit, at 2026-11-22 08:40 UTC)"


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        ("silent", "nothing new since Monday", "silent: nothing new since Monday"),
        ("moved", "moved to https://b.example/", "moved to https://b.example/"),
        (
            "blocked",
            "its last 5 pages gave no article",
            "blocked: its last 5 pages gave no article",
        ),
        ("quiet", None, "quiet"),
    ],
)
def test_a_status_comes_with_its_reason(
    conn: sqlite3.Connection, config: Config, status: str, reason: str | None, words: str
) -> None:
    change_status(conn, "sina", SourceStatus(status), reason, now=NOW)
    assert health(conn, config) == words


def test_what_needs_somebody_stands_first(conn: sqlite3.Connection, config: Config) -> None:
    visit(conn, "ledger", at=NOW - HOUR)
    change_status(conn, "wire", SourceStatus.SILENT, "nothing new", now=NOW)
    made = report(conn, config)
    assert [(source.id, source.status) for source in made.sources][:3] == [
        ("wire", "silent"),
        ("sina", "new"),  # declared, and not visited yet
        ("ledger", "ok"),
    ]
    assert [source.id for source in made.sources][3:] == ["off", "left"]


def test_a_source_counts_as_troubled_once_people_are_told_of_it(
    conn: sqlite3.Connection, config: Config
) -> None:
    told = []
    for minutes in (9, 6, 3):
        visit(conn, "sina", at=NOW - minutes * MINUTE, status=404)
        made = report(conn, config)
        told.append((made.summary.failing, made.summary.troubled, next(iter(footer(made)))[:47]))
    assert told == [
        (1, 0, "4 sources: 0 ok, 1 failing so far, 0 troubled; "),
        (1, 0, "4 sources: 0 ok, 1 failing so far, 0 troubled; "),
        (0, 1, "4 sources: 0 ok, 1 troubled; 0 articles today ("),
    ]


def test_a_clock_of_its_own_is_shown_as_it_was_set(
    conn: sqlite3.Connection, config: Config
) -> None:
    made = report(conn, config)
    assert row(made, "ledger")[4] == "every 15 min"
    assert row(made, "wire")[4] == "cron */10 9-15 * * mon-fri"


@pytest.mark.parametrize(
    ("holder", "words"),
    [(Holder(pid=7, command="broadsheet daemon"), "overdue by 48 min"), (None, "due")],
)
def test_a_late_poll_is_overdue_only_where_a_daemon_should_make_it(
    conn: sqlite3.Connection, config: Config, holder: Holder | None, words: str
) -> None:
    visit(conn, "sina", at=NOW - HOUR)
    assert row(report(conn, config, holder), "sina")[5] == words


def test_the_lines_below_count_and_name_what_waits(
    conn: sqlite3.Connection, config: Config
) -> None:
    visit(conn, "sina", at=NOW - HOUR, new=2)
    run = runs.begin(conn, command="broadsheet crawl", now=NOW - HOUR)
    runs.end(conn, run, reason="finished", counters={}, now=NOW - 50 * MINUTE)
    assert list(footer(report(conn, config))) == [
        "4 sources: 1 ok, 0 troubled; 0 articles today (UTC), 2 owed.",
        "Disabled and removed sources owe 3: these wait, nobody fetches them.",
        "No daemon runs.",
        "The last run, broadsheet crawl, ended 50 min ago (finished).",
    ]


def test_a_running_daemon_is_named_with_its_start(conn: sqlite3.Connection, config: Config) -> None:
    runs.begin(conn, command="broadsheet daemon", now=NOW - 5 * HOUR)
    made = report(conn, config, Holder(pid=4711, command="broadsheet daemon"))
    assert list(footer(made))[-1] == "Running: broadsheet daemon, pid 4711, started 5 h ago."


def test_the_keys_of_the_json_are_those_of_the_reference(
    conn: sqlite3.Connection, config: Config
) -> None:
    fields = report(conn, config, Holder(pid=1, command="x")).fields()
    reference = Path("docs/reference/commands.md").read_text(encoding="utf-8")
    section = reference.partition("\n## broadsheet status\n")[2].partition("\n## ")[0]
    own = ["at", "summary", "process", "last_run", "sources", "free_bytes", "short_of_room"]
    assert list(fields) == [*own, "desk"]
    sources = fields["sources"]
    assert isinstance(sources, tuple)
    for table in (fields, fields["summary"], fields["process"], sources[0]):
        assert isinstance(table, dict)
        assert [key for key in table if f"`{key}`" not in section] == []


def test_a_subscription_is_part_of_the_rhythm(conn: sqlite3.Connection, config: Config) -> None:
    hub, topic = "https://hub.example/", "https://ledger.example/feed"
    name_hub(conn, "ledger", hub, topic, callback="https://news.example/websub", now=NOW)
    confirm(conn, 1, topic, lease=HOUR, now=NOW)
    made = report(conn, config)
    ledger = next(source for source in made.sources if source.id == "ledger")
    assert (ledger.hub, cells(ledger, made)[4]) == ("subscribed", "every 15 min, pushed")


def test_a_hostile_name_and_reason_are_escaped_in_the_page(
    conn: sqlite3.Connection, config: Config
) -> None:
    hostile = config.source[0].model_copy(update={"name": "<script>alert(1)</script>"})
    change_status(conn, "sina", SourceStatus.SILENT, '"><img src=x>', now=NOW)
    html = page(report(conn, config.model_copy(update={"source": (hostile,)})))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; (sina)" in html


def test_only_as_many_sources_are_drawn_as_there_is_room(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    make_console().print(
        picture(empty_report(Essentials.of_model(config), holder=None, now=NOW), rows=3)
    )
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown[2:5]] == ["ledger", "sina", "wire"]
    assert shown[5] == "… and 1 more source"


def test_a_narrow_terminal_gets_the_reasons_below_the_table(
    conn: sqlite3.Connection, config: Config
) -> None:
    visit(conn, "sina", at=NOW - 3 * MINUTE, status=503)
    console = Console(width=110, markup=False, emoji=False, highlight=False)
    with console.capture() as captured:
        console.print(picture(report(conn, config), narrow=True))
    shown = captured.get().splitlines()
    assert shown[2].split() == [
        *("sina", "Sina", "Finance", "failing", "never", "never"),
        *("in", "9", "min", "0", "0"),
    ]
    assert shown[7] == "No room for: rhythm (--json has all)."
    assert shown[9] == "sina: failing: HTTP 503 (1 visit, at 12:37 UTC)"


# The command


def run_json(run: Callable[..., Result], *arguments: str) -> dict[str, object]:
    result = run("status", "--json", *arguments)
    assert result.exit_code == 0
    fields = json.loads(result.stdout)
    assert isinstance(fields, dict)
    return fields


def test_status_works_before_the_first_crawl(broadsheet: Broadsheet) -> None:
    fields = run_json(broadsheet)
    assert fields["last_run"] is None
    assert broadsheet("status").stdout.splitlines()[-1] == (
        "Nothing was crawled yet; `broadsheet crawl` begins."
    )


def test_status_without_a_source_says_what_to_do(broadsheet: Broadsheet, config_file: Path) -> None:
    finds = "`broadsheet sources add ADDRESS`"
    config_file.write_text("", encoding="utf-8")
    assert broadsheet("status").stdout.splitlines() == [
        "No source is configured.",
        "No daemon runs.",
        f"To begin, run {finds}, or add a [[source]] to your config, {config_file}.",
    ]


def test_status_of_one_source_shows_no_other(broadsheet: Broadsheet, archive: Path) -> None:
    sources = run_json(broadsheet, "stcn")["sources"]
    assert isinstance(sources, list)
    assert [(s["id"], s["articles"], s["owed"]) for s in sources] == [("stcn", 1, 1)]


def test_an_unknown_source_is_exit_2(broadsheet: Broadsheet, archive: Path) -> None:
    result = broadsheet("status", "stcm")
    assert (result.exit_code, result.stderr) == (
        2,
        "broadsheet: unknown source stcm: did you mean stcn?\n",
    )


def test_who_holds_the_archive_is_named(broadsheet: Broadsheet, archive: Path) -> None:
    with ArchiveLock(archive.parent, "broadsheet daemon"):
        process = run_json(broadsheet)["process"]
    assert isinstance(process, dict)
    assert process["command"] == "broadsheet daemon"
    assert run_json(broadsheet)["process"] is None


def test_check_tells_trouble_by_its_exit_code(broadsheet: Broadsheet, archive: Path) -> None:
    assert broadsheet("status", "--check").exit_code == 0
    with closing(connect(archive)) as conn, transaction(conn):
        change_status(conn, "stcn", SourceStatus.BLOCKED, "login walls", now=NOW)
    result = broadsheet("status", "--check")
    assert result.exit_code == 1
    assert "blocked: login walls" in result.stdout


def test_watch_needs_a_terminal(broadsheet: Broadsheet) -> None:
    result = broadsheet("status", "--watch")
    assert (result.exit_code, result.stderr) == (
        2,
        "broadsheet: --watch needs a terminal; leave it out\n",
    )


@pytest.mark.slow
def test_watch_shows_the_table_until_ctrl_c(config_file: Path, archive: Path) -> None:
    ours, theirs = pty.openpty()
    options = ["--config", str(config_file), "--data", str(archive.parent)]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "crawler.run.cli", *options, "status", "--watch"],
        env=os.environ | {"COLUMNS": "120", "LINES": "30"},
        stdout=theirs,
    )
    os.close(theirs)
    shown = b""
    while b"No daemon runs." not in shown:
        shown += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    while more := _read(ours):  # a terminal that nobody reads would hold it at its last words
        shown += more
    assert process.wait(60) == 0
    os.close(ours)
    assert "证券时报网" in shown.decode(errors="replace")


def _read(terminal: int) -> bytes:
    """What comes next; nothing when the other end is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
