"""A history as real crawls: a world's pages on loopback hosts, one `broadsheet crawl` a poll.

The machine's clock stands still between two crawls, so the archive's times are moved back by what
passed in the world. Dates in pages are moved so that none lies ahead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.histories import check
from tests.histories.check import Violation
from tests.histories.generate import world_of
from tests.histories.line import Polled, Run, Shown
from tests.histories.pages_out import pages_of
from tests.histories.rows import Rows
from tests.histories.world import Outlet, World
from tests.line.conftest import Desk
from tests.line.web import Web, running_web

POLLS = 4
_HOSTS = {"a": "127.0.0.1", "b": "127.0.0.2"}
_CHECKS = (
    check.nothing_is_deleted,
    check.one_row_a_story,
    check.one_story_a_row,
    check.own_words_at_own_address,
    check.every_story_is_archived,
)
_TIMES = (
    ("articles", ("fetched", "checked", "next_check")),
    ("entries", ("announced", "not_before", "closed")),
    ("sources", ("last_success", "last_new", "next_due")),
    ("visits", ("at",)),
    ("holds", ("at",)),
)


def run_real(seed: int, folder: Path) -> list[Violation]:
    """Crawl a world at four moments; what is wrong with the archive afterwards."""
    with _webs() as webs:
        world = world_of(seed, homes={name: f"{web.base}/" for name, web in webs.items()})
        moments = _moments(world)
        shift = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5) - moments[-1][1]
        desk = Desk(folder=folder)
        desk.configure(*(_source(outlet) for outlet in world.outlets.values()))
        run = Run(world=world, conn=sqlite3.connect(":memory:"), end=moments[-1][1])
        before = moments[0][1]
        for number, at in moments:
            if at > before:
                _age(desk.data / "archive.db", at - before)
            before = at
            for outlet in world.outlets.values():
                web = webs[outlet.id]
                web.asked.clear()
                web.pages = pages_of(world, outlet, at=at, number=number, shift=shift)
            desk.crawl(exit_code=None)
            _note(run, webs, at, desk)
        return _violations(run, desk)


def _violations(run: Run, desk: Desk) -> list[Violation]:
    run.conn = sqlite3.connect(f"file:{desk.data}/archive.db?mode=ro", uri=True)
    run.conn.row_factory = sqlite3.Row
    try:
        rows = Rows(run)
        found = [found for one in _CHECKS for found in one(run, rows)]
    finally:
        run.conn.close()
    return [
        Violation(kind=kind, seed=run.world.seed, story=story, words=words)
        for kind, story, words in found
        if kind not in ("never came back", "owed without a word")  # there was no time for it
    ]


@contextmanager
def _webs() -> Iterator[dict[str, Web]]:
    with ExitStack() as running:
        yield {name: running.enter_context(running_web(host)) for name, host in _HOSTS.items()}


def _moments(world: World) -> Sequence[tuple[int, datetime]]:
    """The first poll, and others up to two days later."""
    last = len(world.polls) - 6
    chosen = sorted({round(n * last / (POLLS - 1)) for n in range(POLLS)})
    return [(n, world.polls[n]) for n in chosen]


def _source(outlet: Outlet) -> str:
    lines = [
        f'id = "{outlet.id}"',
        f'name = "{outlet.name}"',
        f'url = "{outlet.feed}"',
        f'kind = "{"sitemap" if outlet.sitemap else "feed"}"',
        f'language = "{"zh" if outlet.chinese else "en"}"',
        'since = "all"',
    ]
    return "\n".join([*lines, *(['full_content = "feed"'] if outlet.full else [])])


def _note(run: Run, webs: dict[str, Web], at: datetime, desk: Desk) -> None:
    """What was asked for, and which articles there are."""
    for name, web in webs.items():
        outlet = run.world.outlets.get(name)
        if outlet is None or run.world.is_down(outlet, at):
            continue
        window = {n.story: n.headline for n in run.world.window(outlet, at)}
        run.polled.append(Polled(at=at, outlet=name, stories=window, page_forms={}))
        for path in web.paths():
            reply = run.world.answer(web.url(path), at)
            if reply.form in ("page", "wall") and not outlet.full:
                run.shown.append(_shown(reply.form, reply.story, reply.version, web.url(path), at))
            if len(reply.hops) > 1:
                run.led.add(reply.story)
    ids = {int(row[0]) for row in desk.rows("SELECT id FROM articles")}
    run.vanished += [f"article {n} at {at:%d %H:%M}" for n in sorted(run.ids - ids)]
    run.ids = ids


def _shown(form: str, story: str, version: int, url: str, at: datetime) -> Shown:
    outlet = story.split("/")[0]
    return Shown(at=at, url=url, outlet=outlet, form=form, story=story, version=version, look=False)


def _age(archive: Path, passed: timedelta) -> None:
    """Let time pass for the archive."""
    conn = sqlite3.connect(archive)
    tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    by = f"-{int(passed.total_seconds())} seconds"
    with conn:
        for table, columns in _TIMES:
            if table in tables:
                moved = ", ".join(f"{c} = strftime('%Y-%m-%dT%H:%M:%SZ', {c}, ?)" for c in columns)
                conn.execute(f"UPDATE {table} SET {moved}", [by] * len(columns))
    conn.close()
