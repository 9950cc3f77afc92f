"""A page becomes an article, or a reason."""

import pickle
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Article, Reason, Rejection
from config.model import BodyRules
from crawler.extract.article import extract_article
from tests.crawler.extract.pages import (
    CHINESE_PARAGRAPHS,
    ENGLISH_PARAGRAPHS,
    HEADLINES,
    chinese,
    english,
)

URL = "http://money.guanchao.test/macro/1001.html"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def article(page: bytes, url: str = URL, **options: object) -> Article:
    found = extract_article(page, url=url, zone=SHANGHAI, **options)  # type: ignore[arg-type]
    assert isinstance(found, Article), found
    return found


def test_chinese_body_is_the_paragraphs_and_nothing_else() -> None:
    assert article(chinese()).text == "\n\n".join(CHINESE_PARAGRAPHS)


def test_english_body_is_the_paragraphs_and_nothing_else() -> None:
    assert article(english()).text == "\n\n".join(ENGLISH_PARAGRAPHS)


def test_title_is_the_heading_without_the_site() -> None:
    assert article(chinese()).title == "前三季度经济增长百分之五点二"


def test_chinese_byline_gives_the_author_and_not_the_editor() -> None:
    assert article(chinese()).authors == ("周明远",)


def test_english_byline_is_split_into_persons() -> None:
    assert article(english()).authors == ("Ann Lee", "Bo Ek")


def test_agency_is_no_person() -> None:
    head = '<meta name="author" content="Reuters">'
    assert article(english(head=head, byline="")).authors == ()


def test_time_in_the_text_is_beijing_time() -> None:
    found = article(chinese())
    assert (found.published, found.published_from, found.published_claimed) == (
        datetime(2021, 12, 9, 6, 42, tzinfo=UTC),
        "text",
        "2021年12月9日 14:42",
    )


def test_json_ld_inside_a_graph_wins_over_the_text() -> None:
    head = """<script type="application/ld+json">{"@graph": [{"@type": "WebPage"},
    {"@type": "NewsArticle", "headline": "前三季度经济增长百分之五点二",
     "keywords": ["宏观", "GDP"],
     "datePublished": "2021-12-09T15:00:00+08:00", "articleSection": "宏观经济",
     "author": [{"@type": "Person", "name": "赵一鸣"},
                {"@type": "Organization", "name": "观潮社"}],}]}
    </script>"""
    found = article(chinese(head=head))
    assert found.published == datetime(2021, 12, 9, 7, 0, tzinfo=UTC)
    assert (found.published_from, found.authors, found.section, found.tags) == (
        "jsonld",
        ("赵一鸣",),
        "宏观经济",
        ("宏观", "GDP"),
    )


def test_day_of_the_meta_tag_takes_its_time_from_the_text() -> None:
    found = article(chinese(head='<meta name="publishdate" content="2021-12-09">'))
    assert found.published == datetime(2021, 12, 9, 6, 42, tzinfo=UTC)


def test_markdown_keeps_links_images_tables_and_emphasis() -> None:
    body = (
        f"<p>{CHINESE_PARAGRAPHS[0]}<b>重要</b></p><p><img data-src='/i/1.jpg' alt='图'></p>"
        f"<p>{CHINESE_PARAGRAPHS[1]}<a href='../x.html'>详见</a>原文。</p>"
        "<table><tr><th>年份</th><th>增速</th></tr><tr><td>2020</td><td>2.3</td></tr></table>"
        f"<p>{CHINESE_PARAGRAPHS[2]}</p>"
    )
    markdown = article(chinese(body=body)).markdown
    assert "**重要**" in markdown
    assert "[详见](http://money.guanchao.test/x.html)" in markdown
    assert "![图](http://money.guanchao.test/i/1.jpg)" in markdown
    assert "| 年份 | 增速 |" in markdown


def test_lead_image_is_absolute() -> None:
    head = '<meta property="og:image" content="/img/lead.jpg">'
    assert article(chinese(head=head)).image == "http://money.guanchao.test/img/lead.jpg"


@pytest.mark.parametrize("claim", ["http://", "http://exa mple/x.jpg", "https://h:99999/x.jpg"])
def test_a_picture_without_an_address_is_none(claim: str) -> None:
    head = f'<meta property="og:image" content="{claim}">'
    assert article(chinese(head=head)).image == ""


def test_canonical_claim_is_kept_absolute() -> None:
    head = '<link rel="canonical" href="/macro/1001.html">'
    assert article(chinese(head=head)).canonical == "http://money.guanchao.test/macro/1001.html"


def test_language_is_read_from_the_text_against_the_template() -> None:
    page = chinese().replace(b'lang="zh-CN"', b'lang="en"')
    assert article(page).language == "zh"


def test_rules_choose_the_body_and_take_parts_out() -> None:
    body = f"<div id=a><p>{CHINESE_PARAGRAPHS[0]}</p><p class=ad>{CHINESE_PARAGRAPHS[1]}</p></div>"
    rules = BodyRules(css="#a", remove=(".ad",))
    assert article(chinese(body=body), rules=rules).text == CHINESE_PARAGRAPHS[0]


def test_gbk_page_that_declares_gb2312_is_read() -> None:
    page = chinese().decode().replace('charset="utf-8"', 'charset="gb2312"').replace("李某", "朱镕")
    assert article(page.encode("gb18030")).text == "\n\n".join(CHINESE_PARAGRAPHS)


def test_body_that_only_json_ld_carries_is_found() -> None:
    text = " ".join(ENGLISH_PARAGRAPHS)
    page = f"""<html><head><title>Central bank holds rates</title><script
    type="application/ld+json">{{"@type": "NewsArticle", "headline": "Central bank holds rates",
    "articleBody": "{text}"}}</script></head><body><div id="app"></div></body></html>"""
    assert article(page.encode()).text == text


def test_evidence_says_what_gave_each_field() -> None:
    evidence = dict(article(chinese()).evidence)
    assert len(evidence.pop("confidence").split(", ")) == 4  # features with their values
    assert evidence == {
        "title": "h1 and title",
        "authors": "byline",
        "published": "text",
        "section": "breadcrumb",
        "language": "page",
        "origin": "text",
        "text": "container",
    }


def test_evidence_names_what_the_page_states_to_machines() -> None:
    head = """<script type="application/ld+json">{"@type": "NewsArticle", "articleSection": "Rates",
    "headline": "Central bank holds rates as inflation eases", "isAccessibleForFree": false,
    "dateModified": "2021-12-09T15:00:00Z", "keywords": ["bank"]}
    </script><meta name="keywords" content="rates"><meta name="description" content="No change.">
    <meta property="og:image" content="https://a.test/i/hall.jpg">"""
    body = "".join(
        f"<p>{p}</p>" for p in (*ENGLISH_PARAGRAPHS, *(q[::-1] for q in ENGLISH_PARAGRAPHS))
    )
    evidence = dict(article(english(head=head, body=body)).evidence)
    assert evidence["updated"] == "jsonld"
    assert evidence["section"] == "jsonld"
    assert evidence["tags"] == "jsonld and meta"
    assert evidence["summary"] == "meta"
    assert evidence["image"] == "og"
    assert evidence["paywalled"] == "jsonld"


def test_article_crosses_a_process_boundary() -> None:
    found = article(chinese())
    assert pickle.loads(pickle.dumps(found)) == found


def rejected(page: bytes, content_type: str = "") -> Reason:
    found = extract_article(page, url=URL, content_type=content_type)
    assert isinstance(found, Rejection), found
    return found.reason


def test_list_of_headlines_is_an_index_page() -> None:
    page = f"<html><body><h1>要闻</h1><ul>{HEADLINES}</ul></body></html>"
    assert rejected(page.encode()) is Reason.INDEX_PAGE


def test_page_without_text_is_too_short() -> None:
    assert rejected(b"<html><body><p>Loading</p></body></html>") is Reason.TOO_SHORT


def test_teaser_before_a_subscription_is_a_paywall() -> None:
    body = f"<p>{ENGLISH_PARAGRAPHS[0]}</p><p>Subscribe to continue reading this story.</p>"
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Central bank",'
    head += '"isAccessibleForFree": "False"}</script>'
    assert rejected(english(head=head, body=body)) is Reason.PAYWALL


def test_whole_text_of_a_paid_article_is_archived_as_paywalled() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Central bank",'
    head += '"isAccessibleForFree": false}</script>'
    body = "".join(f"<p>{p}</p>" for p in ENGLISH_PARAGRAPHS * 2)
    long = body.replace("</p>", " " + "The committee will meet again in six weeks. " * 3 + "</p>")
    assert article(english(head=head, body=long)).paywalled


def test_request_to_log_in_is_a_login_wall() -> None:
    page = "<html><body><h1>要闻</h1><p>您好，请先登录，登录后查看本文。</p></body></html>"
    assert rejected(page.encode()) is Reason.LOGIN_WALL


def test_error_page_with_status_200_is_an_error_page() -> None:
    page = "<html><head><title>404 页面不存在</title></head><body><p>没有这个页面。</p>"
    assert rejected(page.encode()) is Reason.ERROR_PAGE


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"%PDF-1.7 ...", ""), (b"<p>x</p>", "image/png"), (b'{"a": "<b>"}', ""), (b"plain", "")],
)
def test_what_is_no_page_is_not_html(body: bytes, content_type: str) -> None:
    assert rejected(body, content_type) is Reason.NOT_HTML


def test_nested_tags_without_end_are_refused_and_not_raised() -> None:
    assert rejected(b"<html><body>" + b"<div>" * 100_000 + b"text") is Reason.PARSER_ERROR


def test_title_of_a_hundred_thousand_parts_is_no_obstacle() -> None:
    page = english().decode().replace("<title>", "<title>" + "a - " * 100_000)
    assert ENGLISH_PARAGRAPHS[0] in article(page.encode()).text


@given(st.binary(max_size=300))
def test_any_bytes_give_an_article_or_a_reason(body: bytes) -> None:
    found = extract_article(b"<html><body><h1>" + body, url=URL)
    assert isinstance(found, Article | Rejection)
    assert getattr(found, "reason", None) is not Reason.PARSER_ERROR
