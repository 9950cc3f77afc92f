"""The same questions through the command line, Datasette over HTTP, and sqlite-utils."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from archive.database.connect import connect, transaction
from crawler.run.cli import main
from tests.archive.search.searchable import ALL, make_searchable
from tests.archive.stored import put_article

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = '<b>"x"&\'</b>\u202egnp.exe <script>alert(1)</script>'

FORBIDDEN = ("<b>", "<script>alert", "javascript:", "\u202e")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doors")
    make_searchable(folder / "archive.db").close()
    return folder


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[str]:
    """The base URL of a running `broadsheet serve`."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "crawler.run.cli",
            "serve",
            "--port",
            "0",
            "--data",
            str(data),
        ],
        cwd=ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    drain = threading.Thread(target=process.stdout.read)
    try:
        announced = process.stdout.readline()
        while "Uvicorn running" not in (line := process.stdout.readline()):
            assert line, "datasette ended before it listened"
        drain.start()  # a full pipe would stop the server, which writes a line for each request
        yield announced.partition(" at ")[2].partition(" ")[0]
    finally:
        process.terminate()
        process.wait(timeout=30)
        if drain.is_alive():
            drain.join()
        process.stdout.close()


@pytest.fixture
def hostile(data: Path) -> Iterator[None]:
    """An article of which everything wants to be more than text, for one test."""
    conn = connect(data / "archive.db")
    put_article(conn, id=13, url="javascript:alert(1)", title=HOSTILE, text=HOSTILE * 2)
    yield
    with transaction(conn):
        conn.execute("DELETE FROM articles WHERE id = 13")
    conn.close()


def fetch(base: str, path: str, **arguments: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{base}{path}?{urlencode(arguments)}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def boxed(base: str, table: str, **arguments: str) -> list[int]:
    """The ids that Datasette's search box finds."""
    status, body = fetch(base, f"archive/{table}.json", _shape="array", **arguments)
    assert status == 200, body
    return sorted(row["id"] for row in json.loads(body))


def test_the_command_line_answers_every_query(data: Path) -> None:
    runner, wrong = CliRunner(), {}
    for query, found in ALL:
        result = runner.invoke(main, ["search", "--json", "--data", str(data), query])
        ids = sorted(hit["id"] for hit in json.loads(result.stdout))
        if ids != found:
            wrong[query] = ids
    assert wrong == {}


def test_a_word_with_a_minus_needs_no_dashes_before_it(data: Path) -> None:
    call = ["search", "央行", "-降准", "--json", "--data", str(data)]
    assert [hit["id"] for hit in json.loads(CliRunner().invoke(main, call).stdout)] == [2]


def test_the_command_line_orders_by_time(data: Path) -> None:
    call = ["search", "郑州", "--newest", "--json", "--data", str(data)]
    hits = json.loads(CliRunner().invoke(main, call).stdout)
    assert [hit["id"] for hit in hits] == [11, 5, 2]


def test_the_command_line_tells_what_is_wrong_with_a_query(data: Path) -> None:
    result = CliRunner().invoke(main, ["search", "--data", str(data), "after:soon"])
    assert result.exit_code == 1
    assert "broadsheet: after: wants a date such as 2021-12-09" in result.stderr


def test_the_search_box_of_stories_answers_every_query(served: str) -> None:
    found = {query: boxed(served, "stories", _search=query) for query, _ in ALL}
    assert found == dict(ALL)


def test_the_search_box_of_articles_shows_copies_too(served: str) -> None:
    assert boxed(served, "articles", _search="央行") == [1, 2, 12]


def test_the_search_box_of_one_column_looks_there(served: str) -> None:
    assert boxed(served, "articles", _search_title="鄭州 source:stcn") == [2]


def test_the_search_box_tells_what_is_wrong_with_a_query(served: str) -> None:
    status, body = fetch(served, "archive/articles.json", _search="before:soon")
    assert status == 400
    assert json.loads(body)["error"].startswith("before: wants a date such as 2021-12-09")


def test_the_search_page_ranks_marks_and_counts(served: str) -> None:
    status, page = fetch(served, "-/search", q="郑州")
    assert status == 200
    assert "3 articles" in page
    assert "<mark>鄭州</mark>暴雨影響物流" in page
    assert '港聞</a><span class="count">1</span>' in page


def test_the_search_page_narrows_by_source(served: str) -> None:
    _, page = fetch(served, "-/search", q='郑州 OR "未', source="hk")
    assert ">1 article<" in page
    assert "<mark>鄭州</mark>暴雨影響物流" in page
    assert "商品交易所" not in page


@pytest.mark.parametrize("query", ["after:soon", "(" * 30, "x" * 2000])
def test_the_search_page_tells_what_is_wrong_with_a_query(served: str, query: str) -> None:
    status, page = fetch(served, "-/search", q=query)
    assert (status, "This can’t be searched for" in page) == (400, True)


def test_nothing_from_an_article_becomes_a_tag(hostile: None, served: str) -> None:
    _, page = fetch(served, "-/search", q="gnp")
    assert "&lt;b&gt;&#34;x&#34;&amp;&#39;&lt;/b&gt;<mark>gnp</mark>.exe" in page
    assert [word for word in FORBIDDEN if word in page] == []


def test_nothing_from_a_query_becomes_a_tag(served: str) -> None:
    _, page = fetch(served, "-/search", q=HOSTILE, source=HOSTILE, order=HOSTILE)
    assert [word for word in FORBIDDEN if word in page] == []


def test_sqlite_utils_finds_what_a_person_types(data: Path) -> None:
    found = json.loads(sqlite_utils(data, "鄭州 OR cafe -商品").stdout)
    assert sorted(row["id"] for row in found) == [5, 6, 11]


def test_sqlite_utils_says_what_it_cannot_answer(data: Path) -> None:
    result = sqlite_utils(data, "央行 source:stcn")
    assert result.returncode == 1
    assert "sqlite-utils can look for words only: use broadsheet search" in result.stderr


def sqlite_utils(data: Path, query: str) -> subprocess.CompletedProcess[str]:
    call = [
        sys.executable,
        "-P",
        "-m",
        "sqlite_utils",
        "search",
        str(data / "archive.db"),
        "articles",
    ]
    return subprocess.run([*call, query, "-c", "id"], capture_output=True, text=True, cwd=ROOT)
