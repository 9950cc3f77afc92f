"""When an article was published: which evidence counts, and in whose calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.extract.head.metadata import read_metadata
from crawler.extract.head.page_zone import as_printed, is_day_first
from crawler.extract.head.publication import Published, find_published
from crawler.extract.tree import parse_html

URL = "https://www.tidewater.test/markets/copper.html"


def published(body: str, *, head: str = "", url: str = URL) -> Published | None:
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return find_published(tree, read_metadata(tree, url), url, UTC)


def day(found: Published | None) -> str:
    return found.when.date().isoformat() if found else ""


def meta(time: str) -> str:
    return f'<meta property="article:published_time" content="{time}">'


def test_time_in_utc_comes_in_the_zone_of_the_printed_clock() -> None:
    body = "<h1>Copper</h1><p>November 8, 2023 at 11:30 p.m.</p>"
    found = published(body, head=meta("2023-11-09T05:30:59Z"))
    assert found is not None
    assert found.when == datetime(2023, 11, 9, 5, 30, 59, tzinfo=UTC)
    assert found.when.utcoffset() == timedelta(hours=-6)


def test_time_in_utc_comes_in_the_zone_of_the_hosts_country() -> None:
    found = published("", head=meta("2022-11-06T23:00:00.000Z"), url="https://hafen.de/kupfer")
    assert day(found) == "2022-11-07"


def test_claim_with_an_offset_keeps_it() -> None:
    claimed = datetime.fromisoformat("2022-11-06T23:00:00+09:00")
    assert as_printed(claimed, None, "https://hafen.de/").isoformat() == claimed.isoformat()


@pytest.mark.parametrize("url", ["https://hafen.co/a", "https://hafen.com/a", "https://127.0.0.1/"])
def test_host_without_a_country_says_nothing_of_the_zone(url: str) -> None:
    claimed = datetime(2022, 11, 6, 23, tzinfo=UTC)
    assert as_printed(claimed, None, url).utcoffset() == timedelta(0)


def test_clock_that_is_no_zone_away_is_another_time() -> None:
    claimed = datetime(2022, 11, 6, 23, tzinfo=UTC)
    later = datetime(2022, 11, 7, 0, 22)  # noqa: DTZ001 - a wall clock
    assert as_printed(claimed, later, URL).utcoffset() == timedelta(0)


def test_date_far_from_the_heading_counts_where_a_class_names_it() -> None:
    filler = "<p>The port moved more ore than in any year before. </p>" * 90
    body = f'<h1>Copper</h1>{filler}<div class="field--publishing-date">13.01.2022</div>'
    assert day(published(body)) == "2022-01-13"


def test_date_of_a_teaser_is_another_items() -> None:
    body = '<h1>Copper</h1><ul><li><span class="post-date">13.01.2022</span>'
    body += '<a href="/x.html">Tin falls for the third day in a row</a></li></ul>'
    assert published(body) is None


def test_date_inside_a_link_to_another_page_is_another_items() -> None:
    body = '<h1>Copper</h1><a href="/x.html"><span class="post-date">13.01.2022</span></a>'
    assert published(body) is None


def test_date_inside_a_link_to_the_page_itself_counts() -> None:
    body = '<h1>Copper</h1><a href="/markets/copper.html">'
    body += '<span class="entry-top-info-time">2020年07月03日</span></a>'
    assert day(published(body)) == "2020-07-03"


def test_day_of_the_address_wins_over_a_class_that_differs() -> None:
    body = '<h1>Copper</h1><div class="post-date">2020-08-09</div>'
    assert day(published(body, url="https://www.tidewater.test/2020/10/26/copper")) == "2020-10-26"


def test_address_may_name_the_day_first() -> None:
    assert day(published("", url="https://www.tidewater.test/notes/29-10-2021")) == "2021-10-29"


@pytest.mark.parametrize(
    ("url", "language", "first"),
    [
        ("https://tidewater.test/a", "es", True),
        ("https://tidewater.test/a", "en-US", False),
        ("https://tidewater.test/a", "en-GB", True),
        ("https://tidewater.co.uk/a", "en", True),
        ("https://tidewater.test/a", "zh-CN", True),
        ("https://tidewater.test/a", "en", False),
    ],
)
def test_order_of_day_and_month_is_the_countrys(url: str, language: str, first: bool) -> None:
    assert is_day_first(url, language) is first


def test_time_in_utc_comes_in_the_zone_of_the_pages_language() -> None:
    claimed = datetime(2018, 12, 31, 23, 11, tzinfo=UTC)
    printed = as_printed(claimed, None, "https://tidewater.test/2019/01/01/", "de-DE")
    assert printed.isoformat() == "2019-01-01T00:11:00+01:00"


def test_language_says_nothing_where_the_host_is_a_country_of_several_zones() -> None:
    claimed = datetime(2018, 12, 31, 23, 11, tzinfo=UTC)
    assert as_printed(claimed, None, "https://hafen.ca/", "fr").utcoffset() == timedelta(0)


def test_date_on_a_line_of_its_own_wins_over_one_in_prose() -> None:
    body = "<h1>Protest at the theatre</h1><p>The mayor, seen here in the harbour, on a day in"
    body += " winter, January 16, 2020, when the first ships came.</p><p>January 18, 2020</p>"
    assert day(published(body)) == "2020-01-18"


def test_label_makes_a_date_at_the_end_the_articles() -> None:
    filler = "<p>The port moved more ore than in any year before. </p>" * 90
    prose = "<p>The port, which opened 27.02.2019 after nine years of work, lost money.</p>"
    body = f"<h1>Copper</h1>{prose}{filler}<p>发布日期：2019-03-06</p>"
    assert day(published(body)) == "2019-03-06"


def test_day_when_a_member_joined_is_not_the_posts() -> None:
    body = "<p>Registriert: 18.09.2008, 05:56</p><p>Beitrag von r23 » 21.01.2009, 05:42</p>"
    assert day(published(body)) == "2009-01-21"


def test_time_of_the_pages_own_script_data_counts_when_it_is_the_only_one() -> None:
    script = '<script>window.DATA = {"pubtime": "2019-09-07 19:02:26"}</script>'
    found = published(f"{script}<h1>Copper</h1><p>(2019-9-5 9:38:01 PM)</p>")
    assert found is not None
    assert found.when == datetime(2019, 9, 7, 19, 2, 26, tzinfo=UTC)


def test_dates_of_broken_json_ld_are_read() -> None:
    head = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "So "no"",
    "datePublished": "2020-10-26T18:10:00+01:00"}</script>"""
    found = published("<h1>Copper</h1>", head=head)
    assert found is not None
    assert found.when.isoformat() == "2020-10-26T18:10:00+01:00"


def test_time_of_a_sidebar_is_another_items_where_the_address_names_the_day() -> None:
    body = '<h1>Copper</h1><div class="post-date"><time datetime="2009-04-11">11 April</time></div>'
    assert day(published(body, url="https://www.tidewater.test/2019/10/22/copper")) == "2019-10-22"


@pytest.mark.parametrize(
    "body",
    [
        '<div class="columns"><h3 class="teaser-meta">02.01.2022</h3><h1>Copper</h1></div>',
        '<h1>Copper</h1><div class="latest-date">2 January 2022</div>',
        '<header><span class="teaser-date">2022年1月2日</span><h1>铜价上涨</h1></header>',
    ],
)
def test_date_beside_the_heading_is_the_articles_whatever_its_class(body: str) -> None:
    assert day(published(f"{body}<p>The port moved more ore than ever before.</p>")) == "2022-01-02"


@pytest.mark.parametrize(
    "sentence",
    [
        "货轮是在北方时间1998年3月2日上午9:30驶入码头的，当天没有风。",
        "1998年3月2日，临江市第一艘货轮靠港，市民到码头迎接。",
        "The port opened on 2 March 1998 at 9:30 a.m., its chair said. It has grown since.",
        "A study published on March 2, 1998, found that the metal rose. Nobody read it.",
        "Der Hafen wurde am 2. März 1998 um 9:30 Uhr eröffnet, sagte der Leiter. Es war kalt.",
    ],
)
def test_day_of_an_event_in_a_sentence_is_no_date_of_publication(sentence: str) -> None:
    assert published(f"<h1>Copper</h1><p>{sentence}</p>") is None
    dated = f"<table><tr><td>2005-01-06 08:13更新 来源：观潮</td></tr></table><p>{sentence}</p>"
    assert day(published(dated)) == "2005-01-06"


@pytest.mark.parametrize(
    "line",
    [
        "(29. November 2022) Der Hafen bewegt mehr Erz, sagt der Leiter.",
        "29.11.2022 – The port moved more ore, its chair said.",
        "Ostend, November 29, 2022 (Tidewater) – The port moved more ore, its chair said.",
        "Der Beitrag wurde am 29. November 2022 um 9:30 Uhr gepostet, er steht unter Metalle.",
        "发布时间：2022年11月29日，来源：观潮",
        "Posted on November 29, 2022 by Ann Lee, in Metals. Comments are closed.",
    ],
)
def test_dateline_and_labelled_date_of_a_sentence_count(line: str) -> None:
    assert day(published(f"<h1>Copper</h1><p>{line}</p>")) == "2022-11-29"


def test_two_sources_that_agree_outweigh_the_first() -> None:
    head = """<script type="application/ld+json">{"@type": "NewsArticle",
    "datePublished": "2023-06-05T08:10:00Z"}</script>"""
    body = '<h1>Copper</h1><p class="post-date">May 2, 2023</p>'
    url = "https://www.tidewater.test/2023/05/02/copper"
    found = published(body, head=head, url=url)
    assert found is not None
    assert (day(found), found.origin) == ("2023-05-02", "text")
    assert found.evidence == "text and url, not jsonld"


def test_first_source_is_believed_where_one_alone_says_otherwise() -> None:
    head = """<script type="application/ld+json">{"@type": "NewsArticle",
    "datePublished": "2023-06-05T08:10:00Z"}</script>"""
    found = published("<h1>Copper</h1>", head=head, url="https://www.tidewater.test/2023/05/02/cu")
    assert found is not None
    assert (day(found), found.evidence) == ("2023-06-05", "jsonld, not url")


def test_day_of_the_address_is_that_of_a_time_in_another_zone() -> None:
    head = meta("2019-11-20T03:59:46Z")
    found = published("<h1>Copper</h1>", head=head, url="https://www.tidewater.test/2019/11/19/cu")
    assert found is not None
    assert (found.origin, found.evidence) == ("meta", "meta")
