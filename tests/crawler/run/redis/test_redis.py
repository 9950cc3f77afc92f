"""A house and workers at a broker: what is handed out, what counts, and what is given up."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from archive.entries.attempts import raise_entries
from archive.errors import BrokerError, ForeignMessage
from archive.model import Entry, EntryState, RawPage, Reason, Rejection
from config.load import parse_config
from crawler.fetch.http.clock import CLOCK
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tasks import Closed, PageTask, Rejected
from crawler.run.redis.at_hand import AtHand, Held
from crawler.run.redis.broker import Broker, place_of, slot_of
from crawler.run.redis.claims import BodyFolder
from crawler.run.redis.desk_redis import RedisDesk
from crawler.run.redis.desk_state import DeskState, SlotState
from crawler.run.redis.house.slot_room import SlotRoom
from crawler.run.redis.reports import (
    claim_large,
    pack_outcome,
    pack_task,
    unpack_task,
    unpack_told,
)
from crawler.run.redis.secret_names import missing, resolved, travels
from crawler.run.redis.slots import Slot, lease_now
from crawler.run.redis.terms import WorkerTerms
from crawler.run.status.desk_metrics import desk_metrics
from tests.crawler.fetch.harness import NOW, Archive, announce, make_source
from tests.crawler.fetch.test_desk import WideRoom
from tests.crawler.run.redis.joint import worker_at
from tests.crawler.run.redis.scene import SOURCE, house_at, owed, run, take_one, until, worker_of
from tests.extras import needs_redis
from tests.redis_server import RedisServer

WEB = "https://x.example.com/"
ENTRY = Entry(url=WEB, raw_url=WEB, id=7)
STREAM = "broadsheet:tasks:1:0"
GONE = Closed(failed=Failed(reason="HTTP 410", state=EntryState.GONE, final=True))


def test_what_a_wiped_broker_held_is_offered_again_and_counts_once(
    archive: Archive, server: RedisServer
) -> None:
    announce(archive, "a", [WEB + "1"])

    async def scenario() -> None:
        async with house_at(archive, server) as dispatch, worker_of(server) as desk:
            first = await take_one(desk)
            server.flush()
            await until(lambda: dispatch.counts.wipes)
            await desk.done(first, GONE)  # under the old attempt: too late
            again = await take_one(desk)
            assert (again.id, again.attempt) == (first.id, first.attempt + 1)
            await until(lambda: dispatch.counts.stale)
            assert owed(archive) == 1
            await desk.done(again, GONE)
            await until(lambda: owed(archive) == 0)

    run(server, scenario)


def test_a_daemon_that_starts_again_books_what_waited_and_offers_nothing_twice(
    archive: Archive, server: RedisServer
) -> None:
    announce(archive, "a", [WEB + "1", WEB + "2"])

    async def scenario() -> None:
        async with worker_of(server) as desk:
            async with house_at(archive, server):
                first, second = await take_one(desk), await take_one(desk)
            await desk.done(first, GONE)
            assert owed(archive) == 2
            async with house_at(archive, server) as dispatch:
                await until(lambda: owed(archive) == 1)
                assert dispatch.room.out_of(0) == 1
                await desk.done(second, GONE)
                await until(lambda: owed(archive) == 0)
                assert dispatch.counts.stale == 0

    run(server, scenario)


def test_a_daemon_that_starts_again_goes_on_only_with_what_is_owed_under_its_attempt(
    archive: Archive, server: RedisServer
) -> None:
    """As after a kill between the noting of a new attempt and its message."""
    announce(archive, "a", [WEB + "1"])

    async def scenario() -> None:
        async with worker_of(server) as desk:
            async with house_at(archive, server):
                old = await take_one(desk)
            archive.call(lambda conn: raise_entries(conn, [1]))
            async with house_at(archive, server) as dispatch:
                new = await take_one(desk)
                assert (old.id, old.attempt, new.id, new.attempt) == ("page:1", 1, "page:1", 3)
                await desk.done(old, GONE)
                await until(lambda: dispatch.counts.stale)
                assert owed(archive) == 1
                await desk.done(new, GONE)
                await until(lambda: owed(archive) == 0)
                await until(lambda: server.ask("XLEN", STREAM) == "0")

    run(server, scenario)


def test_a_message_goes_with_its_outcome_though_the_house_knows_nothing_of_it(
    archive: Archive, server: RedisServer
) -> None:
    """As where the broker took a message twice, since the first reply was lost."""
    announce(archive, "a", [WEB + "1"])

    async def scenario() -> None:
        async with house_at(archive, server) as dispatch, worker_of(server) as desk:
            first = await take_one(desk)
            assert await dispatch.house.offer([(first, None)])
            second = await take_one(desk)
            assert (second.id, second.attempt) == (first.id, first.attempt)
            await desk.done(first, GONE)
            await desk.done(second, GONE)
            await until(lambda: dispatch.counts.stale)
            await until(lambda: server.ask("XLEN", STREAM) == "0")
            assert owed(archive) == 0

    run(server, scenario)


def test_an_outcome_that_nobody_can_read_is_its_task_s_failure(
    archive: Archive, server: RedisServer
) -> None:
    announce(archive, "a", [WEB + "1"])
    tries = "SELECT attempts, reason FROM entries"

    async def scenario() -> None:
        async with house_at(archive, server) as dispatch:
            await until(lambda: server.ask("XLEN", STREAM) == "1")
            id_ = server.ask("XRANGE", STREAM, "-", "+").split("\n")[0]
            told = ("message", "PING", "of", f"1:0:{id_}")
            server.ask("XADD", "broadsheet:results", "*", *told)
            await until(lambda: dispatch.room.out_of(0) == 0)
            found = archive.call(lambda conn: [tuple(row) for row in conn.execute(tries)])
            assert found[0][0] == 1
            assert "is none of ours" in found[0][1]
            await until(lambda: server.ask("XLEN", STREAM) == "0")

    run(server, scenario)


def test_a_task_that_two_workers_died_over_runs_alone_and_after_three_is_put_off(
    archive: Archive, server: RedisServer
) -> None:
    announce(archive, "a", [WEB + "1", WEB + "2"])
    tries = "SELECT attempts FROM entries ORDER BY id"

    async def scenario() -> None:
        async with house_at(archive, server):
            for death in range(3):
                desk = worker_at(server.url, slots=1, name=f"worker{death}")
                await desk.open()
                task = await take_one(desk)
                assert task.url == WEB + "1"
                if death == 2:  # alone: nothing else is handed out beside it
                    with pytest.raises(TimeoutError):
                        async with asyncio.timeout(0.2):
                            await anext(desk.tasks(WideRoom()))
                await desk.learned("")  # as before a page is read: its beginning is noted by then
                await die(desk, server)
            async with worker_of(server, "last") as desk:
                assert (await take_one(desk)).url == WEB + "2"
                put_off = archive.call
                await until(
                    lambda: [r[0] for r in put_off(lambda c: c.execute(tries).fetchall())] == [1, 0]
                )

    run(server, scenario)


async def die(desk: RedisDesk, server: RedisServer) -> None:
    """As by SIGKILL, and its lease has run out."""
    for future in desk._serving:
        future.cancel()
    await asyncio.gather(*desk._serving, return_exceptions=True)
    await desk._broker.close()
    server.ask("DEL", "broadsheet:slot:1:0")


def test_what_a_stale_owner_read_last_is_found_by_the_new_one(
    archive: Archive, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.run.redis.slot_streams.LOOK_S", 0.1)

    async def scenario() -> None:
        async with house_at(archive, server) as dispatch, worker_of(server) as desk:
            await until(lambda: desk.slots.owned)
            stale = Broker(server.url)
            reading = asyncio.ensure_future(stale.read(STREAM, "slot", ">", 8))
            announce(archive, "a", [f"{WEB}{n}" for n in range(8)])
            dispatch._desk.announced("a", ["x.example.com"])
            await reading
            await stale.close()
            found = {(await take_one(desk)).url for _ in range(8)}
            assert found == {f"{WEB}{n}" for n in range(8)}

    run(server, scenario)


def test_a_broken_message_is_refused_and_its_task_offered_again(
    archive: Archive, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.run.redis.house.dispatch.SWEEP_S", 0.0)
    monkeypatch.setattr("crawler.run.redis.house.dispatch.LOOK_S", 0.05)
    announce(archive, "a", [WEB + "1"])

    async def scenario() -> None:
        async with house_at(archive, server) as dispatch:
            await until(lambda: server.ask("XLEN", STREAM) == "1")
            id_ = server.ask("XRANGE", STREAM, "-", "+").split("\n")[0]
            server.ask("XDEL", STREAM, id_)
            server.ask("XADD", STREAM, "*", "message", "PING")
            async with worker_of(server) as desk:
                task = await take_one(desk)
                assert (task.url, task.attempt) == (WEB + "1", 2)
                assert dispatch.counts.swept == 1
                assert (await dispatch.house.counts())[1] == 1

    run(server, scenario)


class HeldRoom(WideRoom):
    def hold_s(self, host: str) -> float:
        return 60.0


def test_what_is_for_a_host_that_asked_to_be_left_alone_goes_back_until_that_is_over(
    archive: Archive, server: RedisServer
) -> None:
    announce(archive, "a", [WEB + "1", WEB + "2"])

    async def scenario() -> None:
        async with house_at(archive, server) as dispatch, worker_of(server) as desk:
            await until(lambda: dispatch.room.out_of(0) == 2)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await anext(desk.tasks(HeldRoom()))
            await until(lambda: dispatch.room.out_of(0) == 0)
            assert 50 < dispatch.room.hold_s("x.example.com") <= 60
            assert owed(archive) == 2

    run(server, scenario)


# Pure parts


def test_a_host_s_slot_is_the_same_everywhere() -> None:
    assert slot_of("123456789", 16) == 0xCBF43926 % 16  # the check value of CRC-32


def test_a_broker_is_shown_without_its_password() -> None:
    assert place_of("rediss://user:pw@h.example:6380/2?x=pw") == "rediss://h.example:6380/2"


@needs_redis
def test_an_address_that_is_no_broker_s_is_refused() -> None:
    with pytest.raises(BrokerError, match="must specify one of the following schemes"):
        Broker("http://h.example/")


def test_secrets_travel_as_names() -> None:
    named = make_source("a", headers={"Authorization": "env:KEY"})
    literal = make_source("a", cookies={"session": "c00kie"})
    assert (travels(SOURCE), travels(named), travels(literal)) == (True, True, False)
    assert missing(named, {}) == ("KEY",)
    assert resolved(named, {"KEY": " s3cret\n"}).headers == {"Authorization": "s3cret"}
    task = PageTask(source=named, attempt=1, delay_s=0.0, entry=ENTRY)
    assert unpack_task(pack_task(task, named)).source.headers == {"Authorization": "env:KEY"}
    assert unpack_task(pack_task(task, None)).source.headers == {}


def test_a_proxy_s_password_is_refused_and_its_name_looked_up() -> None:
    config = parse_config('[crawl]\nproxy = "http://u:pw@p:1"\n', name="x")
    with pytest.raises(BrokerError, match="holds a password"):
        WorkerTerms.of(config, slots=2)
    config = parse_config('[crawl]\nproxy = "env:PROXY"\nper_host = 2\n', name="x")
    terms = WorkerTerms.model_validate_json(WorkerTerms.of(config, slots=2).model_dump_json())
    assert terms.config({"PROXY": "http://p:1"}).crawl.proxy == "http://p:1"
    assert terms.config({"PROXY": "http://p:1"}).crawl.per_host == 2
    with pytest.raises(BrokerError, match="PROXY is not set here"):
        terms.config({})


def big_outcome(size: int) -> Rejected:
    body = random.Random(1).randbytes(size)
    raw = RawPage(url=WEB, source_id="a", fetched=NOW, status=200, headers=(), body=body)
    return Rejected(rejection=Rejection(reason=Reason.PAYWALL, detail="x"), raw=(raw,))


def test_a_large_body_is_claimed_verified_and_let_go(tmp_path: Path) -> None:
    task = PageTask(source=SOURCE, attempt=3, delay_s=1.0, entry=ENTRY)
    outcome = big_outcome(400_000)
    fields = pack_outcome(task, outcome, delay_s=5.0)
    assert claim_large(fields, None) is None
    folder = BodyFolder(tmp_path / "bodies")
    small = claim_large(fields, folder)
    assert small is not None
    told = unpack_told("1-0", small, folder)
    assert (told.task_id, told.attempt, told.what, told.delay_s) == ("page:7", 3, outcome, 5.0)
    (file,) = (tmp_path / "bodies").iterdir()
    assert told.claimed == (file.name,)
    file.write_bytes(b"another")
    with pytest.raises(ForeignMessage, match="is not what was put"):
        unpack_told("1-0", small, folder)
    folder.settle(file.name)
    with pytest.raises(ForeignMessage, match="must name the same folder"):
        unpack_told("1-0", small, folder)
    with pytest.raises(ForeignMessage, match="no body of ours"):
        folder.take("../../etc/passwd")


def test_a_slot_s_second_half_is_for_hosts_of_which_nothing_is_out() -> None:
    room = SlotRoom(1, clock=CLOCK, is_paused=lambda: False)
    assert not room.takes_page("x", "a")
    room.is_open = True
    busy = PageTask(source=SOURCE, attempt=1, delay_s=0.0, entry=ENTRY)
    for _ in range(256):
        room.launched(busy)
    assert (room.takes_page(busy.host, "a"), room.takes_page("y", "a")) == (False, True)
    room.landed(busy)
    assert room.takes_page(busy.host, "a")
    room.hold("z", 60.0)
    assert 59 < room.hold_s("z") <= 60


def test_a_new_owner_rests_for_each_host_s_delay() -> None:
    at_hand = AtHand()
    task = PageTask(source=SOURCE, attempt=1, delay_s=1.0, entry=ENTRY)
    slot = Slot(number=0, since=lease_now(), until=lease_now() + 10, lock=None)
    at_hand.add(Held(task=task, id="1-0", slot=slot, not_before=slot.since + 1.0))
    assert at_hand.next(WideRoom(), is_idle=True) is None
    assert 0 < at_hand.pause_s(WideRoom(), 5.0) <= 1.0
    at_hand.drop(slot)
    assert len(at_hand) == 0


def test_slots_and_workers_are_metrics() -> None:
    slot = SlotState(number=3, worker="w", lease_s=7.5, out=9, taken=4, oldest_s=1.5, unserved_s=0)
    state = DeskState(at="", broker="redis://h/0", reached=True, slots=(slot,), results=5, stale=2)
    figures = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in desk_metrics(state)
        for sample in metric.samples
    }
    assert figures["broadsheet_slot_out", "3"] == 9
    assert figures["broadsheet_slot_served", "3"] == 1
    assert figures["broadsheet_results_waiting",] == 5
    assert figures["broadsheet_outcomes_stale_total",] == 2


def test_what_is_wrong_is_said_with_what_to_do() -> None:
    line = {"worker": "", "lease_s": 0.0, "out": 7, "taken": 0, "oldest_s": 9.0}
    slots = (
        SlotState(number=0, unserved_s=0.0, **{**line, "worker": "w"}),
        SlotState(number=1, unserved_s=61.0, **line),
    )
    state = DeskState(at="2026-01-05T12:00:00Z", broker="redis://h/0", reached=True, slots=slots)
    assert list(state.trouble()) == [
        (
            "Nobody serves 1 slot of 2 (1; 7 waiting): start `broadsheet worker --redis URL`, or"
            " let one serve more (--slots)."
        )
    ]
    assert state.is_troubled
