"""Dates as a whole document tells them: one offset for a source, Beijing for zh, 1970 for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from tests.line.conftest import Desk
from tests.line.web import NOW, XML, Web, article, paragraphs, urlset

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
BEIJING = timezone(8 * HOUR)


@dataclass(frozen=True, kw_only=True)
class Dated:
    """An item whose page has no date of its own."""

    number: int
    date: str


def feed(web: Web, items: Sequence[Dated], *, language: str = "", path: str = "/feed.xml") -> str:
    """Serve a feed and its pages; the feed's path."""
    rows = ""
    for item in items:
        web.put(f"/story/{item.number}", undated(item.number))
        link = web.url(f"/story/{item.number}")
        rows += (
            f"<item><title>Story {item.number}</title><link>{link}</link>"
            f"<guid>{link}</guid><pubDate>{item.date}</pubDate></item>"
        )
    told = f"<language>{language}</language>" if language else ""
    head = f'<rss version="2.0"><channel><title>Feed</title>{told}'
    web.put(path, f"{head}{rows}</channel></rss>", XML)
    return path


def undated(number: int, head: str = "") -> str:
    title = f"Story {number} about the market of day {number}"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body><article><h1>{title}</h1>{paragraphs(number)}</article></body></html>"
    )


def mislabelled(when: datetime, zone: timezone = BEIJING) -> str:
    """Local time that is called GMT."""
    return format_datetime(when.astimezone(zone).replace(tzinfo=UTC), usegmt=True)


def gmt(when: datetime) -> str:
    return format_datetime(when, usegmt=True)


def aged(ages: Sequence[float], wrong: bool = True, first: int = 1) -> list[Dated]:
    """Items of so many hours ago, numbered from the first on."""
    clock = mislabelled if wrong else gmt
    return [
        Dated(number=n, date=clock(NOW - age * HOUR)) for n, age in enumerate(ages, start=first)
    ]


def published(desk: Desk) -> dict[int, datetime]:
    rows = desk.rows("SELECT url, published FROM articles")
    return {int(url.rpartition("/")[2]): datetime.fromisoformat(when) for url, when in rows}


def hours_ago(*ages: float, first: int = 1) -> dict[int, datetime]:
    return {n: NOW - age * HOUR for n, age in enumerate(ages, start=first)}


# Case 21


def test_beijing_time_labelled_gmt_is_put_right_for_all_items_and_told(
    web: Web, desk: Desk
) -> None:
    desk.configure(web.source(feed(web, aged([0, 3, 6, 9, 12, 20]))))
    summary = desk.crawl()
    assert published(desk) == hours_ago(0, 3, 6, 9, 12, 20)
    told = "its dates run 8 h ahead: what it calls GMT is UTC+08:00"
    assert told in " ".join(summary.split())
    assert desk.one("SELECT offset_s FROM sources") == 28800
    assert str(desk.one("SELECT remark FROM visits")).startswith(told)
    assert "\nclock          " + told in desk.run("sources", "show", "s")
    assert told in " ".join(desk.run("status").split())
    raw = desk.rows("SELECT json_extract(payload, '$.published_raw') FROM entries ORDER BY url")
    assert raw[0][0] == mislabelled(NOW)
    claimed = desk.rows("SELECT published_claimed FROM articles ORDER BY url")
    assert [row[0] for row in claimed] == [row[0] for row in raw]


def test_what_comes_later_is_dated_by_what_was_learned(web: Web, desk: Desk) -> None:
    desk.configure(web.source(feed(web, aged([1, 3, 6, 20]), language="zh-cn")))
    desk.crawl()
    desk.configure(web.source(feed(web, [*aged([0.1, 15], first=5), *aged([1, 3, 6, 20])])))
    desk.crawl()
    assert published(desk) == hours_ago(1, 3, 6, 20, 0.1, 15)
    assert desk.rows("SELECT remark IS NULL FROM visits ORDER BY id") == [(0,), (1,)]


def test_pages_that_repeat_the_wrong_claim_are_put_right_too(web: Web, desk: Desk) -> None:
    items = aged([0, 3, 6, 12])
    desk.configure(web.source(feed(web, items)))
    for n, age in enumerate([0, 3, 6, 12], start=1):
        when = (NOW - age * HOUR + 8 * HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")
        meta = f'<meta property="article:published_time" content="{when}">'
        web.put(f"/story/{n}", undated(n, meta))
    desk.crawl()
    assert published(desk) == hours_ago(0, 3, 6, 12)


def test_a_page_with_a_right_date_keeps_it(web: Web, desk: Desk) -> None:
    desk.configure(web.source(feed(web, aged([1, 3, 6]))))
    right = (NOW - 1.5 * HOUR).isoformat()
    web.put("/story/1", undated(1, f'<meta property="article:published_time" content="{right}">'))
    desk.crawl()
    assert published(desk)[1] == NOW - 1.5 * HOUR


def test_two_items_in_the_future_are_told_by_a_third_and_put_right_then(
    web: Web, desk: Desk
) -> None:
    desk.configure(web.source(feed(web, aged([3, 6, 20]))))
    desk.crawl()
    assert desk.one("SELECT offset_s FROM sources") is None
    feed(web, [*aged([0], first=4), *aged([3, 6, 20])])
    assert "3 archived re-dated" in " ".join(desk.crawl().split())
    assert published(desk) == hours_ago(3, 6, 20, 0)
    assert desk.one("SELECT count(*) FROM files WHERE wanted_hash IS NOT written_hash") == 0


def test_since_is_judged_by_the_right_time(web: Web, desk: Desk) -> None:
    desk.configure(web.source(feed(web, aged([0, 2, 4, 11, 13])), 'since = "12h"'))
    desk.crawl()
    assert published(desk) == hours_ago(0, 2, 4, 11)


# Case 37


def test_a_mended_clock_is_believed_at_once(web: Web, desk: Desk) -> None:
    desk.configure(web.source(feed(web, aged([0.5, 3, 6, 12]))))
    desk.crawl()
    feed(web, [*aged([0.1], wrong=False, first=5), *aged([0.5, 3, 6, 12], wrong=False)])
    summary = " ".join(desk.crawl().split())
    assert "its dates no longer run 8 h ahead" in summary
    assert published(desk) == hours_ago(0.5, 3, 6, 12, 0.1)
    assert desk.one("SELECT offset_s FROM sources") is None
    assert "\nclock" not in desk.run("sources", "show", "s")
    feed(web, [*aged([0.05], wrong=False, first=6), *aged([0.5], wrong=False)])
    desk.crawl()
    assert published(desk)[6] == NOW - 0.05 * HOUR


def test_so_it_is_where_old_items_keep_their_wrong_dates(web: Web, desk: Desk) -> None:
    desk.configure(web.source(feed(web, aged([0.5, 3, 6, 12]))))
    desk.crawl()
    feed(web, [*aged([0.1, 0.3], wrong=False, first=5), *aged([0.5, 3, 6, 12])])
    desk.crawl()
    assert published(desk) == hours_ago(0.5, 3, 6, 12, 0.1, 0.3)
    feed(web, [*aged([0.05], wrong=False, first=7), *aged([0.5, 3, 6, 12])])
    assert "ahead" not in desk.crawl()
    assert published(desk)[7] == NOW - 0.05 * HOUR
    assert desk.one("SELECT offset_s FROM sources") is None


def test_what_was_archived_in_between_is_dated_anew_and_told(web: Web, desk: Desk) -> None:
    # one new item beside items that lie in the future may be a late one; the next shows it was none
    old = aged([0.5, 3, 6, 12])
    desk.configure(web.source(feed(web, old)))
    desk.crawl()
    first = aged([0.3], wrong=False, first=5)
    feed(web, [*first, *old])
    desk.crawl()
    assert published(desk)[5] == NOW - 8.3 * HOUR
    feed(web, [*aged([0.1, 0.2], wrong=False, first=6), *first, *old])
    assert "1 archived re-dated" in " ".join(desk.crawl().split())
    assert published(desk) == hours_ago(0.5, 3, 6, 12, 0.3, 0.1, 0.2)
    assert "1 archived re-dated" in str(desk.one("SELECT remark FROM visits ORDER BY id DESC"))
    (post,) = [path for path in desk.files() if "story-5" in path.name]
    assert format_datetime(NOW - 0.3 * HOUR, usegmt=True) in post.read_text()


# Case 22


def naive(when: datetime) -> str:
    return f"{when.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize("language", ["zh-cn", "zh", "zh-Hant-TW"])
def test_dates_without_zone_in_a_chinese_feed_are_beijings(
    web: Web, desk: Desk, language: str
) -> None:
    items = [Dated(number=n, date=naive(NOW - n * HOUR)) for n in (1, 9)]
    desk.configure(web.source(feed(web, items, language=language)))
    desk.crawl()
    assert published(desk) == {1: NOW - HOUR, 9: NOW - 9 * HOUR}


def test_so_are_those_of_a_chinese_listing(web: Web, desk: Desk) -> None:
    rows = ""
    for n in (1, 2, 3):
        web.put(f"/story/{n}", undated(n))
        rows += f'<li><a href="/story/{n}">要闻 {n}</a><time>{naive(NOW - n * HOUR)}</time></li>'
    web.put("/list", f'<html lang="zh-CN"><body><ul>{rows}</ul></body></html>')
    rules = '[source.list]\nitems = "li"\nlink = "a"\ndate = "time"'
    desk.configure(web.source("/list", 'kind = "listing"') + "\n" + rules)
    desk.crawl()
    assert published(desk) == hours_ago(1, 2, 3)


def test_so_are_those_that_a_chinese_page_prints(web: Web, desk: Desk) -> None:
    printed = f"{(NOW - HOUR).astimezone(BEIJING):%Y年%m月%d日 %H:%M}"
    text = "".join(
        f"<p>央行宣布下调存款准备金率，释放长期资金约{n}万亿元。市场人士认为，此举有助于降低银行的资金成本。</p>"
        for n in range(8)
    )
    page = f"<article><h1>央行降准</h1><p>{printed}</p>{text}</article>"
    web.put("/story/1", f'<html lang="zh"><head><title>央行降准</title></head>{page}</html>')
    web.put("/sitemap.xml", urlset([web.url("/story/1")]), XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    assert published(desk)[1] == (NOW - HOUR).replace(second=0)


# Case 23


def test_items_of_1970_are_announced_and_dated_by_their_pages(web: Web, desk: Desk) -> None:
    zero = "Thu, 01 Jan 1970 00:00:00 GMT"
    desk.configure(web.source(feed(web, [Dated(number=n, date=zero) for n in (1, 2)])))
    web.put("/story/1", article(1))
    desk.crawl()
    assert desk.rows("SELECT published FROM entries") == [(None,), (None,)]
    assert published(desk)[1] == NOW - timedelta(minutes=11)
    froms = desk.rows("SELECT published_from, published_claimed FROM articles ORDER BY url")
    assert froms[1] == ("announced", zero)


@pytest.mark.parametrize("date", ["1970-01-01 08:00:00", "1900-01-01", "0000-00-00 00:00:00"])
def test_so_are_those_of_other_zeros(web: Web, desk: Desk, date: str) -> None:
    desk.configure(web.source(feed(web, [Dated(number=1, date=date)], language="zh")))
    desk.crawl()
    assert desk.rows("SELECT published_from FROM articles") == [("announced",)]


def test_a_sitemap_of_1970_is_announced(web: Web, desk: Desk) -> None:
    listed = urlset([web.put("/story/1", article(1))])
    listed = listed.replace("</loc>", "</loc><lastmod>1970-01-01</lastmod>")
    web.put("/sitemap.xml", listed, XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 1
