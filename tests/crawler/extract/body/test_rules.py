"""What the user's own rules say of a page's body: they go before every guess."""

from __future__ import annotations

import pytest

from archive.model import Article
from config.model import BodyRules
from crawler.extract.article import extract_article
from tests.crawler.extract.pages import CHINESE_PARAGRAPHS, ENGLISH_PARAGRAPHS, chinese

URL = "http://a.test/n/1001.html"
FIRST, SECOND, THIRD, FOURTH = ENGLISH_PARAGRAPHS
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The bank waits</title>
</head><body><h1>The bank waits</h1><div class="story"><p>{FIRST}</p><p>{SECOND}</p></div>
<div class="own"><p>{THIRD}</p><p class="ad">{FOURTH}</p></div></body></html>""".encode()


def text_by(rules: BodyRules, page: bytes = PAGE) -> str:
    found = extract_article(page, url=URL, rules=rules)
    assert isinstance(found, Article), found
    return found.text


@pytest.mark.parametrize(
    "rules",
    [
        BodyRules(css=".own", remove=(".ad",)),
        BodyRules(xpath='//div[@class="own"]', remove=('//p[@class="ad"]',)),
        BodyRules(xpath='(//div[@class="own"]/p)[1]'),
    ],
)
def test_the_body_is_where_the_user_says(rules: BodyRules) -> None:
    assert text_by(rules) == THIRD


def test_what_the_user_takes_out_is_gone_wherever_the_body_was_found() -> None:
    assert FOURTH not in text_by(BodyRules(remove=(".ad", ".ad")))
    assert CHINESE_PARAGRAPHS[1] not in text_by(BodyRules(remove=("p:nth-of-type(2)",)), chinese())


def test_a_selector_that_finds_nothing_leaves_the_page_to_the_rules_for_all() -> None:
    assert text_by(BodyRules(css=".nowhere")) == text_by(BodyRules())


def test_words_of_a_chosen_box_that_stand_in_no_paragraph_are_read() -> None:
    page = PAGE.replace(b'<div class="own">', b'<div class="own">A line of its own.')
    assert text_by(BodyRules(css=".own", remove=(".ad",)), page) == f"A line of its own.\n\n{THIRD}"
