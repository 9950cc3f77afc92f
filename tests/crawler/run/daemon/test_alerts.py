"""Alerts: which changes go out, over what, how often; real commands and a real HTTP receiver."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from archive.database.read_connection import ReadConnection
from archive.database.writer import Writer
from archive.entries.announcing import announce
from archive.errors import ConfigError
from archive.model import Declaration, SourceStatus, Visit
from archive.sources.declarations import declare
from archive.sources.health import change_status, tell_gap
from config.load import parse_config
from config.model import Config, HealthSettings
from crawler.fetch.safe_path import keep_children_safe
from crawler.run.daemon.alerts import Alerts
from crawler.run.daemon.channels import Alert, CommandChannel, ToldChange, make_channels
from crawler.timing.server_clocks import RIGHT, ClockVerdict, judge_clock
from tests.archive.empty import put_empty
from tests.extras import needs_apprise
from tests.line.conftest import wait_until

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # in Apprise

NOW = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)
# Writes what it got, one line a call, and fails as often as the file beside it says.
SCRIPT = """\
import json, os, pathlib, sys
log, fails = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1] + ".fails")
names = ("SOURCE", "NAME", "WAS", "STATUS", "REASON", "CHANGES", "MESSAGE")
values = {name: os.environ.get("BROADSHEET_" + name) for name in names}
with log.open("a") as file:
    file.write(json.dumps({"stdin": json.load(sys.stdin), "environ": values}) + "\\n")
left = int(fails.read_text()) if fails.exists() else 0
fails.write_text(str(left - 1))
print("no route to the pager", file=sys.stderr)
sys.exit(left > 0)
"""


@dataclass
class SetClock:
    seconds: float = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Room:
    """What Alerts needs of a line."""

    writer: Writer
    reader: ReadConnection
    config: Config
    clock: SetClock = field(default_factory=SetClock)
    verdict: ClockVerdict = RIGHT

    @property
    def own_clock(self) -> Any:
        return SimpleNamespace(verdict=self.verdict)

    @property
    def house(self) -> Any:
        return SimpleNamespace(archive=self)

    def change(self, source_id: str, status: str, reason: str | None = None) -> None:
        self.writer.call(change_status, source_id, SourceStatus(status), reason, now=NOW)

    def fail(self, source_id: str, visits: int) -> None:
        for minutes in range(3 * visits, 0, -3):
            at = NOW - timedelta(minutes=minutes)
            visit = Visit(source_id=source_id, at=at, status=503)
            self.writer.call(announce, visit, [], now=at)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    table = '[[source]]\nid = "{0}"\nname = "{1}"\nurl = "https://{0}.example/"\n'
    names = {"sina": "Sina Finance", "a1": "Daily", "a2": "Daily"}
    names |= {f"s{n}": f"S{n}" for n in range(11)}
    text = "".join(table.format(id, name) for id, name in names.items())
    config = parse_config(text, name="b.toml")
    known = [Declaration(id=s.id, name=s.name, url=s.url) for s in config.source]
    put_empty(tmp_path / "archive.db", NOW)
    with Writer(tmp_path / "archive.db", synchronous="normal") as writer:
        writer.call(declare, known, now=NOW - timedelta(days=1))
        reader = ReadConnection(tmp_path / "archive.db")
        yield Room(writer, reader, config)
        reader.close()


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    script = tmp_path / "tell.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return [sys.executable, str(script), str(tmp_path / "told")]


def calls(command: Sequence[str]) -> list[dict[str, Any]]:
    told = Path(command[2])
    return [json.loads(line) for line in told.read_text().splitlines()] if told.exists() else []


def make(room: Room, command: Sequence[str] = (), notify: Sequence[str] = ()) -> Alerts:
    settings = HealthSettings(command=tuple(command), notify=tuple(notify))
    return Alerts(room, settings, pauses_s=(10.0, 60.0))  # type: ignore[arg-type]


def send(alerts: Alerts) -> int:
    return asyncio.run(alerts.send_untold())


def test_a_command_gets_the_change_as_json_and_as_variables(room: Room, command: list[str]) -> None:
    room.fail("sina", 4)
    message = "Sina Finance is failing: HTTP 503 (4 visits in a row, since 12:28 UTC)"
    assert send(make(room, command)) == 1
    change = {
        "source": "sina",
        "name": "Sina Finance",
        "was": "ok",
        "status": "failing",
        "reason": "HTTP 503",
        "at": "2026-11-23T12:28:00Z",
        "message": message,
    }
    assert calls(command) == [
        {
            "stdin": {"message": message, "changes": [change], "events": []},
            "environ": {
                "SOURCE": "sina",
                "NAME": "Sina Finance",
                "WAS": "ok",
                "STATUS": "failing",
                "REASON": "HTTP 503",
                "CHANGES": "1",
                "MESSAGE": message,
            },
        }
    ]


def test_a_command_that_appends_what_it_gets_has_a_line_each_time(
    room: Room, tmp_path: Path
) -> None:
    appended = tmp_path / "alerts.jsonl"
    alerts = make(room, ["tee", "-a", str(appended)])
    for source_id in ("sina", "a1"):
        room.fail(source_id, 4)
        assert send(alerts) == 1
    told = [json.loads(line)["changes"] for line in appended.read_text("utf-8").splitlines()]
    assert [change["source"] for (change,) in told] == ["sina", "a1"]


def test_a_command_in_python_imports_what_lies_beside_it(
    room: Room, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    (tmp_path / "beside.py").write_text("")
    Path(command[1]).write_text("import beside\n" + SCRIPT)
    room.change("sina", "blocked", "login walls")
    keep_children_safe()  # as the crawl's worker processes need it
    assert send(make(room, command)) == 1
    assert len(calls(command)) == 1


def test_a_change_is_told_once(room: Room, command: list[str]) -> None:
    room.change("sina", "blocked", "login walls")
    alerts = make(room, command)
    assert [send(alerts), send(alerts), send(make(room, command))] == [1, 0, 0]
    assert len(calls(command)) == 1


def test_a_source_that_fails_for_the_first_time_is_no_news(room: Room, command: list[str]) -> None:
    room.fail("sina", 2)
    assert send(make(room, command)) == 0


@pytest.mark.parametrize(
    ("source_id", "status", "reason", "message"),
    [
        ("sina", "silent", "nothing new since Monday", "is silent: nothing new since Monday"),
        ("sina", "moved", "moved to https://b.example/", "moved to https://b.example/"),
        ("a2", "blocked", "login walls", "(a2) is blocked: login walls"),
    ],
)
def test_the_message_is_a_sentence(
    room: Room, command: list[str], source_id: str, status: str, reason: str, message: str
) -> None:
    room.change(source_id, status, reason)
    send(make(room, command))
    name = {"sina": "Sina Finance", "a2": "Daily"}[source_id]
    assert calls(command)[0]["stdin"]["message"] == f"{name} {message}"


def test_a_recovery_is_told_too(room: Room, command: list[str]) -> None:
    alerts = make(room, command)
    room.change("sina", "blocked", "login walls")
    send(alerts)
    room.change("sina", "ok")
    send(alerts)
    assert calls(command)[1]["environ"]["MESSAGE"] == "Sina Finance is ok again (it was blocked)"


def test_a_command_that_failed_is_tried_again_after_a_pause(
    room: Room, command: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    Path(command[2] + ".fails").write_text("1")
    room.change("sina", "blocked", "login walls")
    alerts = make(room, command)
    assert [send(alerts), send(alerts)] == [0, 0]
    room.clock.seconds = 10.0
    assert send(alerts) == 1
    assert len(calls(command)) == 2
    [error] = [r.message for r in caplog.records if r.levelno == logging.ERROR]
    assert error.endswith("exit code 1 (no route to the pager)")
    assert str(command[1]) not in error


def test_after_the_last_vain_try_it_is_given_up_and_logged(
    room: Room, command: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    Path(command[2] + ".fails").write_text("9")
    room.change("sina", "blocked", "login walls")
    alerts, told = make(room, command), []
    for seconds in (0.0, 10.0, 70.0, 1000.0):
        room.clock.seconds = seconds
        told.append(send(alerts))
    assert told == [0, 0, 1, 0]
    assert "nobody was told after 3 tries: Sina Finance is blocked: login walls" in caplog.messages


def test_many_changes_at_once_are_one_message(room: Room, command: list[str]) -> None:
    for n in range(11):
        room.change(f"s{n}", "blocked", "login walls")
    assert send(make(room, command)) == 11
    [call] = calls(command)
    assert call["environ"]["CHANGES"] == "11"
    assert call["environ"]["SOURCE"] is None
    assert len(call["stdin"]["changes"]) == 11
    assert call["stdin"]["message"].splitlines()[:2] == [
        "The health of 11 sources has changed:",
        "- S0 is blocked: login walls",
    ]


def test_without_a_channel_the_log_is_all_there_is(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.change("sina", "blocked", "login walls")
    alerts = make(room)
    assert [send(alerts), send(alerts)] == [1, 0]
    assert caplog.messages == ["Sina Finance is blocked: login walls"]


ALERT = Alert(
    message="m",
    changes=(
        ToldChange(source="s", name="S", was="ok", status="gone", reason="", at="", message="m"),
    ),
)


def test_a_command_that_hangs_is_killed_with_its_children(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pids = tmp_path / "pids"
    hang = CommandChannel(["/bin/sh", "-c", f"sleep 60 & echo $$ $! >{pids}; wait"], timeout_s=0.3)
    assert asyncio.run(hang.send(ALERT)) is False
    assert caplog.messages == ["[health] command: sh: it took over 0 s and was killed"]
    wait_until(lambda: not any(is_running(pid) for pid in pids.read_text().split()))


def is_running(pid: str) -> bool:
    """A process that was killed and not yet reaped is over."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@needs_apprise
def test_problems_of_the_channels_are_named_before_anything_starts() -> None:
    settings = HealthSettings(
        command=("/no/such/program", "secret"), notify=("json://localhost", "nonsense://pass:word")
    )
    with pytest.raises(ConfigError) as raised:
        make_channels(settings)
    assert raised.value.problems == (
        "[health] command: /no/such/program is no program that can be run",
        "[health] notify: address 2 is none that Apprise knows",
    )


@dataclass
class Receiver:
    """A webhook's other end."""

    address: str
    status: int = 200
    bodies: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.bodies.append(json.loads(body))
            self.send_response(made.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Receiver(f"json://user:hunter2@127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@needs_apprise
def test_a_webhook_gets_the_message(room: Room, receiver: Receiver) -> None:
    room.change("sina", "gone", "HTTP 410")
    assert send(make(room, notify=[receiver.address])) == 1
    [body] = receiver.bodies
    assert (body["title"], body["message"]) == ("Broadsheet", "Sina Finance is gone: HTTP 410")


@needs_apprise
def test_what_a_page_says_is_no_html_of_ours(room: Room, receiver: Receiver) -> None:
    room.change("sina", "blocked", "<img src=https://evil.example/>")
    assert send(make(room, notify=[f"{receiver.address}?format=html"])) == 1
    assert "&lt;img" in receiver.bodies[0]["message"]
    assert "<img" not in receiver.bodies[0]["message"]


@needs_apprise
def test_what_one_channel_took_is_not_sent_to_it_again(
    room: Room, command: list[str], receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 500
    room.change("sina", "gone", "HTTP 410")
    alerts = make(room, command, [receiver.address])
    assert send(alerts) == 0
    receiver.status, room.clock.seconds = 200, 10.0
    assert send(alerts) == 1
    assert (len(calls(command)), len(receiver.bodies)) == (1, 2)
    assert "hunter2" not in caplog.text


def test_a_gap_is_told_once_and_says_so(room: Room, command: list[str]) -> None:
    words = "gap: about 40 items missing"
    room.writer.call(tell_gap, "sina", words, now=NOW)
    assert [send(make(room, command)), send(make(room, command))] == [1, 0]
    (told,) = calls(command)
    assert told["environ"]["STATUS"] == "gap"
    assert told["environ"]["MESSAGE"] == f"Sina Finance: {words}"


def test_a_clock_of_ours_that_is_wrong_is_told_once(room: Room, command: list[str]) -> None:
    alerts = make(room, command)
    room.verdict = judge_clock([timedelta(days=2500)] * 5)
    assert (send(alerts), send(alerts)) == (0, 0)
    (told,) = calls(command)
    assert told["stdin"]["changes"] == []
    assert told["stdin"]["message"].startswith("this machine's clock is 2,500 days behind")


def test_a_clock_that_is_right_now_and_then_is_told_of_once_a_day(
    room: Room, command: list[str]
) -> None:
    alerts, wrong = make(room, command), judge_clock([timedelta(days=2500)] * 5)
    for seconds, told in ((0.0, 1), (60.0, 1), (86_399.0, 1), (86_460.0, 2)):
        room.clock.seconds = seconds
        for verdict in (wrong, RIGHT):
            room.verdict = verdict
            send(alerts)
        assert len(calls(command)) == told
