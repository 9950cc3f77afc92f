"""The outlet that a Chinese page names as its source."""

from __future__ import annotations

import pytest

from archive.model import Article
from crawler.extract.article import extract_article

TEXT = "本周国内纯碱市场延续弱势，多家企业下调出厂报价，下游玻璃厂按需采购，社会库存继续增加。" * 8


def origin(below_title: str, head: str = "", language: str = "") -> str:
    html = (
        f"<html><head><title>纯碱价格走低</title>{head}</head><body><div>来源：导航广告</div>"
        f"<h1>纯碱价格走低</h1>{below_title}<div class='article'><p>{TEXT}</p><p>{TEXT}</p></div>"
        "</body></html>"
    )
    article = extract_article(
        html.encode(), url="https://stcn.example.com/a/1.html", language=language
    )
    assert isinstance(article, Article)
    return article.origin


@pytest.mark.parametrize(
    ("below_title", "named"),
    [
        ("<div>2026-11-20 08:30　来源：新华社　作者：王小明</div>", "新华社"),
        ("<p><span>2026-11-20</span><span>来源:</span><a href='/x'>财联社</a></p>", "财联社"),
        ("<p>时间：2026-11-20</p><p>稿源：《证券日报》</p>", "证券日报"),
        ("<p>來源：中央社</p>", "中央社"),
        ("<p>来源：网络</p>", ""),
        ("<p>来源： 作者：王小明</p>", ""),
        ("<p>2026-11-20 08:30</p>", ""),
    ],
)
def test_the_label_below_the_title_names_the_origin(below_title: str, named: str) -> None:
    assert origin(below_title) == named


@pytest.mark.parametrize("content", ["新华网", "来源：新华网"])
def test_a_meta_tag_names_it_where_nothing_is_printed(content: str) -> None:
    head = f'<meta name="source" content="{content}">'
    assert origin("<p>2026-11-20</p>", head) == "新华网"


def test_the_evidence_says_where_it_was_found() -> None:
    html = f"<html><body><h1>纯碱价格走低</h1><p>来源：新华社</p><p>{TEXT}</p></body></html>"
    article = extract_article(html.encode(), url="https://stcn.example.com/a/1.html")
    assert isinstance(article, Article)
    assert dict(article.evidence)["origin"] == "text"


@pytest.mark.parametrize(
    ("closing", "named"),
    [
        ("<p>Source: The Northbridge Ledger</p>", "The Northbridge Ledger"),
        ("<p>Subscribe to our letter</p><p>SOURCE: Harbour Daily</p>", "Harbour Daily"),
        ("<p>Sources close to the board said so.</p>", ""),
        ("<p>source: us</p>", ""),
    ],
)
def test_elsewhere_a_line_below_the_text_names_it(closing: str, named: str) -> None:
    prose = "The harbour board said on Monday that the new crane will arrive in June. " * 6
    html = (
        "<html><body><p>Source: menu</p><h1>Crane arrives in June</h1>"
        f"<div class='article'><p>{prose}</p><p>{prose}End of it.</p>{closing}</div></body></html>"
    )
    article = extract_article(html.encode(), url="https://a.example.com/1.html", language="en")
    assert isinstance(article, Article)
    assert article.origin == named
    assert "Source: " not in article.text
