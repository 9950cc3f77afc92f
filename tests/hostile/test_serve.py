"""`broadsheet serve` against whoever reaches its port: memory, foreign names, what is told.

Row 9 of the hostile cases.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette

from archive.database.connect import connect, transaction
from archive.web.request_guard import is_known_host
from tests.archive.making import make_archive, save

ROOT = Path(__file__).resolve().parents[2]
MOST_MB = 300

# Each asks for gigabytes: of one value, of a row, of a result, of SQLite's own memory.
BOMBS = (
    "select printf('%.*c', 900000000, 'x')",
    "select randomblob(1000000000)",
    "select zeroblob(1000000000)",
    "select hex(zeroblob(400000000))",
    "select printf('%1000000000s', 'x')",
    (
        "with recursive c(n) as (select 1 union all select n + 1 from c)"
        " select group_concat(hex(zeroblob(500000))) from c"
    ),
    (
        "with recursive c(n) as (select 1 union all select n + 1 from c limit 1000)"
        " select hex(zeroblob(5000000)) from c"
    ),
    (
        "with recursive c(x) as (select hex(zeroblob(4500000)) union all select x || 'y' from c)"
        " select count(*) from c"
    ),
    "with t(b) as (select randomblob(15000000)) select " + ", ".join(["b"] * 200) + " from t",
    "with t(b) as (select hex(zeroblob(7500000))) select " + ", ".join(["b"] * 200) + " from t",
    "select json_array_length('[' || replace(hex(zeroblob(3500000)), '00', '1,') || '1]')",
    "select json(replace(hex(zeroblob(7500000)), '0', '['))",
    "select replace(hex(zeroblob(3500000)), '0', char(1)) from articles limit 3",
    "select replace(hex(zeroblob(3500000)), '0', char(128512)) from articles limit 3",
    "select replace(hex(zeroblob(500000)), '0', hex(zeroblob(500000)))",
    (
        "with recursive c(n) as (select 1 union all select n + 1 from c)"
        " select n, randomblob(1000000) as r from c order by r"
    ),
    (
        "with recursive c(n) as (select 1 union all select n + 1 from c)"
        " select distinct n, zeroblob(100000) from c"
    ),
    "select a.text || b.text || c.text from articles a, articles b, articles c, articles d",
)


@dataclass(frozen=True)
class Served:
    """A running `broadsheet serve`."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str, host: str | None = None) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={} if host is None else {"Host": host})
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer

    @property
    def peak_mb(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) // 1024


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("served")
    conn = make_archive(data)
    with transaction(conn):
        for number in range(3):
            words = " ".join(f"w{number * 1000 + n}" for n in range(300))
            save(conn, f"news/{number}.html", f"Rates of {number} rise", f"It says {words}.")
    conn.close()
    return data


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-P", "-m", "crawler.run.cli", "serve", "--port", "0"),
            *("--allow-host", "news.example"),
        ],
        cwd=ROOT,
        env={**os.environ, "BROADSHEET_DATA": str(data), "BROADSHEET_CONFIG": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        port = int(re.findall(r":(\d+)/", process.stdout.readline())[-1])
        while "Uvicorn running" not in (line := process.stdout.readline()):
            assert line, "datasette ended before it listened"
        with ThreadPoolExecutor(1) as reader:  # a full pipe would stop it
            reader.submit(process.stdout.read)
            yield Served(process, port)
            process.terminate()
            process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.slow
def test_no_query_takes_more_than_its_share_of_memory(served: Served) -> None:
    for sql in BOMBS:
        for form in ("json", "csv"):  # a CSV that breaks off has begun with 200
            answer = served.get(f"/archive.{form}?sql={quote(sql)}")
            assert answer.status in (200, 400), (sql, answer.body[:300])
        assert served.peak_mb < MOST_MB, sql
    with ThreadPoolExecutor(6) as together:
        list(together.map(lambda sql: served.get(f"/archive?sql={quote(sql)}").status, BOMBS))
    assert served.peak_mb < MOST_MB
    answer = served.get("/archive/stories.json?_shape=array")
    assert (answer.status, len(json.loads(answer.body))) == (200, 3)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (None, 200),
        ("localhost", 200),
        ("localhost:8001", 200),
        ("[::1]:8001", 200),
        ("news.example", 200),
        ("NEWS.example:80", 200),
        ("evil.example", 403),
        ("evil.example:8001", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
        ("news.example.evil", 403),
        ("", 403),
    ],
)
def test_only_its_own_names_are_answered(served: Served, host: str | None, status: int) -> None:
    for path in ("/", "/archive/articles.json", "/-/search?q=x", "/-/static/app.css"):
        answer = served.get(path, host)
        assert answer.status == status, path
        assert (b"[web] hosts" in answer.body) == (status == 403)


@pytest.mark.parametrize("path", ["/", "/archive", "/archive/articles", "/-/search", "/nothing"])
def test_every_page_tells_the_browser_what_it_may(served: Served, path: str) -> None:
    headers = served.get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert len(headers.get_all("Content-Security-Policy")) == 1


@pytest.mark.parametrize(
    ("host", "server", "known"),
    [
        ("192.168.1.5:8001", "192.168.1.5", True),  # listens on 0.0.0.0
        ("192.168.1.6:8001", "192.168.1.5", False),
        ("127.5.5.5", "192.168.1.5", True),
        ("[fe80::1]:80", "fe80::1%eth0", True),
        ("a.localhost", "127.0.0.1", True),
        ("localhost.", "127.0.0.1", True),
        ("nas", "192.168.1.5", False),
        ("2130706433", "127.0.0.1", False),
    ],
)
def test_a_server_knows_its_name(host: str, server: str, known: bool) -> None:
    assert is_known_host(host, server, frozenset()) is known


def ask(datasette: Datasette, path: str, host: str) -> tuple[int, dict[str, str], bytes]:
    async def inner() -> tuple[int, dict[str, str], bytes]:
        await datasette.invoke_startup()
        answer = await datasette.client.get(path, headers={"Host": host})
        return answer.status_code, dict(answer.headers), answer.content

    try:
        return asyncio.run(inner())
    finally:
        for database in datasette.databases.values():
            database.close()
        datasette.executor.shutdown()


def test_plain_datasette_on_an_archive_is_guarded_too(data: Path) -> None:
    status, headers, _ = ask(Datasette([str(data / "archive.db")]), "/", "evil.example")
    assert (status, headers["x-frame-options"]) == (403, "DENY")
    status, _, body = ask(
        Datasette([str(data / "archive.db")]),
        f"/archive.json?sql={quote(BOMBS[1])}",
        "localhost",
    )
    assert (status, json.loads(body)["error"]) == (400, "string or blob too big")


def test_printf_is_there_but_for_widths_that_take_minutes(served: Served) -> None:
    def printf(form: str) -> http.client.HTTPResponse:
        sql = quote(f"select printf({form}) as p")
        return served.get(f"/archive.json?_shape=array&sql={sql}")

    assert json.loads(printf("'%5.2f|%s|%%', 3.14159, '央行'").body) == [{"p": " 3.14|央行|%"}]
    assert printf("'%.*c', 900000000, 'x'").status == 400
    assert printf("'%900000000d', 1").status == 400


def test_a_datasette_with_other_databases_is_left_as_it_is(data: Path, tmp_path: Path) -> None:
    with closing(connect(tmp_path / "mine.db")) as conn:
        conn.execute("CREATE TABLE mine (x)")
    files = [str(data / "archive.db"), str(tmp_path / "mine.db")]
    status, headers, _ = ask(Datasette(files), "/", "evil.example")
    assert (status, "x-frame-options" in headers) == (200, False)
