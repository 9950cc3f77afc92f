"""What cannot be shown is told in the face's form, with a way on; programs get JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from datasette.utils.asgi import NotFound
from datasette.views.base import DatasetteError

from archive.web.face.error_pages import _view_of
from tests.archive.making import LONG, make_archive, make_source, save
from tests.archive.web.browsing import Browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    conn = make_archive(tmp_path_factory.mktemp("data"), make_source("stcn"))
    save(conn, "1", "央行降准", LONG)
    with Browser(conn) as browser:
        yield browser


def is_of_the_face(page: Any) -> bool:
    return (
        'class="masthead"' in page.text
        and "script-src 'self'; connect-src 'self'" in page.headers["content-security-policy"]
    )


@pytest.mark.parametrize(
    "path", ["/nowhere", "/-/nowhere", "/archive/nowhere", "/archive/articles/99", "/-/article/x"]
)
def test_an_unknown_address_leads_on(browser: Browser, path: str) -> None:
    page = browser.get(path)
    assert page.status_code == 404
    assert is_of_the_face(page)
    assert f"Nothing has this address: <code>{path}</code>" in page.text
    assert '<a href="/-/latest">Latest</a>' in page.text


def test_an_unknown_address_is_told_in_chinese(browser: Browser) -> None:
    page = browser.get("/nowhere", language="zh-CN")
    assert "没有这个页面" in page.text
    assert "找不到这个地址： <code>/nowhere</code>" in page.text


def test_a_program_that_asks_for_json_gets_datasette_s(browser: Browser) -> None:
    page = browser.get("/archive/nowhere.json")
    assert page.status_code == 404
    assert page.json()["error"] == "Table not found"


def test_what_datasette_refuses_says_why(browser: Browser) -> None:
    page = browser.get("/archive/articles?_sort=nothing")
    assert is_of_the_face(page)
    assert "Cannot sort table by nothing" in page.text


def test_a_fault_of_ours_tells_nothing_of_the_inside() -> None:
    view = _view_of(OSError("/home/me/archive.db"), "/", "")
    assert view is not None
    assert (view.status, view.values["kind"]) == (500, "fault")
    assert "/home/me" not in str(view)


def test_what_datasette_says_in_html_it_shows_itself() -> None:
    error = DatasetteError("<p>Too slow</p>", status=400, message_is_html=True)
    assert _view_of(error, "/archive", "") is None
    assert _view_of(NotFound("404"), "/x" * 1000, "").values["words"] == "/x" * 150


@pytest.mark.parametrize("path", ["/", "/-/latest", "/-/article/1", "/-/events.json"])
def test_pages_are_only_read(browser: Browser, path: str) -> None:
    page = browser.post(path)
    assert page.status_code == 405
    assert page.headers["allow"] == "GET, HEAD"
    assert browser.head(path).status_code == 200


@pytest.mark.parametrize("asked", ["as_of=yesterday", "as_of=2026-11-23T08:30", "at=soon"])
def test_a_moment_that_is_none_is_told_with_a_form(browser: Browser, asked: str) -> None:
    page = browser.get(f"/-/article/1/diff?{asked}")
    assert page.status_code == 400
    assert page.headers["cache-control"] == "private, no-cache"
    assert f"<code>{asked.partition('=')[2]}</code>" in page.text
    assert "as_of is a time with its zone, a day" in page.text
    assert 'type="datetime-local"' in page.text
    assert 'href="/-/article/1/diff"' in page.text


def test_a_moment_to_come_is_told_as_such(browser: Browser) -> None:
    page = browser.get("/?as_of=2199-01-01")
    assert page.status_code == 400
    assert "It is still to come" in page.text


@pytest.mark.parametrize("day", ["0001-01-01", "2026-02-31", "9999-12-31", "soon"])
def test_a_day_that_is_none_is_not_found(browser: Browser, day: str) -> None:
    for path in (f"/-/day/{day}", f"/-/day?day={day}"):
        page = browser.get(path)
        assert page.status_code == 404
        assert f"That is no day: <code>{day}</code>" in page.text


def test_today_leads_to_its_day_in_any_form(browser: Browser) -> None:
    for ending in ("", ".atom"):
        answer = browser.get(f"/-/day/today{ending}?as_of=2026-11-23T09:00Z")
        assert answer.headers["location"].startswith(f"/-/day/2026-11-23{ending}?")
    assert browser.get("/-/day?day=").status_code == 302


def test_what_is_too_long_is_not_said_again(browser: Browser) -> None:
    page = browser.get(f"/-/search?q={'a' * 1001}")
    assert page.status_code == 400
    assert "1,001 characters" in page.text
    assert "a" * 201 not in page.text.replace(page.text.partition("<footer")[2], "")
    narrow = browser.get(f"/-/search?q=a&source={'b' * 201}")
    assert narrow.status_code == 400
    assert "source has 201 characters" in narrow.text
    whole = browser.get(f"/-/latest?x={'c' * 12_000}")
    assert whole.status_code == 414
    assert len(whole.text) < 10_000


def test_tables_say_that_they_are_of_now(browser: Browser) -> None:
    then = "as_of=2026-11-23T08:00Z"
    for path, page_of_then in (
        ("/archive/articles", "/"),
        ("/archive/articles/1", "/-/article/1"),
        ("/archive/sources", "/-/sources"),
        ("/archive", "/"),
        ("/archive/headline_changes", "/"),
        ("/archive?sql=select+1", "/"),
    ):
        page = browser.get(f"{path}{'&' if '?' in path else '?'}{then}")
        assert page.status_code == 200
        assert "as it is now, not as of 2026-11-23T08:00Z." in page.text, path
        assert f'href="{page_of_then}?as_of=2026-11-23T08%3A00Z"' in page.text, path
    assert "as it is now" not in browser.get("/archive/articles").text
    assert "1 row" in browser.get(f"/archive/articles?{then}").text  # it is no column's name


def test_data_of_tables_as_of_a_moment_is_refused(browser: Browser) -> None:
    for path in ("/archive/articles.json", "/archive/articles/1.json", "/archive/articles.csv"):
        answer = browser.get(f"{path}?as_of=2026-11-23T08:00Z")
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("tables hold the archive as it is now")


def test_a_query_s_own_parameter_is_its_own(browser: Browser) -> None:
    answer = browser.get("/archive.json?sql=select+:as_of+as+x&as_of=then&_shape=array")
    assert answer.json() == [{"x": "then"}]


def test_a_page_of_then_leads_to_tables_that_say_so(browser: Browser) -> None:
    page = browser.get("/-/article/1?as_of=2026-11-23T08:30Z")
    assert 'href="/archive/articles/1?as_of=2026-11-23T08%3A30Z"' in page.text
    assert "/archive/articles/1.json" not in page.text
    assert "/archive/articles/1.json" in browser.get("/-/article/1").text
