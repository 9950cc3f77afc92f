"""The headline out of the several titles of a page."""

import pytest

from crawler.extract.head.metadata import read_metadata
from crawler.extract.head.title import find_title
from crawler.extract.tree import parse_html

URL = "https://www.tidewater.test/markets/4711.html"
HEADLINE = "Copper climbs to a two-year high on mine closures"


def title(head: str, body: str) -> tuple[str, str]:
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return find_title(tree, read_metadata(tree, URL))


def og(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


def test_kicker_in_the_heading_is_left_out() -> None:
    body = f'<h1><span class="article__topline">Metals</span> {HEADLINE}</h1>'
    assert title(f"<title>Metals - {HEADLINE}</title>", body) == (HEADLINE, "h1 and title")


def test_linked_section_in_the_heading_is_left_out() -> None:
    body = f'<h1><div class="entry-section"><a href="/m/">Markets | </a></div>{HEADLINE}</h1>'
    assert title(og(HEADLINE), body) == (HEADLINE, "h1 and og")


def test_kicker_with_a_colon_that_the_titles_repeat_belongs_to_the_headline() -> None:
    body = f'<h1><span class="kicker">Metals</span><span>: {HEADLINE}</span></h1>'
    assert title(og(f"Metals: {HEADLINE}"), body)[0] == f"Metals: {HEADLINE}"


def test_heading_that_only_links_home_is_the_masthead() -> None:
    body = f'<h1><a href="/">Tidewater Post</a></h1><h2>{HEADLINE}</h2>'
    assert title(f"<title>Tidewater Post » {HEADLINE}</title>", body) == (HEADLINE, "h2 and title")


def test_heading_that_is_a_short_end_of_the_title_is_the_site_or_section() -> None:
    head = f"<title>{HEADLINE} | Opinion</title>{og(HEADLINE)}"
    assert title(head, "<h1>Opinion</h1>")[0] == HEADLINE


def test_date_behind_the_headline_in_the_heading_is_left_out() -> None:
    head = f"<title>{HEADLINE} | Tidewater Post</title>{og(HEADLINE)}"
    body = f"<h1>{HEADLINE} 02.02.2022 • Markets, Metals</h1>"
    assert title(head, body) == (HEADLINE, "h1 and og and title")


def test_lone_heading_is_the_headline_where_the_titles_are_written_for_search() -> None:
    head = f"<title>Copper price today | Tidewater Post</title>{og('Copper price today')}"
    assert title(head, f"<h1>{HEADLINE}</h1>") == (HEADLINE, "h1, not og nor title")


def test_lone_heading_of_keywords_is_no_headline() -> None:
    head = "<title>股市预测--八月铜价创两年新高报告发布</title>"
    body = "<h1>今日股市行情_明日大盘_股市分析 - 观潮网</h1>"
    assert title(head, body)[0] == "八月铜价创两年新高报告发布"


def test_claim_that_the_page_shows_wins_over_the_lone_heading() -> None:
    body = f'<h1>Welcome to the pages of the Tidewater</h1><p class="headline">{HEADLINE}</p>'
    assert title(og(f"{HEADLINE} - Tidewater Post"), body) == (HEADLINE, "text and og")


@pytest.mark.parametrize("cut", ["Minister calls the plan ", "Minister calls the plan"])
def test_attribute_cut_at_a_quotation_mark_is_completed_by_the_title(cut: str) -> None:
    head = f'<title>Minister calls the plan "unworkable"</title>{og(cut)}'
    assert title(head, "<p>Text.</p>")[0] == 'Minister calls the plan "unworkable"'


def test_section_as_title_gives_way_to_the_one_heading_that_leads_nowhere() -> None:
    body = "<h2>首页 - <a href='/n'>新闻动态</a></h2><h5>2021年铜业年会在临江市成功举行</h5>"
    assert title("<title>新闻动态--临江学会官网</title>", body) == (
        "2021年铜业年会在临江市成功举行",
        "heading, not title",
    )


SITE_NAME = '<meta property="og:site_name" content="Money Every Day of the Week">'
WEB_SITE = """<script type="application/ld+json">{"@type": "WebSite",
"name": "The Money Paper of All the Harbours and More"}</script>"""
SUBTITLE = "How a board talked itself out of trouble"


@pytest.mark.parametrize(
    ("heading", "head"),
    [
        # what a claim repeats is the headline
        (f"{HEADLINE} <small class='subtitle'>{SUBTITLE}</small>", og(HEADLINE)),
        (f"<span>{HEADLINE}</span> <em>{SUBTITLE}</em>", og(HEADLINE)),
        (f"<a href='/1'><b>Metals</b> <b>{HEADLINE}</b></a>", og(HEADLINE)),
        # the last child is marked
        (f"{HEADLINE} <small>{SUBTITLE}</small>", f"<title>{HEADLINE} - Tidewater Post</title>"),
        (f"<span>{HEADLINE}</span><span class='standfirst'>{SUBTITLE}</span>", ""),
        (f"{HEADLINE}<span class='untertitel'>{SUBTITLE}</span>", ""),
        # overline, colon, headline
        (
            f"<i class='overline'>Metals </i><i class='colon'>: </i><i class='line'>{HEADLINE}</i>",
            f"<title>Metals: {HEADLINE}</title>{og(HEADLINE)}",
        ),
        (
            f"<span class='kicker'>Metals</span><span>:</span> <span>{HEADLINE}</span>",
            og(HEADLINE),
        ),
    ],
)
def test_subtitle_or_overline_within_the_heading_is_left_out(heading: str, head: str) -> None:
    assert title(head, f"<h1>{heading}</h1>")[0] == HEADLINE


def test_subtitle_that_every_claim_repeats_belongs_to_the_headline() -> None:
    whole = f"{HEADLINE}: {SUBTITLE}"
    body = f"<h1>{HEADLINE}: <small>{SUBTITLE}</small></h1>"
    assert title(f"<title>{whole}</title>{og(whole)}", body)[0] == whole


@pytest.mark.parametrize(
    ("head", "body"),
    [
        # known by the link home, by its picture, by og:site_name, by the host, by JSON-LD
        (f"<title>TIDEWATER MONEY - {HEADLINE}</title>", '<a href="/">TIDEWATER MONEY</a>'),
        (f"<title>Canal and Quay: {HEADLINE}</title>", '<a href="/">Canal and Quay</a>'),
        (f"{og(f'Tidewater: {HEADLINE}')}<title>{HEADLINE}</title>", ""),
        (
            f"<title>Tidewater Money News | {HEADLINE}</title>",
            '<a href="/"><img src="/l.png" alt="Tidewater Money News"></a>',
        ),
        (
            f"<title>Money Every Day of the Week | {HEADLINE}</title>{SITE_NAME}",
            "",
        ),
        (f"<title>The Tidewater | {HEADLINE}</title>", "<p>The Tidewater</p>"),
        (
            f"<title>{HEADLINE} - The Money Paper of All the Harbours and More</title>{WEB_SITE}",
            "",
        ),
    ],
)  # fmt: skip
def test_sites_name_is_told_from_the_headline_where_no_heading_is(head: str, body: str) -> None:
    assert title(head, f"{body}<div>{HEADLINE}</div><p>Text.</p>")[0] == HEADLINE
    assert title(head, f"{body}<p>Text.</p>")[0] == HEADLINE


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>Tidewater</title>", "<p>Copper climbs.</p>"),
        ("<title>观潮快讯</title>", '<a href="/">观潮快讯</a><p>铜价上涨。</p>'),
        (
            f"<title>Money Every Day of the Week</title>{SITE_NAME}",
            "<p>Copper climbs.</p>",
        ),
    ],
)
def test_title_that_is_only_the_sites_name_is_told_as_such(head: str, body: str) -> None:
    assert title(head, body)[1] == "site"


def test_line_of_the_page_tells_what_stands_before_the_headline_in_the_title() -> None:
    head = "<title>江晚报-锂电池订单减少 鹿泉电池冻结招聘</title>"
    body = "<table><tr><td><b>锂电池订单减少 鹿泉电池冻结招聘</b></td></tr></table>"
    assert title(head, body) == ("锂电池订单减少 鹿泉电池冻结招聘", "text and title")


@pytest.mark.parametrize("site", ["臨江日報", "临江日报", "臨江財經", "观潮财经"])
def test_chinese_sites_name_behind_the_headline_is_cut_in_both_scripts(site: str) -> None:
    assert title(f"<title>八月铜价创两年新高_{site}</title>", "")[0] == "八月铜价创两年新高"
    assert title(f"<title>八月铜价创两年新高-{site}</title>", "")[0] == "八月铜价创两年新高"


@pytest.mark.parametrize("day", ["23.01.2022 - ", "2022-01-23 | ", "1/23/22 – "])
def test_day_before_the_headline_is_left_out(day: str) -> None:
    assert title(og(f"{day}{HEADLINE}"), f"<h1>{day}{HEADLINE}</h1>")[0] == HEADLINE


def test_day_that_a_headline_is_about_stays() -> None:
    headline = "9.11.1989 changed the metal trade of a whole continent"
    assert title(og(headline), f"<h1>{headline}</h1>")[0] == headline


def claim(text: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"Article","headline":"{text}"}}</script>'


def test_kicker_of_words_that_every_claim_has_belongs_to_the_headline() -> None:
    whole = f"After the strike: {HEADLINE}"
    head = f"<title>{whole} | Tidewater Post</title>{og(whole)}{claim(whole)}"
    assert title(head, f"<h1>{HEADLINE}</h1>") == (whole, "og and jsonld and title")


def test_kicker_of_one_word_is_a_section() -> None:
    whole = f"Metals: {HEADLINE}"
    head = f"<title>{whole} | Tidewater Post</title>{og(whole)}{claim(whole)}"
    assert title(head, f"<h1>{HEADLINE}</h1>")[0] == HEADLINE


def test_headline_below_the_name_of_its_subject_is_the_one_that_og_repeats() -> None:
    head = f"<title>Copper prices today (LME) | Tidewater Post</title>{og(HEADLINE)}"
    body = f"<h1>Copper prices</h1><h2>{HEADLINE}</h2>"
    assert title(head, body) == (HEADLINE, "h2 and og, not title")


def test_heading_that_readers_see_outweighs_claims_of_the_same_that_they_dont() -> None:
    told = "Copper climbs: why prices rise"
    head = f"<title>{told}</title>{og(told)}{claim(told)}"
    assert title(head, f"<h1>{HEADLINE}</h1>") == (HEADLINE, "h1, not jsonld nor og nor title")
    other = "Wheat harvest falls short of all forecasts"
    head = f"<title>{other}</title>{og(other)}{claim(other)}"
    assert title(head, f"<h1>{HEADLINE}</h1>")[0] == other


def test_label_before_the_colon_of_a_heading_goes_where_the_title_is_the_rest() -> None:
    body = f"<h1>Statement of the harbour board and council: {HEADLINE}</h1>"
    assert title(f"<title>{HEADLINE}</title>{og('Statements')}", body)[0] == HEADLINE


def test_headline_in_a_meta_tag_of_that_name_has_no_site_on_it() -> None:
    joined = f"{HEADLINE}-Metals-Tidewater"
    head = f'<title>{joined}</title>{og(joined)}<meta name="headline" content="{HEADLINE}">'
    assert title(head, "<p>Text.</p>") == (HEADLINE, "meta and og and title")


@pytest.mark.parametrize("filled", ["{{headline}}", "Tidewater Post - All the news"])
def test_meta_headline_that_nothing_repeats_is_a_template_s(filled: str) -> None:
    head = f'<title>{HEADLINE} | Post</title><meta name="headline" content="{filled}">'
    assert title(head, f"<div>{HEADLINE}</div>")[0] == HEADLINE
    assert title(f"<title>Post</title>{head[head.index('<meta') :]}", f"<h1>{HEADLINE}</h1>")[
        0
    ] == (HEADLINE)


def test_the_outlets_own_name_is_no_kicker() -> None:
    whole = f"Tidewater Markets: {HEADLINE}"
    site = '<meta property="og:site_name" content="Tidewater Markets">'
    head = f"<title>{whole}</title>{og(whole)}{claim(whole)}"
    assert title(head + site, f"<h1>{HEADLINE}</h1>")[0] == HEADLINE
    # a word of the host
    assert title(head, f"<h1>{HEADLINE}</h1>")[0] == HEADLINE
