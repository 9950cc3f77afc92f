"""The invented sites: well-formed, the same on every machine, split by family."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from itertools import islice

import pytest
from lxml.html import HTMLParser, document_fromstring

from benchmarks.quality.negatives import InventedPage, negatives, positives

REFUSED, ARTICLES = list(negatives()), list(positives())


def visible(page: InventedPage) -> str:
    """Every word between tags, in one line: scripts and styles are not read by anybody."""
    charset = re.search(rb"charset=[\"']?([\w-]+)", page.html, re.I)
    assert charset is not None
    name = charset[1].decode().replace("gb2312", "gb18030")
    tree = document_fromstring(page.html, parser=HTMLParser(encoding=name))
    for element in list(tree.iter("script", "style")):
        element.drop_tree()
    return squeezed(tree.text_content())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_there_are_enough_of_both_kinds_and_languages() -> None:
    assert Counter((page.language, page.split) for page in REFUSED) == {
        ("en", "train"): 125,
        ("en", "held-out"): 50,
        ("zh", "train"): 131,
        ("zh", "held-out"): 61,
        ("other", "train"): 23,
        ("other", "held-out"): 12,
    }
    assert Counter(page.language for page in ARTICLES) == {"en": 90, "zh": 94, "other": 19}


def test_a_family_is_trained_on_or_held_out_as_a_whole() -> None:
    splits = {(page.family, page.split) for page in [*REFUSED, *ARTICLES]}
    assert len(splits) == len({family for family, _ in splits}) == 34
    assert sum(split == "held-out" for _, split in splits) == 10


def test_every_page_has_a_name_and_an_address_of_its_own() -> None:
    pages = [*REFUSED, *ARTICLES]
    assert len({page.name for page in pages}) == len({page.html for page in pages}) == len(pages)
    assert all(re.match(r"https://[\w.-]+\.example/", page.url) for page in pages)
    assert len({page.url for page in ARTICLES}) == len(ARTICLES)


def test_every_kind_of_page_and_of_article_can_be_made_of_a_site() -> None:
    refused = list(islice(negatives(every=True), 31))
    articles = list(islice(positives(every=True), 17))
    assert {page.family for page in [*refused, *articles]} == {"ampgazette"}
    assert {page.kind for page in REFUSED} == {page.kind for page in refused}
    assert {page.kind for page in ARTICLES} == {page.kind for page in articles}
    assert {page.html for page in ARTICLES if page.family == "ampgazette"} < {
        page.html for page in articles
    }


def test_no_slot_was_left_unfilled() -> None:
    assert [
        page.name for page in [*REFUSED, *ARTICLES] if re.search(rb"\[\[|\{\w\}", page.html)
    ] == []


@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: page.name)
def test_the_gold_of_an_article_is_on_its_page(page: InventedPage) -> None:
    assert page.gold is not None
    text = visible(page)
    lines = [*page.gold.bodies[0].split("\n"), page.gold.title, *page.gold.authors]
    assert [line for line in lines if squeezed(line) not in text] == []
    assert set(page.gold.bodies[1].split("\n")) <= set(page.gold.bodies[0].split("\n"))
    assert str(page.gold.published.day) in text


def test_the_pages_are_the_same_on_every_machine() -> None:
    html = b"".join(page.html for page in [*REFUSED, *ARTICLES])
    assert sha256(html).hexdigest()[:16] == "22df002f298d2274"
