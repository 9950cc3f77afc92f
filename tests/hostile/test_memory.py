"""Each attack on memory costs what it attacks: main stays below 250 MB, a worker below its limit,
and a good source beside it is archived.

`-s` prints the peaks. The gate has every third attack; BROADSHEET_ATTACKS=all: each of them.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from benchmarks.peaks import Peaks
from crawler.fetch.workers.worker import MEMORY
from tests.hostile.attacks import ATTACKS, Attack
from tests.hostile.raw import running_raw
from tests.line.conftest import Desk, stop, wait_until
from tests.line.web import Item, Web, article, rss, running_web

CHOSEN = list(ATTACKS)[:: 1 if os.environ.get("BROADSHEET_ATTACKS") == "all" else 3]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MAIN_MB, WORKER_MB = 250.0, MEMORY / 2**20
GOOD = 5


def _good(web: Web) -> str:
    links = [web.put(f"/good/{n}", article(100 + n)) for n in range(GOOD)]
    web.put("/good.xml", rss([Item(url=link) for link in links]), "text/xml")
    return web.source("/good.xml", id="good", name="Good")


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _bad(attack: Attack, opened: ExitStack) -> str:
    """The TOML of the attacking source."""
    if attack.writes is not None:
        base = opened.enter_context(running_raw({"/attack": attack.writes}))
        links = [f"{base}/attack"]
        web = opened.enter_context(running_web("127.0.1.1"))
    else:
        assert attack.serve is not None
        webs = [opened.enter_context(running_web(f"127.0.1.{n + 1}")) for n in range(attack.hosts)]
        web = webs[0]
        paths = [f"/attack/{n}" for n in range(attack.count)]
        for one in webs:
            attack.serve(one, paths[0])
            one.pages |= dict.fromkeys(paths, one.pages[paths[0]])
        if attack.document:
            return web.source(paths[0], id="bad", name="Bad")
        links = [one.url(path) for one in webs for path in paths]
    web.put("/feed.xml", rss([Item(url=link) for link in links]), "text/xml")
    return web.source("/feed.xml", id="bad", name="Bad")


def _visited(desk: Desk) -> bool:
    good = desk.one("SELECT count(*) FROM articles WHERE source_id = 'good'")
    return good == GOOD and bool(desk.one("SELECT count(*) FROM visits WHERE source_id = 'bad'"))


def _all_ended(_: Desk) -> bool:
    return False


@pytest.mark.parametrize("name", CHOSEN)
def test_it_costs_itself_alone(web: Web, desk: Desk, opened: ExitStack, name: str) -> None:
    attack = ATTACKS[name]
    desk.configure(_bad(attack, opened), _good(web), timeout=8)
    process = desk.start("crawl", "bad", "good")
    peaks = Peaks.of(process.pid)
    ended = _visited if attack.document else _all_ended
    wait_until(lambda: process.poll() is not None or ended(desk), timeout_s=560)
    out, err = stop(process)  # what a large document lists need not be fetched
    peaks.stop()
    told = [
        str(words)
        for (words,) in desk.rows(
            "SELECT state || ': ' || coalesce(reason, '') FROM entries WHERE source_id = 'bad'"
            " UNION SELECT error FROM visits WHERE source_id = 'bad' AND error IS NOT NULL"
            " UNION SELECT remark FROM visits WHERE source_id = 'bad' AND remark IS NOT NULL"
            " LIMIT 20"
        )
    ]
    print(f"\n{name}: main {peaks.main_mb:.0f} MB, worker {peaks.worker_mb:.0f} MB; {told[:3]}")
    # as it went, stopped, or stopped when it had just ended
    assert process.returncode in (0, 3, 130, -signal.SIGTERM), out + err
    assert "Traceback" not in err
    assert desk.one("SELECT count(*) FROM articles WHERE source_id = 'good'") == GOOD
    assert not attack.says or any(attack.says in words for words in told), told
    assert peaks.main_mb <= MAIN_MB
    assert peaks.worker_mb <= WORKER_MB
