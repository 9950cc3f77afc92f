"""Fronts that nobody described: every article, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crawler.discover.documents import read, source

FRONTS = Path(__file__).parent / "fronts"
SITE = "https://news.example.com"
EXPECTED = {
    "portal": [
        f"{SITE}/finance/hg/2021-12-09/doc-ia8801.shtml",
        f"{SITE}/stock/gs/2021-12-09/doc-ia8797.shtml",
        f"{SITE}/bond/ls/2021-12-09/doc-ia8790.shtml",
        f"{SITE}/finance/yh/2021-12-08/doc-ia8702.shtml",
        f"{SITE}/finance/hg/2021-12-08/doc-ia8699.shtml",
    ],
    "cards": [
        f"{SITE}/energy/gas-storage-fills",
        f"{SITE}/retail/toymaker-recall",
        f"{SITE}/shipping/canal-tolls",
        f"{SITE}/banking/branch-closures",
    ],
    "hero": [
        f"{SITE}/money/lithium-glut",
        f"{SITE}/news/flood-insurers-retreat",
        f"{SITE}/money/pension-fund-sells-airport",
        f"{SITE}/views/case-for-dull-banks",
        f"{SITE}/news/rail-strike-averted",
        f"{SITE}/money/quiet-yen-carry",
    ],
    "table": [
        f"{SITE}/macro/shownews.asp?id=318",
        f"{SITE}/macro/shownews.asp?id=317",
        f"{SITE}/macro/shownews.asp?id=311",
        f"{SITE}/macro/shownews.asp?id=309",
    ],
    "hotlists": [
        f"{SITE}/article/90211.html",
        f"{SITE}/article/90208.html",
        f"{SITE}/article/90203.html",
        f"{SITE}/article/90199.html",
        f"{SITE}/article/90150.html",
        f"{SITE}/article/90121.html",
    ],
    "mixed_links": [
        f"{SITE}/macro/20211209/1187.shtml",
        "https://macro.example.com/20211209/1186.shtml",
        f"{SITE}/macro/20211208/1180.shtml",
        f"{SITE}/macro/20211208/1179.shtml",
        f"{SITE}/macro/20211207/1171%20a.shtml",
    ],
    "addresses": [
        f"{SITE}/2021/12/09/44121.html",
        f"{SITE}/2021/12/08/44077.html",
        f"{SITE}/2021/12/08/44065.html",
        f"{SITE}/detail?id=7712093",
        f"{SITE}/detail?id=7712011",
        f"{SITE}/detail?id=7711987",
        f"{SITE}/a/b.shtml",
        f"{SITE}/a/cz.shtml",
        f"{SITE}/a/hl.shtml",
    ],
    "whole_rows": [
        f"{SITE}/newsroom/calder-works-opens-second-foundry",
        f"{SITE}/newsroom/interim-results",
        f"{SITE}/newsroom/new-chair",
        f"{SITE}/newsroom/dividend",
    ],
}


def found_in(name: str):
    body = (FRONTS / f"{name}.html").read_bytes()
    return read(body, source("zh"), url=f"{SITE}/macro/").entries


@pytest.mark.parametrize("name", EXPECTED)
def test_a_front_gives_its_articles_and_nothing_else(name):
    assert [entry.url for entry in found_in(name)] == EXPECTED[name]


def test_the_headline_is_the_title_where_the_teaser_is_linked_too():
    assert found_in("cards")[0].title == "Gas storage fills early as mild autumn lingers"


def test_a_cut_headline_is_whole_in_its_attribute():
    assert found_in("hotlists")[5].title == "家电龙头公布十年来最大规模分红方案"


def test_a_headline_that_stands_whole_elsewhere_is_not_cut():
    assert found_in("hotlists")[1].title == "离岸人民币升破六点三五关口"


def test_a_date_behind_a_link_between_breaks_is_its_date():
    assert found_in("table")[2].published == datetime(2021, 11, 25, 16, tzinfo=UTC)


def test_a_date_inside_a_link_is_no_part_of_its_headline():
    row = found_in("whole_rows")[2]
    assert row.title == "Helena Brandt to succeed Tom Ives as chair"
    assert row.published == datetime(2021, 11, 1, 16, tzinfo=UTC)


def test_a_date_before_a_link_between_breaks_is_its_date():
    rows = "".join(
        f'2021-12-0{n} <a href="/n/{n}1874.html">本公司签订第{n}份二十亿元供货合同</a><br>'
        for n in (3, 2, 1)
    )
    entries = read(f"<html><body><div>{rows}</div></body></html>").entries
    assert [e.published_raw for e in entries] == ["2021-12-03", "2021-12-02", "2021-12-01"]


def test_the_term_of_a_definition_dates_its_link():
    rows = "".join(
        f'<dt>2021-12-0{n}</dt><dd><a href="/n/{n}">Grain traders circle terminal no. {n}</a></dd>'
        for n in (3, 2, 1)
    )
    entries = read(f"<html><body><dl>{rows}</dl></body></html>").entries
    assert [e.published_raw for e in entries] == ["2021-12-03", "2021-12-02", "2021-12-01"]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/help/question-{n}">How do I change where the paper is delivered?</a>',
        '<a href="/quote/60000{n}">银杏保险集团股份有限公司</a> 2021-12-09',
        '<a href="/author/jane-doe-{n}">Jane Doe, senior markets reporter in London</a>',
        '<a href="/list-{n}.html">Page {n} of the list of all our stories</a>',
        '<a href="http://elsewhere.example/2021/12/09/{n}2345.html">Grain traders circle port</a>',
    ],
)
def test_a_list_of_something_else_says_that_it_holds_no_articles(link):
    rows = "".join(f"<li>{link.format(n=n)}</li>" for n in range(10))
    found = read(f"<html><body><ul>{rows}</ul></body></html>")
    assert found.entries == ()
    assert found.error == "no article links found: describe them by [source.list] items and link"


def test_a_long_list_of_sentences_is_headlines_without_other_signs():
    rows = "".join(
        f'<li><a href="/s/{name}">Ministers {name} to publish what the audit of the banks found</a>'
        for name in ("agree", "refuse", "promise", "hope", "fail", "vote", "plan", "offer")
    )
    entries = read(f"<html><body><ul>{rows}</ul></body></html>", source("en")).entries
    assert [e.url.rpartition("/")[2] for e in entries] == [
        *("agree", "refuse", "promise", "hope", "fail", "vote", "plan", "offer")
    ]
