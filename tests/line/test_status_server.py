"""The status page, its JSON, the metrics and the health of a daemon that runs."""

from __future__ import annotations

import json
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path
from subprocess import Popen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.line.conftest import Desk, feed, stop, wait_until
from tests.site.process import Site, running_site

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """A daemon that has archived three articles and failed at a second source."""

    base: str
    process: Popen[str]

    def ask(
        self, path: str, *, method: str = "GET", host: str = ""
    ) -> tuple[int, HTTPMessage, str]:
        request = urllib.request.Request(self.base + path, method=method)
        if host:
            request.add_header("Host", host)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    desk = Desk(folder=tmp_path_factory.mktemp("served"))
    address = f"127.0.0.1:{free_port()}"
    with running_site() as site:
        # ids whose first visit comes within a second
        good = feed(site, "plain", "/bulk/feed.xml?n=3", "g", 'interval = "1s"')
        bad = feed(site, "plain", "/no/such/feed", "c", 'interval = "1s"')
        desk.configure(good, bad, crawl=f'[daemon]\nstatus = "{address}"')
        process = desk.start("daemon")
        wait_until(lambda: desk.one("SELECT count(*) FROM articles") == 3, process)
        wait_until(lambda: desk.one("SELECT failures FROM sources WHERE id = 'c'"), process)
        yield Served(f"http://{address}", process)
        out, err = stop(process)
        assert process.returncode == 0, out + err


def samples(text: str) -> dict[tuple[str, ...], float]:
    """The metrics by name and label values, these in the order of the labels' names."""
    return {
        (sample.name, *(text for _, text in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_count_polls_articles_and_what_is_owed(served: Served) -> None:
    status, headers, body = served.ask("/metrics")
    found = samples(body)
    assert (status, headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert found["broadsheet_polls_total", "ok", "g"] == 1
    assert found["broadsheet_polls_total", "failed", "c"] >= 1
    assert found["broadsheet_articles_total", "new"] == 3
    assert found["broadsheet_entries", "archived"] == 3
    assert found["broadsheet_sources", "failing"] == 1
    assert found["broadsheet_source_owed", "g"] == 0
    assert 0 <= found["broadsheet_source_seconds_since_new", "g"] < 60
    assert ("broadsheet_source_seconds_since_success", "c") not in found
    assert found[("process_resident_memory_bytes",)] > 1_000_000


def test_the_page_shows_the_sources_and_runs_nothing(served: Served) -> None:
    status, headers, body = served.ask("/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "failing: HTTP 404" in body
    assert "<script" not in body


def test_the_json_is_that_of_the_command(served: Served) -> None:
    fields = json.loads(served.ask("/status.json")[2])
    assert fields["process"]["pid"] == served.process.pid
    assert fields["process"]["command"] == "broadsheet daemon"
    by_id = {source["id"]: source for source in fields["sources"]}
    assert by_id["g"]["articles_today"] == 3


def test_a_living_daemon_is_healthy(served: Served) -> None:
    status, _, body = served.ask("/healthz")
    assert (status, body) == (200, "ok\n")


def test_a_head_request_gets_the_headers_alone(served: Served) -> None:
    status, headers, body = served.ask("/", method="HEAD")
    assert (status, body) == (200, "")
    assert int(headers["Content-Length"]) > 0


def test_nothing_can_be_sent(served: Served) -> None:
    assert served.ask("/", method="POST")[0] == 405
    assert served.ask("/elsewhere")[0] == 404


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 403), ("evil.example:80", 403), ("localhost", 200), ("[::1]:80", 200)],
)
def test_a_strange_host_name_is_refused(served: Served, host: str, status: int) -> None:
    assert served.ask("/status.json", host=host)[0] == status


def test_an_address_that_is_taken_ends_the_daemon_with_its_name(site: Site, tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        desk.configure(
            feed(site, "plain", "/bulk/feed.xml?n=1"), crawl=f'[daemon]\nstatus = "{address}"'
        )
        said = desk.run("daemon", exit_code=1)
    assert f"[daemon] status: can't listen on {address}" in said


def test_a_change_of_health_reaches_the_command(site: Site, tmp_path: Path) -> None:
    desk = Desk(folder=tmp_path)
    told = tmp_path / "told"
    hook = f'command = ["/bin/sh", "-c", "echo $BROADSHEET_MESSAGE >>{told}"]'
    desk.configure(
        feed(site, "plain", "/no/such/feed", "c", 'interval = "1s"'),
        crawl=f"[health]\nfailing_after = 0.5\n{hook}",
    )
    process = desk.start("daemon")
    wait_until(told.exists, process)
    stop(process, signal.SIGTERM)
    assert told.read_text().startswith("plain is failing: HTTP 404 (")
