"""kill -9 over the crawl, its workers and its fork server, at random and at each named step:
nothing is lost, doubled, left over, or stands still.

BROADSHEET_KILLS=200 tries as many; the gate has 20. BROADSHEET_KILL_SEED tries others.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import psutil
import pytest

from tests.hostile.kill_points import (
    FUSES,
    OF_FORK_SERVER,
    OF_MAIN,
    OF_WORKER,
    OFTEN,
    arm,
    is_armed,
)
from tests.line.conftest import Desk, feed
from tests.site.process import Site

pytestmark = [pytest.mark.slow]

KILLS = int(os.environ.get("BROADSHEET_KILLS", "20"))
SEED = int(os.environ.get("BROADSHEET_KILL_SEED", "20261129"))
ROOT = Path(__file__).resolve().parents[2]
HOSTS = ("plain", "ledger", "wire")
EACH = 12  # pages of a source; each start has two new ones
NEW = 2
STILL_S = 60.0  # without progress, and without waiting for a processor: a hang
LONGEST_S = 600.0  # without progress, whatever it does
STARVED = 0.5  # of a moment in which it ran, or waited for a processor: it did not stand still
DEATH_S = 20.0  # until the family of a killed process is gone
LOOK_S = 0.05
PROGRAM = "import sys; from tests.hostile.kill_points import main; main()"


class Rig:
    """A crawl that is started again, with something new to do, whenever it has ended."""

    def __init__(self, site: Site, desk: Desk, fuses: Path):
        self.site, self.desk, self.fuses = site, desk, fuses
        self.rng = random.Random(SEED)
        self.killed: Counter[str] = Counter()
        self.sources: list[str] = []  # TOML, by number
        self.orphans = self.starts = 0
        self._ended_by: Counter[int | None] = Counter()
        self._seen: object = None
        self._seen_at = self._looked_at = time.monotonic()
        self._still_s = self._busy_s = 0.0
        self.process = self._started()

    def run(self, kills: int) -> None:
        steps = [*OF_MAIN, *OF_WORKER, *OF_FORK_SERVER]
        self.rng.shuffle(steps)
        ways = cycle(step for step in steps for step in (step, ""))  # each second one at random
        while self.killed.total() < kills:
            step = next(ways)
            if step:
                self._kill_at(step)
            else:
                self._kill_at_random()
            if self.killed.total() % 20 == 0:
                print(self, flush=True)
        self.process.kill()
        self._bury()

    def __str__(self) -> str:
        killed = ", ".join(f"{what} {n}" for what, n in sorted(self.killed.items()))
        return (
            f"{self.killed.total()} killed ({killed}), {self.starts} starts, ended by"
            f" {dict(self._ended_by)}, {self.articles()} articles, {self.orphans} orphans"
        )

    def articles(self) -> int:
        return int(self.desk.one("SELECT count(*) FROM articles") or 0)

    def _kill_at(self, step: str) -> None:
        arm(self.fuses, step, self.rng.randint(1, 6) if step in OFTEN else 1)
        while is_armed(self.fuses, step):
            begun = self.process
            self._look()
        self.killed[step] += 1
        if step in OF_MAIN and self.process is begun:  # else the last look started it again
            self.process.wait(DEATH_S)
            self._restart()

    def _kill_at_random(self) -> None:
        """When something has moved, and a random moment later."""
        moved = self._seen_at
        while self._seen_at == moved:
            self._look()
        time.sleep(self.rng.random() * 0.2)  # not a wait: the moment is the random input
        whom = self.rng.choices(("main", "worker", "fork server"), (3, 5, 2))[0]
        if whom == "main":
            self.process.kill()
            self._restart()
        elif victims := list(self._servers() if whom == "fork server" else self._workers()):
            with suppress(psutil.Error):  # it has just ended
                self.rng.choice(victims).kill()
        else:
            return
        self.killed[f"{whom} at random"] += 1

    def _look(self) -> None:
        """Note what moves; start again what has ended, and fail where nothing moves."""
        time.sleep(LOOK_S)
        counted = "(SELECT count(*) FROM articles), (SELECT max(id) FROM visits)"
        now = (self.starts, self.desk.rows(f"SELECT {counted}"))
        if now != self._seen:
            self._seen, self._seen_at, self._still_s = now, time.monotonic(), 0.0
        moment, busy_s = time.monotonic(), self._family_s()
        passed_s, self._looked_at = moment - self._looked_at, moment
        if busy_s - self._busy_s < STARVED * passed_s:
            self._still_s += passed_s
        self._busy_s = busy_s
        if self._still_s > STILL_S or moment - self._seen_at > LONGEST_S:
            pytest.fail(f"it stands still: {self}\n{self._where()}")
        if self.process.poll() is not None:
            self._restart()

    def _family_s(self) -> float:
        """Seconds that the crawl's threads ran, or waited for a processor (man 5 proc)."""
        spent = 0.0
        for process in (self.process.pid, *(child.pid for child in _children_of(self.process.pid))):
            for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
                with suppress(OSError):  # it has just ended
                    ran, waited, _ = thread.read_text().split()
                    spent += (int(ran) + int(waited)) / 1e9
        return spent

    def _where(self) -> str:
        """Where it stands: its threads, its log, what is owed."""
        self.process.send_signal(signal.SIGUSR1)
        time.sleep(LOOK_S)
        running = [f"{p.pid} {p.status()} {p.cmdline()[-1][:60]}" for p in self._marked()]
        self.process.kill()
        owed = self.desk.rows("SELECT * FROM entries WHERE state = 'owed'")
        return f"{running}\n{self.process.communicate()[1]}\n{owed[:5]}"

    def _restart(self) -> None:
        self._bury()
        self.process = self._started()

    def _bury(self) -> None:
        """Whatever bears the mark of this crawl is to end with it."""
        _, err = self.process.communicate()
        self._ended_by[self.process.returncode] += 1
        assert self.process.returncode in (0, -signal.SIGKILL), err
        _, alive = psutil.wait_procs([*self._marked()], timeout=DEATH_S)
        self.orphans += len(alive)

    def _started(self) -> subprocess.Popen[str]:
        self.starts += 1
        for _ in range(NEW):
            number = len(self.sources)
            host = HOSTS[number % len(HOSTS)]
            path = f"/bulk/feed.xml?n={EACH}&start={EACH * number}"
            self.sources.append(feed(self.site, host, path, f"s{number}"))
        self._configure(self._unfinished())
        return subprocess.Popen(
            [sys.executable, "-P", "-c", PROGRAM, "crawl", "--retry"],
            cwd=ROOT,
            env=os.environ
            | {
                "BROADSHEET_CONFIG": str(self.desk.config),
                "BROADSHEET_DATA": str(self.desk.data),
                FUSES: str(self.fuses),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _unfinished(self) -> list[str]:
        """Those that have not all their articles: a crawl polls no more than these."""
        done = self.desk.rows(
            "SELECT source_id FROM entries WHERE state = 'archived'"
            f" GROUP BY 1 HAVING count(*) = {EACH}"
        )
        finished = {row[0] for row in done}
        return [s for n, s in enumerate(self.sources) if f"s{n}" not in finished]

    def _configure(self, sources: list[str]) -> None:
        self.desk.configure(*sources, delay=0.02, crawl='retry = ["1s"]')

    def finish(self) -> None:
        """A crawl of all sources, to the end."""
        self._configure(self.sources)
        self.desk.run("crawl", "--retry", exit_code=0)

    def _marked(self) -> Iterator[psutil.Process]:
        mark = str(self.fuses)
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get(FUSES) == mark:
                    yield process

    def _servers(self) -> Iterator[psutil.Process]:
        for child in _children_of(self.process.pid):
            with suppress(psutil.Error):
                if "forkserver" in " ".join(child.cmdline()) and child.children():
                    yield child

    def _workers(self) -> Iterator[psutil.Process]:
        for server in self._servers():
            yield from _children_of(server.pid)


def _children_of(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


@pytest.mark.timeout(7200)
def test_kills_lose_and_double_nothing_and_leave_nothing_behind(
    site: Site, desk: Desk, tmp_path: Path
) -> None:
    fuses = tmp_path / "fuses"
    fuses.mkdir()
    rig = Rig(site, desk, fuses)
    try:
        rig.run(KILLS)
    finally:
        rig.process.kill()
        rig.process.wait()
    rig.finish()
    print(rig)
    count = EACH * len(rig.sources)
    assert (rig.killed.total(), rig.orphans) == (KILLS, 0)
    assert desk.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("archived", count)]
    assert desk.one("SELECT count(DISTINCT url) FROM articles") == rig.articles() == count
    assert desk.one("SELECT count(*) FROM revisions") == count
    assert len(desk.files()) == count
    assert "Nothing is wrong" in desk.run("verify", "--full")
