"""`broadsheet serve`, as a real process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.run.commands.serve import _address_of, _who_can_read
from tests.crawler.run.sample import Broadsheet

QUERY = quote("准备金 央行")
ROOT = Path(__file__).resolve().parents[3]


def fetch(url: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=30) as answer:
        return str(answer.read().decode())


@pytest.fixture
def served(config_file: Path, archive: Path) -> Iterator[str]:
    """The base URL of a running `broadsheet serve`."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "crawler.run.cli", "serve", "--port", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "BROADSHEET_CONFIG": str(config_file),
            "BROADSHEET_DATA": str(archive.parent),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        announced = process.stdout.readline()
        while "Uvicorn running" not in (line := process.stdout.readline()):
            assert line, "datasette ended before it listened"
        yield announced.partition(" at ")[2].partition(" ")[0]
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def test_serve_shows_the_archive_and_writes_nothing(served: str, archive: Path) -> None:
    before = archive.read_bytes()
    rows = json.loads(fetch(f"{served}archive/stories.json?_shape=array"))
    assert [row["id"] for row in rows] == [1, 2]
    found = json.loads(fetch(f"{served}archive/search_articles.json?_shape=array&q={QUERY}"))
    assert [row["id"] for row in found] == [1]
    owed = json.loads(fetch(f"{served}archive/what_is_owed.json?_shape=array"))
    assert [(row["state"], row["reason"]) for row in owed] == [
        ("rejected", "too short: 57 characters"),
        ("owed", None),
    ]
    settings = json.loads(fetch(f"{served}-/settings.json"))
    assert (settings["sql_time_limit_ms"], settings["allow_download"]) == (3000, False)
    databases = json.loads(fetch(f"{served}-/databases.json"))
    assert [(db["name"], db["is_mutable"]) for db in databases] == [("archive", True)]
    assert archive.read_bytes() == before


def test_serve_without_an_archive_is_an_error(broadsheet: Broadsheet) -> None:
    result = broadsheet("serve")
    assert result.exit_code == 1
    assert "there is no archive" in result.stderr


def test_serve_on_a_taken_port_names_it(broadsheet: Broadsheet, archive: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = broadsheet("serve", "--port", str(port))
    assert result.exit_code == 1
    assert f"can't listen on 127.0.0.1:{port}" in result.stderr
    assert "choose another --port" in result.stderr


@pytest.mark.parametrize(
    ("host", "opened", "reached"),
    [
        ("0.0.0.0", "127.0.0.1", "any network of this machine"),
        ("::", "[::1]", "any network of this machine"),
        ("192.168.1.5", "192.168.1.5", "192.168.1.5"),
    ],
)
def test_who_can_read_is_said_where_others_can(host: str, opened: str, reached: str) -> None:
    assert _address_of(host) == opened
    words = _who_can_read(host, 8001, ("news.example",))
    assert f"port 8001 by {reached} (" in words
    assert "http://news.example:8001/" in words
    assert "there is no login" in words
