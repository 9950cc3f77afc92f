"""A cell that holds what it never should costs a page that value, and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from archive.database.json_cells import list_in, object_in
from archive.reader import open_archive
from archive.web.face.sound_rows import sound_rows
from tests.archive.making import HOUR, LONG, NOW, make_archive, make_source, save
from tests.archive.web.browsing import Browser

DAMAGE = r"""
UPDATE articles SET tags = '["half', author = x'ff61', updated = 'soon', withdrawn = 'x',
  version_seen = '2026-02-31T00:00:00Z', confidence = 'much', checked = x'00' WHERE id = 1;
UPDATE articles SET published = '', revision = 'two' WHERE id = 2;
UPDATE superseded SET seen = 'then', title = x'e5a4ae' WHERE article_id = 1;
UPDATE changes SET detail = '{"was": {"title": ', kind = 'nothing' WHERE article_id = 1;
UPDATE sources SET listing = '{', last_new = 'new', interval_s = 'often', next_due = x'ff';
INSERT INTO gaps(source_id, started, ended, why, missing, detail)
  VALUES ('stcn', 'once', '2026-11-23T08:00:00Z', 'because', 'many', x'ff');
INSERT INTO mentions VALUES (1, '300778.XSHE', '', 'name', 'often');
"""
PAGES = (
    *("/", "/-/latest", "/-/changes", "/-/day/2026-11-23", "/-/article/1", "/-/article/2"),
    *("/-/article/1.md", "/-/article/1/diff", "/-/story/1", "/-/sources", "/-/source/stcn"),
    *("/-/security/300778.XSHE", "/-/search?q=tag:bank", "/-/search?q=降准", "/-/latest.atom"),
    *("/-/events.json", "/-/latest?as_of=2026-11-23T08:30Z"),
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    conn = make_archive(tmp_path_factory.mktemp("data"), make_source("stcn"))
    save(conn, "1", "央行降准", LONG)
    save(conn, "1", "央行降准0.5个百分点", LONG + "即日起执行。", now=NOW + HOUR)
    save(conn, "2", "沪指高开", LONG[::-1])
    save(conn, "3", "降准之后", LONG[7:] + "银行间利率下行。" * 30)
    conn.executescript(DAMAGE)
    with Browser(conn) as browser:
        yield browser


def test_no_damaged_cell_kills_a_page(browser: Browser) -> None:
    assert {
        path: status for path in PAGES if (status := browser.get(path).status_code) != 200
    } == {}


def test_what_is_sound_is_shown(browser: Browser) -> None:
    page = browser.get("/-/article/1").text
    assert "�a" in page  # of the author
    assert "央行降准0.5个百分点" in page
    assert "<del><b>央</b>" in page or "<del>" in page


def test_a_version_without_a_number_is_named(browser: Browser) -> None:
    page = browser.get("/-/article/2/diff")
    assert page.status_code == 404
    assert "<code>broadsheet verify</code>" in page.text


def test_rows_outside_a_page_are_as_they_are() -> None:
    conn = sqlite3.connect(":memory:")
    query = "SELECT 'soon' AS published, 'two' AS revision, x'ff' AS title, '2026-11' AS hour"
    with sound_rows(conn):
        row = conn.execute(query).fetchone()
        found = [row["published"], row["revision"], row["title"], row["hour"]]
    assert found == ["1970-01-01T00:00:00Z", 0, "�", "1970-01-01T00"]
    assert conn.execute(query).fetchone() == ("soon", "two", b"\xff", "2026-11")


@pytest.mark.parametrize("cell", [None, "", "{", "[" * 100_000, b"\xff", "null", 3])
def test_damaged_json_holds_nothing(cell: object) -> None:
    assert (list_in(cell), object_in(cell)) == ([], {})


def test_sound_json_is_read() -> None:
    assert list_in('["a", "b"]') == ["a", "b"]
    assert object_in('{"a": 1}') == {"a": 1}
    assert (list_in('{"a": 1}'), object_in("[1]")) == ([], {})


def test_the_api_reads_an_article_with_damaged_tags(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("data")
    conn = make_archive(folder)
    save(conn, "1")
    conn.execute("UPDATE articles SET tags = '['")
    with open_archive(folder) as archive:
        article = archive.get(1)
    assert article is not None
    assert article.tags == ()
