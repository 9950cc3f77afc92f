"""What a crawl costs the archive, what a fault of ours leaves behind, and fetching without one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.line.conftest import Desk, feed
from tests.site.process import Site

ROOT = Path(__file__).parents[2]
RETENTION = 3  # transactions in which a crawl that finished looks for pages past their age
SCRIPT = "import sys, runpy; sys.path.insert(0, {!r}); runpy.run_module({!r}, run_name='__main__')"


def crawl(way: str, desk: Desk) -> dict[str, Any]:
    """Run tests.line.crawling in a process of its own."""
    script = SCRIPT.format(str(ROOT), "tests.line.crawling")
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, way, str(desk.config), str(desk.data)],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_a_page_costs_two_transactions_and_a_visit_one(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=12"))
    counted = crawl("counting", desk)
    assert desk.one("SELECT count(*) FROM articles") == 12
    assert counted["archive.db"] <= 2 * 12 + 1 + 2  # at the end: the last file, and the run
    assert counted["pages.db"] <= 12 + 1 + RETENTION  # at the end: the last link


def test_a_visit_without_news_costs_one_transaction(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3"))
    desk.crawl()
    assert crawl("counting", desk) == {"archive.db": 1 + 1, "pages.db": RETENTION}  # + the run


def test_a_visit_that_dies_of_a_fault_of_ours_is_told(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3"))
    assert crawl("broken", desk) == {"answered": False}
    reason = "internal error: RuntimeError('All workers expired')"
    assert desk.rows("SELECT status, error FROM visits") == [(None, reason)]
    assert desk.rows("SELECT status, status_reason FROM sources") == [("failing", reason)]
    assert desk.rows("SELECT status, told FROM health_changes") == [("failing", None)]
    assert "1 troubled" in desk.run("status", exit_code=None)


def test_fetching_needs_no_archive(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3"))
    found = crawl("alone", desk)
    assert found.pop("kept") > 50_000  # objects that no collection looks at again
    assert found == {
        "forms": {
            "poll:s": "announced",
            "page:2": "extracted",
            "page:3": "extracted",
            "page:4": "extracted",
        },
        "open": 0,
    }
    assert not desk.data.exists()
