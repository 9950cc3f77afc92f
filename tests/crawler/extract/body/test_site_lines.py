"""What was learned of a site is taken out of its pages: text, Markdown and images alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import Article, Entry
from config.model import BodyRules, Source
from crawler.extract.article import extract_article
from crawler.extract.multipage import join_parts
from crawler.extract.page import Page
from crawler.extract.with_entry import article_from_entry, extract_page
from tests.crawler.extract.pages import CHINESE_PARAGRAPHS, ENGLISH_PARAGRAPHS, chinese, english

URL = "https://www.tidewater.example.com/rates/1"
OFFER = "Tidewater subscribers hear the bell first every morning"
QR = "https://img.tidewater.example.com/qr-box.png"
DAY = datetime(2026, 11, 23, tzinfo=UTC)


def tagged(*blocks: str, before: int = 2) -> str:
    """Four paragraphs of an article, with blocks after the second."""
    own = [f"<p>{text}</p>" for text in ENGLISH_PARAGRAPHS]
    return "".join([*own[:before], *blocks, *own[before:]])


def read(body: str, *learned: str, rules: BodyRules | None = None) -> Article:
    page = english(body=body)
    found = extract_article(page, url=URL, boilerplate=learned, rules=rules or BodyRules())
    assert isinstance(found, Article)
    return found


def test_a_learned_line_leaves_text_and_markdown_and_is_named() -> None:
    found = read(tagged(f"<p><b>{OFFER}</b> today</p>"), f"{OFFER} today!")
    assert found.text == "\n\n".join(ENGLISH_PARAGRAPHS)
    assert OFFER not in found.markdown
    assert found.boilerplate == (f"{OFFER} today!",)


def test_a_line_that_only_contains_a_learned_one_stays() -> None:
    longer = f"{OFFER}, said Mr Ek."
    assert longer in read(tagged(f"<p>{longer}</p>"), OFFER).text


def test_nothing_changes_where_nothing_was_learned() -> None:
    found = read(tagged(f"<p>{OFFER}</p>"))
    assert OFFER in found.text
    assert found.boilerplate == ()


def test_a_chinese_line_is_taken_out_of_the_container() -> None:
    line = "观潮会员可在每个交易日早间收听开盘前瞻"
    body = "".join(f"<p>{text}</p>" for text in (*CHINESE_PARAGRAPHS, line))
    found = extract_article(chinese(body=body), url=URL, boilerplate=[line])
    assert isinstance(found, Article)
    assert found.text == "\n\n".join(CHINESE_PARAGRAPHS)


def test_a_learned_line_among_lines_that_breaks_part_is_taken_out() -> None:
    found = read(tagged(f"<p>Boats leave at noon today.<br>{OFFER}<br>Ferries at six.</p>"), OFFER)
    assert OFFER not in found.text
    assert "Boats leave at noon today.\n\nFerries at six." in found.text
    assert found.boilerplate == (OFFER,)


def test_a_subhead_stays_with_what_it_heads() -> None:
    found = read(tagged("<h2>Bond market</h2>"), "Bond market")
    assert "Bond market" in found.text
    assert found.boilerplate == ()


def test_a_bold_paragraph_is_a_subhead_too() -> None:
    found = read(tagged("<p><strong>Bond market</strong></p>"), "Bond market")
    assert "Bond market" in found.text


def test_a_subhead_goes_with_the_learned_line_under_it() -> None:
    box = f"<h2>Tidewater mornings</h2><p>{OFFER}</p><h2>What follows</h2>"
    found = read(tagged(box), "Tidewater mornings", OFFER)
    assert found.text == "\n\n".join(
        [*ENGLISH_PARAGRAPHS[:2], "What follows", *ENGLISH_PARAGRAPHS[2:]]
    )
    assert found.boilerplate == ("Tidewater mornings", OFFER)


def test_a_subhead_that_leads_to_another_article_is_a_line_like_others() -> None:
    head = '<h3><a href="/bell">Tidewater mornings begin before the bell</a></h3>'
    found = read(tagged(head), "Tidewater mornings begin before the bell")
    assert "Tidewater mornings" not in found.text


def test_the_head_of_a_table_of_figures_stays() -> None:
    table = (
        "<table><tr><th>Bank</th><th>Forecast</th></tr><tr><td>Ek Bank</td><td>3.25 per cent"
        "</td></tr><tr><td>Lee and Sons</td><td>3.50 per cent</td></tr></table>"
    )
    found = read(tagged(table), "Bank Forecast", "Ek Bank 3.25 per cent")
    assert "Bank Forecast" in found.text


def test_a_page_that_is_mostly_known_lines_is_left_as_it_is() -> None:
    known = [ENGLISH_PARAGRAPHS[0], ENGLISH_PARAGRAPHS[3]]
    found = read(tagged(), *known)
    assert found.text == "\n\n".join(ENGLISH_PARAGRAPHS)
    assert found.boilerplate == ()


@pytest.mark.parametrize(
    "rules", [BodyRules(keep=("^Tidewater .* morning$",)), BodyRules(learn=False)]
)
def test_the_user_s_word_goes_before_what_was_learned(rules: BodyRules) -> None:
    found = read(tagged(f"<p>{OFFER}</p>"), OFFER, rules=rules)
    assert OFFER in found.text
    assert found.boilerplate == ()


def test_a_learned_image_leaves_body_and_list_and_the_others_stay() -> None:
    images = (
        '<p><img src="https://img.tidewater.example.com/a.jpg" alt="Desk"></p>'
        f'<p><img src="{QR.replace("https", "http")}"></p>'
    )
    found = read(tagged(images), QR)
    assert found.images == ("https://img.tidewater.example.com/a.jpg",)
    assert "a.jpg" in found.markdown
    assert "qr-box" not in found.markdown
    assert found.boilerplate == (QR,)


def test_an_image_that_the_user_keeps_stays() -> None:
    found = read(tagged(f'<p><img src="{QR}"></p>'), QR, rules=BodyRules(keep=("qr-box",)))
    assert found.images == (QR,)


def test_the_site_s_stand_in_is_no_lead_image() -> None:
    head = f'<meta property="og:image" content="{QR}">'
    found = extract_article(english(head=head), url=URL, boilerplate=[QR])
    assert isinstance(found, Article)
    assert (found.image, found.boilerplate) == ("", (QR,))


def test_a_byline_is_read_although_its_line_was_learned() -> None:
    body = "".join(f"<p>{text}</p>" for text in ("本报记者 欧阳远 北京报道", *CHINESE_PARAGRAPHS))
    page = chinese(body=body).replace("作者：<span>周明远</span>".encode(), b"")
    plain = extract_article(page, url=URL)
    found = extract_article(page, url=URL, boilerplate=["本报记者欧阳远北京报道"])
    assert isinstance(plain, Article)
    assert isinstance(found, Article)
    assert found.authors == plain.authors


def test_a_page_carries_what_was_learned_into_the_worker() -> None:
    source = Source(id="t", name="Tidewater Post", url="https://www.tidewater.example.com/rss")
    page = Page(
        url=URL,
        body=english(body=tagged(f"<p>{OFFER}</p>")),
        fetched=DAY,
        source=source,
        entry=Entry(url=URL, raw_url=URL),
        boilerplate=frozenset({OFFER}),
    )
    found = extract_page(page)
    assert isinstance(found, Article)
    assert OFFER not in found.text
    assert found.boilerplate == (OFFER,)


def test_the_text_of_a_feed_loses_learned_lines_as_well() -> None:
    source = Source(id="t", name="Tidewater Post", url="https://www.tidewater.example.com/rss")
    entry = Entry(url=URL, raw_url=URL, title="Rates", content=tagged(f"<p>{OFFER}</p>"))
    found = article_from_entry(entry, source=source, fetched=DAY, boilerplate={OFFER})
    assert isinstance(found, Article)
    assert found.text == "\n\n".join(ENGLISH_PARAGRAPHS)
    assert found.boilerplate == (OFFER,)


def test_an_article_in_parts_names_each_learned_line_once() -> None:
    part = read(tagged(f"<p>{OFFER}</p>"), OFFER)
    assert join_parts([part, part]).boilerplate == (OFFER,)
