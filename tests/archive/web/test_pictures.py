"""Kept pictures on an article's page, and their files by an address of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from archive.database.connect import transaction
from tests.archive.keeping import keep_picture
from tests.archive.making import LONG, make_archive, save
from tests.archive.web.browsing import Browser
from tests.site.images import png

PICTURE, LEAD = png(64, 36), png(36, 64)
URL = "https://img.example.com/a%20b.png?w=1&h=2"
BODY = f"{LONG}\n\n![Rates & <b>yields</b>]({URL})\n\n![](https://img.example.com/other.png)"


def _address(body: bytes) -> str:
    digest = sha256(body).hexdigest()
    return f"/-/image/{digest[:2]}/{digest[2:]}.png"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def conn(folder: Path) -> sqlite3.Connection:
    conn = make_archive(folder)
    with transaction(conn):
        save(conn, "1", "央行降准", LONG, image="https://img.example.com/lead.png")
        conn.execute("UPDATE articles SET markdown = ?", (BODY,))
    keep_picture(folder, conn, 1, URL, PICTURE)
    keep_picture(folder, conn, 1, "https://img.example.com/lead.png", LEAD)
    return conn


@pytest.fixture(scope="module")
def browser(conn: sqlite3.Connection) -> Iterator[Browser]:
    with Browser(conn) as browser:
        yield browser


def test_an_article_shows_what_is_kept_and_links_to_the_rest(browser: Browser) -> None:
    page = browser.get("/-/article/1").text
    shown = f'<img src="{_address(PICTURE)}" alt="Rates &amp; yields" width="64" height="36"'
    assert shown in page.replace("&lt;b&gt;", "").replace("&lt;/b&gt;", "")
    assert f'<img src="{_address(LEAD)}" alt="" width="36" height="64"' in page
    assert '<a href="https://img.example.com/other.png"' in page
    assert page.count("<img") == 2


def test_a_picture_is_nothing_but_a_picture(browser: Browser) -> None:
    answer = browser.get(_address(PICTURE))
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        _address(b"unknown"),
        _address(PICTURE).replace(".png", ".jpg"),
        "/-/image/ab/archive.db",
    ],
)
def test_no_other_file_is_given(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_captions_alone_are_shown_to_who_asks_for_them(conn: sqlite3.Connection) -> None:
    with Browser(conn, {"plugins": {"broadsheet": {"images": "caption"}}}) as browser:
        page = browser.get("/-/article/1").text
    assert "<img" not in page
    assert page.count('<span class="picture">') == 2


def test_a_file_that_is_gone_is_told(browser: Browser, folder: Path) -> None:
    path = folder / "images" / _address(LEAD).removeprefix("/-/image/")
    path.rename(path.with_suffix(".away"))
    answer = browser.get(_address(LEAD))
    path.with_suffix(".away").rename(path)
    assert answer.status_code == 404
    assert "No such picture is kept here." in answer.text
