"""The distributed form end to end: nothing is lost or doubled, whatever dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.line.distributed.crew import Crew, crew_at
from tests.line.distributed.storm import Storm
from tests.line.distributed.wire import wire_to
from tests.redis_server import redis_server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
DELAY_S = 0.5
RUNS_S = 1.0


def assert_whole(crew: Crew) -> None:
    assert crew.archived() == crew.articles
    assert crew.one("SELECT count(DISTINCT url) FROM articles") == crew.articles
    assert crew.one("SELECT count(*) FROM revisions") == crew.articles
    assert crew.rows("SELECT state, count(*) FROM entries GROUP BY state") == [
        ("archived", crew.articles)
    ]
    assert crew.one("SELECT count(*) FROM files WHERE wanted_hash IS NOT written_hash") <= 1


def assert_polite(crew: Crew, resumed: Sequence[float] = ()) -> None:
    """Where two workers ask the hosts of a slot each host shows a short gap; a few come of a busy
    machine. `resumed`: when a worker went on that stood still: what it was about to send
    came late then, so that the next request seems to come early."""
    short = [
        gap.seconds
        for gap in crew.gaps()
        if gap.is_short(DELAY_S)
        and not any(0 <= gap.at - gap.seconds - at < RUNS_S for at in resumed)
    ]
    assert len(short) < crew.hosts / 2, short


def test_600_articles_come_through_three_kills_and_a_broker_that_forgot(tmp_path: Path) -> None:
    with (
        redis_server() as server,
        crew_at(tmp_path, server.url, hosts=30, each=20, latency_s=0.2) as crew,
    ):
        crew.configure(delay=DELAY_S)
        storm = Storm(crew, server, kills=3, wipes=(0.5,), slots=4, workers=2, daemon_every=3)
        storm.run(within_s=300)
        assert (len(storm.killed_at), len(storm.wiped_at)) == (3, 1)
        assert [crew.stop(name) for name in ("worker0", "worker1", "daemon")] == [0, 0, 0]
        assert_whole(crew)
        gaps = storm.short_gaps(DELAY_S)
        assert gaps.short <= 0.01 * gaps.of, gaps
        fetched = sum(path != "/feed" for _, path, _ in crew.requests())
        assert fetched <= 1.5 * crew.articles  # what was in flight, or had been told and was wiped


def test_secrets_never_lie_at_the_broker_and_a_worker_that_lacks_one_says_so(
    tmp_path: Path,
) -> None:
    with (
        redis_server() as server,
        crew_at(tmp_path, server.url, hosts=3, each=4, latency_s=0.0) as crew,
    ):
        crew.configure(delay=0.05)
        config = tmp_path / "broadsheet.toml"
        written = config.read_text()
        named = 'headers = { Authorization = "env:DESK_KEY" }\n'
        literal = 'cookies = { session = "l1teral-c00kie" }\n'
        before, first, second, third = written.split("\n[[source]]\n")
        tables = (before, first + named, second + literal, third)
        config.write_text("\n[[source]]\n".join(tables))
        crew.environ["DESK_KEY"] = "s3cret-k3y"
        crew.daemon(2)
        del crew.environ["DESK_KEY"]
        crew.worker("worker", 2)
        crew.wait(lambda: crew.archived() == 8, 90, "the two that need no variable")
        words = "this worker has no environment variable DESK_KEY"
        crew.wait(lambda: words in crew.log("worker"), 30, "the worker says what it lacks")
        server.ask("SAVE")
        dump = b"".join(path.read_bytes() for path in server.socket.parent.glob("*.rdb"))
        everything = dump + _dump(server)
        assert b"s3cret-k3y" not in everything
        assert b"l1teral-c00kie" not in everything
        assert "s1 is fetched by the daemon alone" in crew.log("daemon")
        status = crew.start("status", "status", "--check")
        assert status.wait(60) == 1
        assert "has no environment variable DESK_KEY" in crew.log("status")


def _dump(server: object) -> bytes:
    """Every message as it lies there, unpacked."""
    import redis
    import zstandard

    client = redis.Redis.from_url(server.url)  # type: ignore[attr-defined]
    found = []
    for key in client.keys("*"):
        if client.type(key) == b"stream":
            for _, fields in client.xrange(key):
                for value in fields.values():
                    found.append(value)
                    if value.startswith(b"\x28\xb5\x2f\xfd"):
                        found.append(zstandard.decompress(value, max_output_size=1 << 26))
        elif client.type(key) == b"string":
            found.append(client.get(key))
    client.close()
    return b"\n".join(found)


def test_a_worker_paused_beyond_its_lease_and_one_that_limps_double_nothing(tmp_path: Path) -> None:
    with (
        redis_server() as server,
        crew_at(tmp_path, server.url, hosts=10, each=20, latency_s=0.1) as crew,
    ):
        crew.configure(delay=DELAY_S)
        crew.daemon(2)
        crew.worker("first", 2)
        crew.wait(lambda: crew.archived() >= 40, 90, "the first begins")
        os.kill(crew.running["first"].pid, signal.SIGSTOP)
        crew.worker("second", 2)
        crew.wait(lambda: crew.archived() >= 90, 90, "the second takes over")
        os.kill(crew.running["first"].pid, signal.SIGCONT)
        lost = "is lost: others may serve it now"
        crew.wait(
            lambda: lost in crew.log("first"), 30, "the first sees that it has lost its slots"
        )
        resumed: list[float] = []
        crew.wait(lambda: limps(crew, "second", resumed), 120, "all of it")
        assert [crew.stop(name) for name in ("first", "second", "daemon")] == [0, 0, 0]
        assert_whole(crew)
        assert_polite(crew, resumed)


def limps(crew: Crew, name: str, resumed: list[float]) -> bool:
    """Let a worker run a third of the time, always back before its lease ends; True at the end."""
    os.kill(crew.running[name].pid, signal.SIGSTOP)
    time.sleep(2)
    resumed.append(time.monotonic())
    os.kill(crew.running[name].pid, signal.SIGCONT)
    time.sleep(RUNS_S)
    return crew.archived() == crew.articles


def test_a_worker_whose_wire_is_cut_begins_nothing_and_comes_back(tmp_path: Path) -> None:
    with (
        redis_server() as server,
        wire_to(server.socket) as wire,
        crew_at(tmp_path, server.url, hosts=10, each=14, latency_s=0.1) as crew,
    ):
        crew.configure(delay=DELAY_S)
        crew.daemon(2)
        crew.environ["BROADSHEET_REDIS"] = wire.url
        crew.worker("far", 2)
        crew.environ["BROADSHEET_REDIS"] = server.url
        crew.wait(lambda: crew.archived() >= 20, 90, "the far one begins")
        wire.cut()
        crew.worker("near", 2)
        crew.wait(lambda: crew.archived() >= 60, 90, "the near one takes over")
        wire.mend()
        crew.wait(lambda: crew.archived() == crew.articles, 120, "all of it")
        crew.wait(lambda: "answers again" in crew.log("far"), 30, "the far one is back")
        assert "does not answer" in crew.log("far")
        assert [crew.stop(name) for name in ("far", "near", "daemon")] == [0, 0, 0]
        assert_whole(crew)
        assert_polite(crew)


def test_a_page_that_kills_its_worker_is_put_off_and_costs_no_other_its_turn(
    tmp_path: Path,
) -> None:
    with (
        redis_server() as server,
        crew_at(tmp_path, server.url, hosts=4, each=5, latency_s=1.0) as crew,
    ):
        crew.configure(delay=DELAY_S, retry="5s")
        crew.daemon(1)
        crew.worker("worker", 1)
        for death in range(1, 4):
            crew.wait(lambda death=death: times_asked(crew, "/7") == death, 90, f"death {death}")
            crew.kill("worker")
            crew.worker("worker", 1)
        put_off = "is put off: 3 workers ended while it was in flight"
        crew.wait(lambda: put_off in crew.log("worker"), 60, "it is put off")
        crew.wait(lambda: crew.archived() == crew.articles, 90, "all of it, that one later")
        assert crew.log("worker").count("is put off") == 1
        assert [crew.stop("worker"), crew.stop("daemon")] == [0, 0]
        assert_whole(crew)


def times_asked(crew: Crew, path: str) -> int:
    return sum(asked == path for _, asked, _ in crew.requests())


def test_two_daemons_at_one_broker_and_other_slots(tmp_path: Path) -> None:
    """The second is refused by name; another number of slots is drained first: what workers bring
    meanwhile is booked, nothing is fetched twice."""
    with (
        redis_server() as server,
        crew_at(tmp_path, server.url, hosts=6, each=10, latency_s=0.1) as crew,
    ):
        crew.configure(delay=DELAY_S)
        crew.daemon(2)
        crew.worker("worker", 8)
        crew.wait(lambda: crew.archived() >= 10, 90, "it begins")
        assert crew.stop("daemon") == 0
        crew.daemon(3)  # the worker has gone on with what was out
        crew.wait(lambda: crew.archived() == crew.articles, 120, "all of it")
        assert "slots 2 -> 3" in crew.log("daemon")
        assert "starts anew" in crew.log("worker")
        other = tmp_path / "other"
        other.mkdir()
        (other / "broadsheet.toml").write_text((tmp_path / "broadsheet.toml").read_text())
        second = Crew(other, server.url, hosts=1, each=1, port=crew.port)
        second.daemon(2)
        assert second.running["daemon"].wait(60) == 1
        assert "a daemon works at" in second.log("daemon")
        second.close()
        assert [crew.stop("worker"), crew.stop("daemon")] == [0, 0]
        assert_whole(crew)
        assert_polite(crew)
        assert sum(path != "/feed" for _, path, _ in crew.requests()) == crew.articles


def test_a_broker_that_dies_without_its_memory_and_one_that_stands_still(tmp_path: Path) -> None:
    with (
        redis_server() as server,
        crew_at(tmp_path, server.url, hosts=10, each=30, latency_s=0.1) as crew,
    ):
        crew.configure(delay=DELAY_S)
        crew.daemon(2)
        crew.worker("worker", 2)
        crew.wait(lambda: crew.archived() >= 60, 90, "it begins")
        server.kill()
        time.sleep(2)  # not a wait: so long nothing answers
        server.start()
        crew.wait(lambda: crew.archived() >= 150, 90, "it goes on with an empty one")
        os.kill(server.process.pid, signal.SIGSTOP)  # as where the network is cut
        time.sleep(12)
        os.kill(server.process.pid, signal.SIGCONT)
        crew.wait(lambda: crew.archived() == crew.articles, 120, "all of it")
        assert [crew.stop("worker"), crew.stop("daemon")] == [0, 0]
        assert_whole(crew)
        assert "has lost what lay there" in crew.log("daemon")
        assert "does not answer" in crew.log("worker")
