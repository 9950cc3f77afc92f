"""What the daemon asks of Work beside tasks: a pause, other sources, whether something goes on."""

from __future__ import annotations

import asyncio

import pytest

from archive.entries import owed
from archive.model import EntryState
from tests.crawler.fetch.harness import NOW, Archive, Worker
from tests.crawler.fetch.test_work import (
    _announce,
    _nothing_more,
    _source,
    _take,
    _urls,
    _work,
    run,
    writer,
)

__all__ = ["writer"]


def test_nothing_is_handed_out_during_a_pause(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1"])

    async def scenario() -> None:
        work = _work(writer, endless=True)
        work.pause()
        work.poll(_source("b"))
        assert await _nothing_more(work)
        work.resume()
        assert _urls(await _take(work, 2)) == ["poll", "https://x.example.com/1"]

    run(scenario)


def test_a_probe_goes_out_during_a_pause(writer: Archive) -> None:
    async def scenario() -> None:
        work = _work(writer, endless=True)
        work.pause()
        work.poll(_source("a"))
        work.poll(_source("b"), probe=True)
        (probe,) = await _take(work, 1)
        assert (probe.source.id, probe.probe) == ("b", True)
        assert await _nothing_more(work)

    run(scenario)


def test_a_visit_that_waits_out_a_pause_may_become_the_probe(writer: Archive) -> None:
    async def scenario() -> None:
        work = _work(writer, endless=True)
        work.pause()
        work.poll(_source("a"))
        work.poll(_source("a"), probe=True)
        work.poll(_source("a"))
        assert _urls(await _take(work, 1)) == ["poll"]
        work.resume()
        assert await _nothing_more(work)

    run(scenario)


def test_a_finite_work_is_not_over_while_something_waits_out_a_pause(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1"])

    async def scenario() -> None:
        work = _work(writer)
        work.pause()
        assert await _nothing_more(work)

    run(scenario)


def test_what_waits_of_a_source_that_went_is_dropped(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1", "https://y.example.com/2"])

    async def scenario() -> None:
        work = _work(writer, "a", "b", endless=True)
        work.poll(_source("b"))
        await _take(work, 2)
        work.poll(_source("a"))
        work.set_sources({"b": _source("b")})
        assert await _nothing_more(work)

    run(scenario)


def test_what_flies_of_a_source_that_went_ends_and_nothing_follows(writer: Archive) -> None:
    _announce(writer, "a", ["https://x.example.com/1", "https://x.example.com/2"])

    async def scenario() -> None:
        work = _work(writer, "a", "b")
        (task,) = await _take(work, 1)
        work.set_sources({"b": _source("b")})
        await writer.run(owed.close_entry, task.entry.id, EntryState.GONE, "410", now=NOW)
        work.done(task)
        assert await work.next() is None

    run(scenario)


def test_what_a_new_source_owes_is_handed_out_at_once(writer: Archive) -> None:
    _announce(writer, "b", ["https://x.example.com/1"])

    async def scenario() -> None:
        work = _work(writer, "a", endless=True)
        assert await _nothing_more(work)
        work.set_sources({"a": _source("a"), "b": _source("b")})
        assert _urls(await _take(work, 1)) == ["https://x.example.com/1"]

    run(scenario)


def test_a_waiting_visit_goes_to_the_address_that_the_source_has_now(writer: Archive) -> None:
    async def scenario() -> None:
        work = _work(writer)
        work.poll(_source("a"))
        work.set_sources({"a": _source("a", "new.example.com")})
        assert [poll.host for poll in await _take(work, 1)] == ["new.example.com"]

    run(scenario)


@pytest.mark.parametrize(("host", "kind"), [("news.example.com", "sitemap"), ("new.example", None)])
def test_a_learned_kind_stays_with_the_sources_address(
    writer: Archive, host: str, kind: str | None
) -> None:
    work = _work(writer, "a")
    work.learn_kind(_source("a"), "sitemap")
    work.set_sources({"a": _source("a", host)})
    assert work.sources["a"].kind == kind


def test_the_kind_of_a_source_that_went_is_not_learned(writer: Archive) -> None:
    work = _work(writer, "a")
    work.set_sources({})
    work.learn_kind(_source("a"), "sitemap")
    assert work.sources == {}


def test_a_source_is_busy_from_its_visit_until_its_last_page_is_done(writer: Archive) -> None:
    async def scenario() -> None:
        work = _work(writer, endless=True)
        seen = [_busy(work)]
        work.poll(_source("a"))
        seen.append(_busy(work))
        (poll,) = await _take(work, 1)
        seen.append(_busy(work))
        await asyncio.to_thread(_announce, writer, "a", ["https://x.example.com/1"])
        work.announced("a", ["x.example.com"])
        work.done(poll)
        seen.append(_busy(work))
        (page,) = await _take(work, 1)
        seen.append(_busy(work))
        await writer.run(owed.close_entry, page.entry.id, EntryState.GONE, "410", now=NOW)
        work.done(page)
        assert await _nothing_more(work)
        seen.append(_busy(work))
        assert seen == [False, True, True, True, True, False]

    run(scenario)


def _busy(work: Worker) -> bool:
    assert not work.busy(["b"])
    return work.busy(["a"])


def test_polls_and_pages_take_turns_and_leave_each_other_room(writer: Archive) -> None:
    _announce(writer, "a", [f"https://h{n}.example.com/1" for n in range(3)])

    async def scenario() -> None:
        work = _work(writer, *(f"s{n}" for n in range(5)), "a", concurrency=3, endless=True)
        for n in range(5):
            work.poll(_source(f"s{n}", f"s{n}.example.com"))
        taken = _urls(await _take(work, 6))
        assert taken[::2] == ["poll", "poll", "poll"]
        assert "poll" not in taken[1::2]
        assert await _nothing_more(work)

    run(scenario)
