from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.crawler.discover.documents import read, source

ANSWER = {
    "data": {
        "list": [
            {"docid": 12, "title": "沪指&nbsp;收涨<b>1%</b>", "ctime": "1639032120",
             "href": "/a/12.html?spm=1", "by": {"name": "张三"}, "body": "<p>正文</p>"},
        ],
        "next": "/api?page=2",
    }
}  # fmt: skip
RULES = {"items": "data.list", "link": "href", "id": "docid", "title": "title", "date": "ctime",
         "author": "by", "content": "body", "next": "data.next"}  # fmt: skip


def rules(**fields):
    return source(list=RULES | fields)


def test_each_rule_gives_its_field():
    found = read(json.dumps(ANSWER), rules())
    (entry,) = found.entries
    assert (entry.url, entry.guid) == ("https://news.example.com/a/12.html", "12")
    assert (entry.title, entry.authors) == ("沪指 收涨 1%", ("张三",))
    assert entry.published == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)
    assert entry.content == "<p>正文</p>"
    assert found.next_page == "http://news.example.com/api?page=2"


@pytest.mark.parametrize(
    "date",
    [1639032120, 1639032120000, "1639032120000", "2021-12-09 14:42", "2021-12-09T06:42:00Z",
     "2021年12月9日 14:42"],
)  # fmt: skip
def test_a_date_of_any_form_is_read(date):
    body = json.dumps([{"url": "http://x.com/1", "date": date}])
    assert read(body).entries[0].published == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrapped",
    ["cb({});", "/**/jQuery1_2({})", "var newsList = {};", "\ufeff{}", " try.cb( {} ) ; "],
)
def test_jsonp_is_unwrapped(wrapped):
    assert read(wrapped.replace("{}", json.dumps(ANSWER)), rules()).found == 1


def test_a_template_makes_the_link():
    declared = rules(link_template="https://x.com/{type}/{id}.html", link="")
    answer = {"data": {"list": [{"docid": "a b", "type": "news"}, {"docid": "c"}]}}
    found = read(json.dumps(answer), declared)
    assert [e.url for e in found.entries] == ["https://x.com/news/a%20b.html"]
    assert found.found == 2


def test_gbk_json_is_decoded():
    body = json.dumps([{"url": "/1", "title": "央行宣布下调存款准备金率"}], ensure_ascii=False)
    assert read(body.encode("gbk")).entries[0].title == "央行宣布下调存款准备金率"


def test_flash_news_without_pages_has_its_own_addresses():
    declared = source(full_content="feed", list={"items": "@", "content": "text"})
    (entry,) = read('[{"id": 5, "text": "快讯"}]', declared).entries
    assert (entry.url.rpartition("#")[2], entry.content) == ("guid=5", "快讯")


@pytest.mark.parametrize(
    ("body", "fields", "error"),
    [
        ("{oops", {}, "not JSON: "),
        (
            '{"code": 1, "msg": ""}',
            {},
            "[source.list] items = 'data.list' gives no list; the answer has the top-level keys",
        ),
        ('{"a": 1}', {"items": "a[?"}, "[source.list] items = 'a[?': "),
        (
            '{"a": []}',
            {"items": ""},
            "[source.list] items is not set; the answer has the top-level keys a",
        ),
        (
            '{"data": {"list": [{"x": 1}]}}',
            {},
            "[source.list] link = 'href' gives no address in any item; the first of 1 has the",
        ),
    ],
)
def test_a_rule_that_matches_nothing_is_named_with_what_there_is(body, fields, error):
    found = read(body, rules(**fields), kind="json")
    assert found.error.startswith(error)


def test_an_empty_list_is_no_error():
    assert read('{"data": {"list": []}}', rules()).error == ""


def test_a_function_that_meets_a_wrong_value_leaves_the_field_empty():
    found = read('[{"url": "http://x.com/1", "t": 5}]', source(list={"title": "join('', t)"}))
    assert [e.title for e in found.entries] == [""]
