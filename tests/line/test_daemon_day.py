"""A day of the newsroom beside the daemon, in seconds: both clocks go forward in steps.

The daemon is the real one; libfaketime makes its clocks read later, by what a file says. A step is
made only while nothing is in flight and nobody is being told, so that no timeout is shortened.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.line.conftest import Desk, feed, stop, wait_until
from tests.line.processes import commands_below
from tests.line.test_status_server import free_port
from tests.site.process import Site, running_site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("faketime"), reason="faketime is not installed"),
    pytest.mark.timeout(300),
]
STEP, DAY = 15, 25 * 60  # minutes; the last looks are at the age of a day
HALF_HOURLY = 'interval = "30m"'
EVENTS: Mapping[int, Mapping[str, object]] = {
    30: {"do": "edit", "story": "auto-export", "append": "本报随后更正了上述数字。"},
    120: {"do": "edit", "story": "castellan-rate-hedge", "title": "Castellan drops its hedge"},
    150: {"do": "move", "host": "taiping", "path": "/rss/rdf.xml", "to": "/feeds/all.rdf"},
    180: {"do": "edit", "story": "oil-inventories", "append": "The figures were revised later."},
    195: {"do": "withdraw", "story": "fed-up-investors"},
    240: {"do": "fail", "host": "magazine", "path": "/feed", "statuses": [404] * 100},
    300: {"do": "fail", "host": "jinling", "path": "/rss/gbk.xml", "statuses": [410] * 100},
    420: {
        "do": "edit",
        "story": "vireo-second-plant",
        "append": "Vireo would not say who pays.",
        "silent": True,
    },
    600: {"do": "edit", "story": "castellan-rate-hedge", "append": "The bank declined to comment."},
    720: {"do": "withdraw", "story": "port-merger"},
    840: {"do": "fail", "host": "magazine", "path": "/feed", "statuses": []},
}
# Of a single change; several at once would come as one message.
TELL = 'echo "$BROADSHEET_SOURCE $BROADSHEET_WAS $BROADSHEET_STATUS" >> "$1"'


@dataclass(kw_only=True)
class Clock:
    """Both clocks: the daemon's by the file that libfaketime reads, the site's by its control."""

    file: Path
    site: Site
    minutes: int = 0

    def environ(self) -> dict[str, str]:
        words = ["faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD"]
        library = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
        self.forward(0)
        return {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
        }

    def forward(self, minutes: int) -> None:
        self.minutes += minutes
        written = self.file.with_suffix(".new")
        written.write_text(f"+{60 * self.minutes}\n")
        os.replace(written, self.file)
        if minutes:
            self.site.post({"do": "advance", "by": f"{minutes}m"})


@dataclass(frozen=True, kw_only=True)
class Day:
    site: Site
    desk: Desk
    told: list[str]
    log: str

    def slugs(self, where: str) -> dict[str, int]:
        """The stories of which `where` holds, with their revision."""
        rows = self.desk.rows(f"SELECT url, revision FROM articles WHERE {where}")
        of_url = {story["url"]: story.get("slug", "") for story in self.site.expected()}
        return {of_url[str(url)]: int(revision) for url, revision in rows}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    desk = Desk(folder=tmp_path_factory.mktemp("day"))
    with running_site() as site:
        clock = Clock(file=desk.folder / "clock", site=site)
        told, base = desk.folder / "told", f"127.0.0.1:{free_port()}"
        _configure(desk, site, told, base)
        desk.environ = clock.environ()
        process = desk.start("daemon")
        try:
            _let_it_pass(clock, process, base)
        finally:
            _, log = stop(process)
        yield Day(site=site, desk=desk, told=told.read_text().splitlines(), log=log)


def _configure(desk: Desk, site: Site, told: Path, base: str) -> None:
    command = json.dumps(["/bin/sh", "-c", TELL, "tell", str(told)])
    desk.configure(
        feed(site, "wire", "/atom.xml", "wire"),
        feed(site, "ledger", "/feeds/rss.xml", "ledger"),
        feed(site, "haichuan", "/rss/091.xml", "haichuan"),
        feed(site, "taiping", "/rss/rdf.xml", "moved", HALF_HOURLY),
        feed(site, "jinling", "/rss/gbk.xml", "gone", HALF_HOURLY),
        feed(site, "magazine", "/feed", "failing", HALF_HOURLY),
        crawl=f'[daemon]\nstatus = "{base}"\n[health]\ncommand = {command}',
    )


def _let_it_pass(clock: Clock, process: subprocess.Popen[str], base: str) -> None:
    wait_until(lambda: _in_flight(base) is not None, process)
    clock.forward(1)  # the first visits are spread over half a minute
    for minute in range(0, DAY, STEP):
        _settle(process, base)
        if minute in EVENTS:
            clock.site.post(EVENTS[minute])
        clock.forward(STEP)
    _settle(process, base)


def _settle(process: subprocess.Popen[str], base: str) -> None:
    """Wait until nothing is going on, thrice in a row: a poll may just be on its way out."""
    idle = 0

    def is_settled() -> bool:
        nonlocal idle
        idle = 0 if _in_flight(base) != 0 or _is_telling(process) else idle + 1
        return idle >= 3

    wait_until(is_settled, process)


def _is_telling(process: subprocess.Popen[str]) -> bool:
    return any("tell" in words for _, words in commands_below(process.pid))


def _in_flight(base: str) -> float | None:
    """What the daemon is busy with; asking wakes it, so that it sees how late it is."""
    try:
        with urllib.request.urlopen(f"http://{base}/metrics", timeout=30) as answer:
            metrics = answer.read().decode()
    except OSError:
        return None
    found = re.search(r"^broadsheet_in_flight (\S+)$", metrics, re.M)
    return float(found[1]) if found else None


def test_every_edit_is_a_revision(day: Day) -> None:
    assert day.slugs("revision > 1") == {
        "auto-export": 2,
        "castellan-rate-hedge": 3,
        "oil-inventories": 2,
        "vireo-second-plant": 2,
    }


def test_every_withdrawal_is_marked(day: Day) -> None:
    assert set(day.slugs("withdrawn IS NOT NULL")) == {"fed-up-investors", "port-merger"}


def test_every_change_of_health_is_told_once(day: Day) -> None:
    told = filter(str.strip, day.told)  # the rest tells of this machine's clock: faketime's
    assert sorted(told) == [
        "failing failing ok",
        "failing ok failing",
        "gone ok gone",
        "moved ok moved",
    ]


def test_what_is_published_during_the_day_is_archived(day: Day) -> None:
    assert "embargoed-results" in day.slugs("true")
    assert day.desk.rows("SELECT url FROM entries WHERE state = 'owed'") == []


def test_nothing_went_wrong_in_the_daemon(day: Day) -> None:
    assert "Traceback" not in day.log
