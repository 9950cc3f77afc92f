"""A feed that names a hub: the daemon subscribes, and takes in what is pushed."""

from __future__ import annotations

import http.client
import json
import signal
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from crawler.timing.rhythm import Rhythm, learn_rhythm
from tests.line.conftest import Desk, stop, wait_until
from tests.line.hub import CHALLENGE, Hub, get, post, running_hub
from tests.line.test_status_server import free_port, samples
from tests.line.web import XML, Item, Web, article, rss

RARELY = 'interval = "1d"'


class Room:
    """A newspaper whose feed names a hub, and a daemon that listens."""

    def __init__(self, desk: Desk, web: Web, hub: Hub) -> None:
        self.desk, self.web, self.hub = desk, web, hub
        self.base = f"http://127.0.0.1:{free_port()}/hooks"
        self.status = f"127.0.0.1:{free_port()}"
        self.processes: list[subprocess.Popen[str]] = []
        self.publish(1)
        self.configure()

    def publish(self, *numbers: int) -> str:
        """Put articles into the feed; the feed."""
        for n in numbers:
            self.web.put(f"/a/{n}", article(n))
        feed = rss([Item(url=self.web.url(f"/a/{n}")) for n in numbers])
        topic = self.web.url("/feed.xml")
        links = f'<{self.hub.url}>; rel="hub", <{topic}>; rel="self"'
        self.web.put("/feed.xml", feed, XML, Link=links)
        return feed

    def configure(self, *more: str, base: str = "") -> None:
        listen = self.base.removeprefix("http://").removesuffix("/hooks")
        tables = (
            f'[websub]\ncallback = "{base or self.base}"\nlisten = "{listen}"\n'
            f'[daemon]\nstatus = "{self.status}"'
        )
        self.desk.configure(self.web.source("/feed.xml", *(more or [RARELY])), crawl=tables)

    def start(self) -> subprocess.Popen[str]:
        self.processes.append(self.desk.start("daemon"))
        return self.processes[-1]

    def subscribed(self) -> subprocess.Popen[str]:
        """Start a daemon, and wait until its subscription stands and its first article."""
        process = self.start()
        wait_until(lambda: self.state() == "subscribed", process)
        wait_until(lambda: self.articles() == 1, process)
        wait_until(lambda: self.hub.confirmed, process)  # hears it after we stored it
        return process

    def state(self) -> object:
        return self.desk.one("SELECT state FROM subscriptions ORDER BY id DESC")

    def articles(self) -> object:
        return self.desk.one("SELECT count(*) FROM articles")

    def change(self, sql: str, *values: object) -> None:
        with sqlite3.connect(self.desk.data / "archive.db") as conn:
            conn.execute(sql, values)
        conn.close()

    def interval_h(self) -> float:
        """Visit now, through the daemon; the hours until the next visit."""
        self.desk.crawl("s")
        return float(str(self.desk.one("SELECT interval_s FROM sources"))) / 3600

    def polls(self) -> int:
        return self.web.paths().count("/feed.xml")

    def pushes(self, outcome: str) -> float:
        with urllib.request.urlopen(f"http://{self.status}/metrics", timeout=60) as answer:
            return samples(answer.read().decode()).get(("broadsheet_pushes_total", outcome), 0)


@pytest.fixture
def room(desk: Desk, web: Web) -> Iterator[Room]:
    with running_hub() as hub:
        made = Room(desk, web, hub)
        yield made
        for process in made.processes:
            if process.poll() is None:
                stop(process)


def test_what_a_hub_pushes_is_archived_without_a_poll(room: Room) -> None:
    process = room.subscribed()
    assert room.hub.confirmed == [(200, CHALLENGE)]
    assert room.hub.push(room.publish(1, 2)) == 202
    wait_until(lambda: room.articles() == 2, process)
    assert room.polls() == 1
    assert room.desk.rows("SELECT pushed, status, error, found, new FROM visits ORDER BY id") == [
        (0, 200, None, 1, 1),
        (1, 200, None, 2, 1),
    ]
    assert room.hub.push(room.publish(1, 2), method="sha1") == 202  # once more
    wait_until(lambda: room.desk.one("SELECT count(*) FROM visits") == 3, process)
    stop(process)
    assert process.returncode == 0
    assert room.articles() == 2


@pytest.mark.slow
def test_a_push_with_another_signature_is_ignored_and_counted(room: Room) -> None:
    process = room.subscribed()
    feed = room.publish(1, 2)
    callback = room.hub.asked[0]["hub.callback"]
    assert room.hub.push(feed, secret="guessed") == 202
    assert room.hub.push(feed, secret="guessed") == 202
    assert post(callback, feed) == 202
    assert post(callback, feed, **{"X-Hub-Signature": "md5=00"}) == 202
    assert room.pushes("unsigned") == 4
    assert room.hub.push("no feed at all") == 202
    wait_until(lambda: room.pushes("unreadable") == 1, process)
    assert room.articles() == 1
    _, err = stop(process)
    assert err.count("without the signature of") == 1


def _every_three_hours() -> str:
    """The rhythm of a source with an article every three hours, the last one an hour ago."""
    rhythm, last = Rhythm(), datetime.now(UTC) - timedelta(hours=1)
    for times in range(40, -1, -1):
        at = last - times * timedelta(hours=3)
        rhythm = learn_rhythm(rhythm, at=at, new=1, published=[at])
    return rhythm.text()


@pytest.mark.slow
def test_visits_are_rarer_while_the_hub_tells_what_they_would_find(room: Room) -> None:
    stop(room.subscribed())
    room.change("UPDATE sources SET rhythm = ?", _every_three_hours())
    room.configure('category = "adaptive"')
    process = room.start()
    wait_until(lambda: (room.desk.data / "daemon.sock").exists(), process)
    assert room.interval_h() < 1
    room.hub.push(room.publish(1))
    wait_until(lambda: room.pushes("announced") == 1, process)
    assert room.interval_h() == 3
    room.publish(1, 2)  # and the hub keeps silent
    assert room.interval_h() < 1
    assert room.articles() == 2


@pytest.mark.slow
def test_strangers_are_turned_away(room: Room) -> None:
    room.subscribed()
    form = room.hub.asked[0]
    assert get(f"{room.base}/guessed?hub.mode=subscribe&hub.challenge=x")[0] == 404
    assert post(f"{room.base}/guessed", room.publish(1, 2)) == 404
    assert room.hub.question(form, topic="https://elsewhere.example/feed") == (404, "")
    assert room.hub.question(form, mode="unsubscribe") == (404, "")
    assert room.hub.question(form, mode="hello") == (404, "")
    assert _offer(form["hub.callback"], 10 * 2**20 + 1) == 413


def _offer(url: str, length: int) -> int:
    """The answer to a POST of so many bytes, before any of them is sent."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.putrequest("POST", parts.path)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.slow
def test_a_lease_is_renewed_before_it_ends(room: Room) -> None:
    room.hub.lease_s = 600
    process = room.subscribed()
    granted = "SELECT unixepoch(expires) - unixepoch(made) BETWEEN 599 AND 660 FROM subscriptions"
    assert room.desk.one(granted) == 1
    stop(process)
    room.change("UPDATE subscriptions SET next_ask = '2020-01-01T00:00:00Z'")
    wait_until(lambda: len(room.hub.confirmed) == 2, room.start())
    assert room.hub.modes() == ["subscribe", "subscribe"]
    assert len({form["hub.callback"] for form in room.hub.asked}) == 1
    assert len({form["hub.secret"] for form in room.hub.asked}) == 1


@pytest.mark.slow
def test_a_denial_is_shown_with_its_reason(room: Room) -> None:
    room.hub.denies = "not on the list"
    process = room.start()
    wait_until(lambda: room.state() == "denied", process)
    shown = json.loads(room.desk.run("sources", "show", "s", "--json"))["subscription"]
    assert (shown["state"], shown["reason"]) == ("denied", "not on the list")
    assert "not on the list" in room.desk.run("sources", "show", "s")


@pytest.mark.slow
def test_a_hub_that_refuses_is_asked_again_later(room: Room) -> None:
    room.hub.status = 503
    process = room.start()
    wait_until(lambda: room.desk.one("SELECT reason FROM subscriptions"), process)
    asked = "SELECT state, reason, attempts, unixepoch(next_ask) > unixepoch(made) + 50"
    assert room.desk.rows(f"{asked} FROM subscriptions") == [("asked", "HTTP 503", 1, 1)]


@pytest.mark.slow
def test_a_hub_at_a_private_address_is_not_asked(room: Room) -> None:
    room.hub.url = "http://10.1.2.3/hub"
    room.publish(1)
    process = room.start()
    wait_until(lambda: room.desk.one("SELECT reason FROM subscriptions"), process)
    assert "not public" in str(room.desk.one("SELECT reason FROM subscriptions"))


@pytest.mark.slow
def test_a_source_that_goes_is_unsubscribed(room: Room) -> None:
    process = room.subscribed()
    other = room.web.source("/other.xml", RARELY, id="other")
    text = room.desk.config.read_text().partition("[[source]]")[0]
    room.desk.config.write_text(f"{text}[[source]]\n{other}\n")
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: room.hub.modes() == ["subscribe", "unsubscribe"], process)
    wait_until(lambda: room.state() is None, process)
    wait_until(lambda: room.hub.confirmed == [(200, CHALLENGE)] * 2, process)
    assert room.hub.push(room.publish(1, 2)) == 404


@pytest.mark.slow
def test_another_callback_address_moves_the_subscription(room: Room) -> None:
    stop(room.subscribed())
    room.configure(base=f"{room.base}/new")
    process = room.start()
    wait_until(lambda: len(room.hub.confirmed) == 3, process)
    first, *others = room.hub.asked
    assert first["hub.callback"].startswith(f"{room.base}/")
    assert {(form["hub.mode"], form["hub.callback"].count("/new/")) for form in others} == {
        ("unsubscribe", 0),
        ("subscribe", 1),
    }
    wait_until(lambda: room.desk.rows("SELECT state FROM subscriptions") == [("subscribed",)])


@pytest.mark.slow
def test_an_address_that_is_taken_ends_the_daemon_with_its_name(room: Room) -> None:
    taken = room.base.removeprefix("http://").removesuffix("/hooks")
    room.start()
    wait_until(lambda: (room.desk.data / "daemon.sock").exists())
    second = Desk(folder=room.desk.folder / "second")
    second.folder.mkdir()
    second.config.write_text(room.desk.config.read_text().replace(room.status, "127.0.0.1:1"))
    assert f"[websub] listen: can't listen on {taken}" in second.run("daemon", exit_code=1)
