"""Datasette's own pages of an archive, as plain `datasette archive.db` shows them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from tests.archive.stored import new_archive, put_article

COPY = {"id": 897, "url": "https://other.example.cn/1.html", "copy_of": 896}


class Shown:
    """A Datasette in this process, with nothing but files named to it."""

    def __init__(self, *files: Path, metadata: dict[str, Any] | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._datasette = Datasette([str(file) for file in files], metadata=metadata)
        self._loop.run_until_complete(self._datasette.invoke_startup())

    def get(self, path: str) -> Any:
        return self._loop.run_until_complete(self._datasette.client.get(path))

    def close(self) -> None:
        for database in self._datasette.databases.values():
            database.close()
        self._datasette.executor.shutdown()
        self._loop.close()


def make_archive_file(folder: Path) -> Path:
    """An archive with a story, its copy, a second version, and an instrument it mentions."""
    conn = new_archive(folder / "paper.db")
    put_article(conn, revision=2, version_kind="edit")
    put_article(conn, **COPY)
    with conn:
        conn.execute(
            "INSERT INTO instruments(code, exchange, symbol, name, first_seen, last_seen) VALUES"
            " ('600519.XSHG', 'XSHG', '600519', '贵州茅台', '2021-12-09', '2021-12-09')"
        )
        conn.execute("INSERT INTO mentions VALUES (896, '600519.XSHG', '茅台', 'bracket', 2)")
        conn.execute(
            "INSERT INTO visits(source_id, at, status, bytes, seconds)"
            " VALUES ('stcn', '2021-12-09T14:42:00Z', 200, 12000, 0.5)"
        )
    conn.close()
    return folder / "paper.db"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("tables")
    stranger = sqlite3.connect(folder / "stranger.db")
    stranger.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, kind TEXT)")
    stranger.executemany(
        "INSERT INTO articles(title, kind) VALUES (?, ?)", [("x", "a"), ("y", "a"), ("z", "b")]
    )
    stranger.commit()
    stranger.close()
    shown = Shown(make_archive_file(folder), folder / "stranger.db")
    yield shown
    shown.close()


def test_the_home_of_an_archive_begins_with_what_people_ask(shown: Shown) -> None:
    page = shown.get("/paper").text
    for words in ("What was published", "Where it comes from", "What was decided"):
        assert f"<h2>{words}</h2>" in page
    assert "near_bands" not in page
    assert "articles_seg" not in page
    assert '<a href="/paper?_show_hidden=1#hidden">' in page
    assert ">near_bands<" in shown.get("/paper?_show_hidden=1").text
    assert '<a href="/paper/headline_changes">Headlines that were changed</a>' in page


def test_json_knows_what_is_hidden(shown: Shown) -> None:
    tables = {t["name"]: t["hidden"] for t in shown.get("/paper.json").json()["tables"]}
    assert [name for name in ("articles", "sources", "entries", "gaps") if tables[name]] == []
    assert [name for name in ("near_bands", "_fold", "settings", "files") if not tables[name]] == []


def test_a_list_begins_with_a_few_columns_and_says_so(shown: Shown) -> None:
    page = shown.get("/paper/articles").text
    assert "9 of 43 columns are shown" in page
    assert "<th" in page
    assert 'data-column="content_hash"' not in page
    assert 'data-column="content_hash"' in shown.get("/paper/articles?_columns=all").text
    assert 'data-column="content_hash"' in shown.get("/paper/articles?_col=content_hash").text
    assert "content_hash" in shown.get("/paper/articles.json?_shape=array").json()[0]


def test_tables_lead_to_the_reading_pages_and_to_their_rows(shown: Shown) -> None:
    page = shown.get("/paper/articles").text
    assert '<a href="/-/article/896">' in page
    assert '<a href="/-/story/896">' in page
    assert '<a href="/paper/articles/896">896</a>' in page
    assert '<a href="/-/source/stcn">证券时报网</a>' in shown.get("/paper/visits").text
    mentions = shown.get("/paper/mentions").text
    assert '<a href="/-/security/600519.XSHG">600519.XSHG</a>' in mentions
    assert '<a href="/-/article/896">' in mentions
    assert '<a class="row-link" href="/paper/articles/896">896</a>' in mentions


def test_a_row_is_read_from_above_to_below(shown: Shown) -> None:
    page = shown.get("/paper/articles/896").text
    assert '<table class="rows-and-columns record">' in page
    assert '<th scope="row">text</th>' in page
    assert "国家新一代人工智能创新发展试验区再添新军。" in page
    assert '<a href="/-/article/896">Read it as a page</a>' in page
    assert (
        '<a href="/-/security/600519.XSHG">Read'
        in shown.get("/paper/instruments/600519~2EXSHG").text
    )
    assert "Read it as a page" not in shown.get("/paper/visits/1").text


def test_quantities_have_their_units(shown: Shown) -> None:
    page = shown.get("/paper/visits").text
    assert "12.0&nbsp;kB" in page
    assert "500.0&nbsp;ms" in page


def test_facets_are_those_that_are_declared(shown: Shown) -> None:
    page = shown.get("/paper/articles.json").json()
    assert list(page["facet_results"]) == ["source_id"]
    assert page["suggested_facets"] == []
    asked = shown.get("/paper/articles.json?_facet=language").json()
    assert asked["facet_results"]["language"]["results"][0]["count"] == 2


def test_a_stranger_s_database_stays_as_datasette_shows_it(shown: Shown) -> None:
    assert "tables.css" not in shown.get("/stranger/articles").text
    assert "tables.css" in shown.get("/paper/articles").text
    assert "/-/article/" not in shown.get("/stranger/articles").text
    assert 'class="rows-and-columns record"' not in shown.get("/stranger/articles/1").text
    suggested = shown.get("/stranger/articles.json").json()["suggested_facets"]
    assert [facet["name"] for facet in suggested] == ["kind"]
    assert shown.get("/stranger/headline_changes").status_code == 404


def test_what_a_metadata_file_says_goes_first(tmp_path: Path) -> None:
    own = {"databases": {"paper": {"tables": {"articles": {"description": "Mine."}}}}}
    shown = Shown(make_archive_file(tmp_path), metadata=own)
    try:
        assert "Mine." in shown.get("/paper/articles").text
        assert shown.get("/paper/articles.json").json()["facet_results"] != {}
        assert shown.get("/-/metadata.json").json()["title"] == "Broadsheet"
    finally:
        shown.close()


def test_where_an_archive_lies_is_nobody_s_business(shown: Shown) -> None:
    paths = {each["name"]: each["path"] for each in shown.get("/-/databases.json").json()}
    assert paths["paper"] == "paper.db"
    assert paths["stranger"].endswith("/stranger.db")  # its owner's to say
    assert "/paper.db" not in shown.get("/-/databases").text
