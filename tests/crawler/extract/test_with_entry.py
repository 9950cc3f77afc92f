"""The feed's words and the page's become one article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from archive.model import Article, Entry, Reason, Rejection
from config.model import Source
from crawler.extract.page import Page
from crawler.extract.with_entry import article_from_entry, extract_page
from tests.crawler.extract.body import strange
from tests.crawler.extract.body.strange import ENGLISH, paragraphs
from tests.crawler.extract.pages import CHINESE_PARAGRAPHS, chinese

URL = "http://money.guanchao.example.com/macro/1001.html"
SOURCE = Source(
    id="guanchao", name="观潮财经", url="http://www.guanchao.example.com/rss", language="zh"
)
FETCHED = datetime(2021, 12, 9, 8, 0, tzinfo=UTC)
ANNOUNCED = datetime(2021, 12, 9, 7, 30, tzinfo=UTC)
ENTRY = Entry(url=URL, raw_url=URL, announced=ANNOUNCED)
FULL_TEXT = "".join(f"<p>{p}</p>" for p in CHINESE_PARAGRAPHS)
EMPTY = b"<html><body><p>loading</p></body></html>"


def merged(page: bytes, entry: Entry = ENTRY, source: Source = SOURCE) -> Article:
    found = extract_page(Page(url=URL, body=page, fetched=FETCHED, source=source, entry=entry))
    assert isinstance(found, Article), found
    return found


def undated() -> bytes:
    return chinese().replace("2021年12月9日 14:42".encode(), b"")


def test_page_without_a_date_takes_the_feeds() -> None:
    at = datetime(2021, 12, 9, 5, 0, tzinfo=UTC)
    entry = replace(ENTRY, published=at, published_raw="Thu, 09 Dec 2021 05:00:00 GMT")
    found = merged(undated(), entry)
    assert (found.published, found.published_from) == (at, "feed")
    assert found.published_claimed == "Thu, 09 Dec 2021 05:00:00 GMT"


def test_sitemaps_date_is_named_so() -> None:
    source = SOURCE.model_copy(update={"kind": "sitemap"})
    entry = replace(ENTRY, published=datetime(2021, 12, 9, 5, 0, tzinfo=UTC))
    assert merged(undated(), entry, source).published_from == "sitemap"


def test_feeds_time_wins_over_the_pages_day() -> None:
    page = chinese().replace(b"9\xe6\x97\xa5 14:42", "9日".encode())
    entry = replace(ENTRY, published=datetime(2021, 12, 9, 5, 0, tzinfo=UTC))
    assert merged(page, entry).published_from == "feed"


def test_pages_time_wins_over_the_feeds() -> None:
    entry = replace(ENTRY, published=datetime(2021, 12, 9, 5, 0, tzinfo=UTC))
    assert merged(chinese(), entry).published == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)


def test_without_evidence_it_was_published_when_announced() -> None:
    found = merged(undated())
    assert (found.published, found.published_from) == (ANNOUNCED, "announced")


def test_without_an_announcement_it_was_published_when_fetched() -> None:
    assert merged(undated(), replace(ENTRY, announced=None)).published == FETCHED


def test_time_after_the_fetch_is_read_as_local_time_mislabelled_gmt() -> None:
    head = '<meta property="article:published_time" content="2021-12-09T15:00:00Z">'
    found = merged(chinese(head=head))
    assert found.published == datetime(2021, 12, 9, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (found.published_from, found.published_claimed) == ("meta", "2021-12-09T15:00:00Z")


def test_time_far_after_the_fetch_is_replaced_and_kept_as_a_claim() -> None:
    head = '<meta property="article:published_time" content="2031-12-09T15:00:00Z">'
    found = merged(chinese(head=head))
    assert (found.published, found.published_from, found.published_claimed) == (
        ANNOUNCED,
        "announced",
        "2031-12-09T15:00:00Z",
    )


def test_time_within_an_hour_after_the_fetch_is_believed() -> None:
    soon = FETCHED + timedelta(minutes=50)
    entry = replace(ENTRY, published=soon, published_raw=soon.isoformat())
    assert merged(undated(), entry).published == soon


def test_title_that_is_only_the_sites_name_gives_way_to_the_feeds() -> None:
    page = chinese().decode().replace("前三季度经济增长百分之五点二_要闻_观潮财经网", "观潮财经")
    page = page.replace("<h1>前三季度经济增长百分之五点二</h1>", "")
    entry = replace(ENTRY, title="三季度数据出炉")
    assert merged(page.encode(), entry).title == "三季度数据出炉"


def test_feed_names_the_authors_where_the_page_is_silent() -> None:
    page = chinese().decode().replace("作者：<span>周明远</span>", "")
    entry = replace(ENTRY, authors=("赵一鸣、钱二",))
    assert merged(page.encode(), entry).authors == ("赵一鸣", "钱二")


def test_tags_are_those_of_both_without_repeats() -> None:
    page = chinese(head='<meta name="keywords" content="宏观,GDP">')
    assert merged(page, replace(ENTRY, categories=("gdp", "统计"))).tags == ("宏观", "GDP", "统计")


def test_feeds_image_stands_in() -> None:
    entry = replace(ENTRY, images=("http://img.guanchao.example.com/1.jpg",))
    assert merged(chinese(), entry).image == "http://img.guanchao.example.com/1.jpg"


FERRY = "https://www.example.test/news/2024/ferry-timetable.html"
READERS = tuple(
    f"Reader {n} wrote that the harbour of {n} towns had seen better days, and that its boats, once"
    f" blue, are now grey, late by {n} minutes and slow."
    for n in range(12)
)


@pytest.mark.parametrize(
    ("shown", "told", "expected"),
    [
        (ENGLISH, ENGLISH, ENGLISH),  # the page shows both texts: the feed says which it is
        (ENGLISH, READERS[:8], READERS),  # the feed's is cut: the page has it and more
        ((), ENGLISH, READERS),  # the page shows nothing of it: one of them is another's
    ],
)
def test_feeds_full_text_decides_between_the_texts_of_a_page(
    shown: tuple[str, ...], told: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    links = "<a href=/n/1>More on the ferry line of the islands</a>"
    cut = "".join(f"<div><span>{text}</span><div>{links}</div></div>" for text in shown)
    heading = "<h1>The ferry line of the islands gets a third boat and a new timetable</h1>"
    body = f"{heading}<div>{cut}</div><div class=story>{paragraphs(READERS)}</div>"
    source = Source(id="example", name="Example", url="https://www.example.test/rss")
    entry = Entry(url=FERRY, raw_url=FERRY, announced=ANNOUNCED, content=paragraphs(told))
    asked = Page(url=FERRY, body=strange.page(body), fetched=FETCHED, source=source, entry=entry)
    found = extract_page(asked)
    assert isinstance(found, Article), found
    assert found.text.split("\n\n") == list(expected)
    assert dict(found.evidence)["text"] == ("page and feed" if expected == ENGLISH else "box")


@pytest.mark.parametrize("page", [EMPTY, b"%PDF-1.4", b""])
def test_feeds_full_text_stands_in_for_a_refused_page(page: bytes) -> None:
    found = merged(page, replace(ENTRY, title="标题", content=FULL_TEXT, summary="摘要"))
    assert found.text == "\n\n".join(CHINESE_PARAGRAPHS)
    assert dict(found.evidence)["text"] == "feed"


def refused(entry: Entry, source: Source = SOURCE) -> Reason:
    found = extract_page(Page(url=URL, body=EMPTY, fetched=FETCHED, source=source, entry=entry))
    assert isinstance(found, Rejection), found
    return found.reason


def test_feed_of_another_domain_may_not_speak_for_the_page() -> None:
    source = SOURCE.model_copy(update={"url": "http://aggregator.example.net/rss"})
    assert refused(replace(ENTRY, content=FULL_TEXT), source) is Reason.TOO_SHORT


def test_a_host_that_the_user_names_is_the_sources_own() -> None:
    more = {"url": "http://aggregator.example.net/rss", "hosts": (urlsplit(URL).hostname,)}
    found = merged(EMPTY, replace(ENTRY, content=FULL_TEXT), SOURCE.model_copy(update=more))
    assert dict(found.evidence)["text"] == "feed"


def test_feed_may_not_speak_where_a_redirect_led_to_another_outlet() -> None:
    page = Page(
        url="https://other.example.net/wall",
        body=EMPTY,
        fetched=FETCHED,
        source=SOURCE,
        entry=replace(ENTRY, content=FULL_TEXT),
    )
    assert isinstance(extract_page(page), Rejection)


def test_teaser_does_not_stand_in() -> None:
    entry = replace(ENTRY, content=f"<p>{CHINESE_PARAGRAPHS[0]}</p>")
    assert refused(entry) is Reason.TOO_SHORT


def test_source_that_wants_pages_gets_no_feed_text() -> None:
    source = SOURCE.model_copy(update={"full_content": "page"})
    assert refused(replace(ENTRY, content=FULL_TEXT), source) is Reason.TOO_SHORT


def test_entry_becomes_an_article_however_short() -> None:
    entry = replace(ENTRY, title="央行降准", content="<p>央行宣布<b>降准</b>。</p>")
    found = article_from_entry(entry, source=SOURCE, fetched=FETCHED)
    assert isinstance(found, Article)
    assert (found.text, found.markdown, found.language, found.published) == (
        "央行宣布降准。",
        "央行宣布**降准**。",
        "zh",
        ANNOUNCED,
    )


def test_entry_without_any_text_is_too_short() -> None:
    found = article_from_entry(replace(ENTRY, title=""), source=SOURCE, fetched=FETCHED)
    assert isinstance(found, Rejection)
    assert found.reason is Reason.TOO_SHORT


@pytest.mark.parametrize("summary", ["", "快讯：降准", "<p>快讯：降准</p>"])
def test_an_entry_may_be_all_title(summary: str) -> None:
    entry = replace(ENTRY, title="快讯：降准", summary=summary)
    found = article_from_entry(entry, source=SOURCE, fetched=FETCHED)
    assert isinstance(found, Article)
    assert (found.title, found.text) == ("快讯：降准", "")


@pytest.mark.parametrize("joint", ["_", " - ", "｜", "——"])
def test_outlets_name_at_the_end_of_a_headline_goes(joint: str) -> None:
    page = (
        chinese().decode().replace("增长百分之五点二</h1>", f"增长百分之五点二{joint}观潮财经</h1>")
    )
    assert merged(page.encode()).title == "前三季度经济增长百分之五点二"


def test_evidence_of_a_merged_article_names_the_feed_where_the_page_is_silent() -> None:
    entry = replace(
        ENTRY,
        summary="增速快于预期。",
        categories=("宏观",),
        updated=ANNOUNCED,
        images=("http://www.guanchao.example.com/i/1.jpg",),
    )
    evidence = dict(merged(chinese(), entry).evidence)
    assert evidence["text"] == "container"
    assert evidence["language"] == "source"
    named = ("summary", "updated", "image")
    assert {evidence[name] for name in named} == {"feed"}
    assert evidence["tags"] == "feed (1)"


def test_a_page_that_repeats_the_feeds_wrong_claim_is_dated_as_the_feed_was_put_right() -> None:
    # 05:00 in Beijing, which feed and page call GMT: the whole feed is eight hours off
    right = datetime(2021, 12, 8, 21, 0, tzinfo=UTC)
    entry = replace(ENTRY, published=right, published_raw="Thu, 09 Dec 2021 05:00:00 GMT")
    page = with_meta("2021-12-09T05:00:00Z")
    assert (merged(page, entry).published, merged(page, entry).published_from) == (right, "feed")


def test_a_page_with_another_claim_keeps_it() -> None:
    right = datetime(2021, 12, 8, 21, 0, tzinfo=UTC)
    entry = replace(ENTRY, published=right, published_raw="Thu, 09 Dec 2021 05:00:00 GMT")
    found = merged(with_meta("2021-12-08T20:30:00Z"), entry)
    assert found.published == datetime(2021, 12, 8, 20, 30, tzinfo=UTC)


def test_a_claim_that_is_no_date_is_kept_beside_the_announced_time() -> None:
    found = merged(undated(), replace(ENTRY, published_raw="Thu, 01 Jan 1970 00:00:00 GMT"))
    assert (found.published, found.published_from) == (ANNOUNCED, "announced")
    assert found.published_claimed == "Thu, 01 Jan 1970 00:00:00 GMT"


def with_meta(moment: str) -> bytes:
    meta = f'<head><meta property="article:published_time" content="{moment}">'
    return undated().replace(b"<head>", meta.encode(), 1)


def test_a_chinese_page_keeps_beijings_time_without_a_config() -> None:
    unsaid = SOURCE.model_copy(update={"language": ""})
    assert merged(chinese(), source=unsaid).published == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)


def test_unless_the_config_names_a_zone() -> None:
    in_utc = SOURCE.model_copy(update={"language": "", "timezone": "UTC"})
    fetched = replace(ENTRY, announced=None)
    page = Page(
        url=URL, body=chinese(), fetched=FETCHED + timedelta(days=1), source=in_utc, entry=fetched
    )
    found = extract_page(page)
    assert isinstance(found, Article)
    assert found.published == datetime(2021, 12, 9, 14, 42, tzinfo=UTC)


FLASH = "央行开展七天期逆回购操作两千亿元"


def flash(head: str, body: str = "") -> bytes:
    text = body or f"<p>【{FLASH}】{CHINESE_PARAGRAPHS[0]}</p><p>{CHINESE_PARAGRAPHS[1]}</p>"
    page = f"<html><head><meta charset=utf-8>{head}</head><body><div>{text}</div></body></html>"
    return page.encode()


@pytest.mark.parametrize(
    "head",
    [
        "<title>观潮财经</title>",
        "<title>观潮</title>",
        "<title>7×24快讯 - 实时滚动播报</title>",
        '<title>x</title><meta property="og:title" content="潮汐通讯社：专业资讯服务商">',
    ],
)
def test_a_page_that_bears_only_its_sites_name_gets_the_feeds_title(head: str) -> None:
    found = merged(flash(head), replace(ENTRY, title=FLASH))
    assert (found.title, dict(found.evidence)["title"]) == (FLASH, "feed")


def test_a_pages_own_title_stays_where_it_tells_of_the_text_too() -> None:
    head = "<title>国内生产总值同比增长百分之五点二</title>"
    assert (
        merged(flash(head), replace(ENTRY, title=FLASH)).title == "国内生产总值同比增长百分之五点二"
    )


def test_a_feeds_title_that_is_not_the_texts_is_not_taken() -> None:
    entry = replace(ENTRY, title="海外市场：油价大跌")
    assert merged(flash("<title>观潮快讯滚动</title>"), entry).title == "观潮快讯滚动"


@pytest.mark.parametrize("carried", ["summary", "content"])
def test_a_picture_in_the_feeds_markup_leads_where_the_page_has_none(carried: str) -> None:
    markup = (
        '<img src="http://t.example.com/1x1.gif" width="1" height="1"><p>短讯</p>'
        '<img data-src="/pic/a.jpg" src="data:,"><img src="/pic/b.jpg">'
    )
    found = merged(chinese(), replace(ENTRY, **{carried: markup}))
    assert found.image == "http://money.guanchao.example.com/pic/a.jpg"
    assert dict(found.evidence)["image"] == "feed"


def test_a_picture_of_the_page_goes_before_the_feeds() -> None:
    head = '<meta property="og:image" content="http://money.guanchao.example.com/own.jpg">'
    found = merged(chinese(head=head), replace(ENTRY, summary='<img src="/pic/a.jpg">'))
    assert found.image == "http://money.guanchao.example.com/own.jpg"


NOTICE = (
    "<p>临江铜业公告，公司拟投资十二亿元扩建二期冶炼项目，预计明年六月投产，"
    "投产后年产能将增加四万吨。</p>"
)
HEADLINE = "临江铜业：拟投资十二亿元扩建二期冶炼项目"


@pytest.mark.parametrize(
    "title",
    ["观潮财经", "观潮财经快讯-主流财经信息服务商", "观潮", "guanchao.example.com"],
)
def test_flash_whose_page_has_no_headline_takes_the_feeds(title: str) -> None:
    page = f"<html><head><title>{title}</title></head><body><div>{NOTICE}</div></body></html>"
    found = merged(page.encode(), replace(ENTRY, title=HEADLINE))
    assert (found.title, dict(found.evidence)["title"]) == (HEADLINE, "feed")


def test_title_of_the_page_stays_where_it_is_the_announced_one_or_shown() -> None:
    page = f"<html><head><title>{HEADLINE}-观潮财经</title></head><body>{NOTICE}</body></html>"
    assert merged(page.encode(), replace(ENTRY, title="拟投资十二亿元扩建冶炼")).title == HEADLINE
    shown = page.replace("<body>", f"<body><h1>{HEADLINE}</h1>")
    assert merged(shown.encode(), replace(ENTRY, title="快讯")).title == HEADLINE


def test_outlets_name_before_the_headline_is_cut() -> None:
    page = f"<html><body><h1>观潮财经 | {HEADLINE}</h1>{NOTICE}</body></html>"
    assert merged(page.encode()).title == HEADLINE
    quoted = page.replace("观潮财经 | ", "观潮财经：")  # a body that is its own subject
    assert merged(quoted.encode()).title == f"观潮财经：{HEADLINE}"


def test_evidence_of_a_date_tells_who_agrees() -> None:
    head = '<meta property="article:published_time" content="2021-12-09T14:42:00+08:00">'
    head += '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished":'
    head += ' "2021-12-09T14:42:00+08:00"}</script>'
    found = merged(chinese().replace(b"</head>", f"{head}</head>".encode()))
    assert found.published_from == "jsonld"
    assert dict(found.evidence)["published"] == "jsonld and meta"
