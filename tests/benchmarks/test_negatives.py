"""The invented sites: well-formed, the same on every machine, split by family."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from hashlib import sha256
from itertools import islice
from random import Random

from lxml.html import HTMLParser, document_fromstring

from benchmarks.quality.negatives import InventedPage, negatives, positives
from benchmarks.quality.negatives.cards import card_form


@cache
def refused_pages() -> list[InventedPage]:
    return list(negatives())


@cache
def articles() -> list[InventedPage]:
    return list(positives())


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
    assert Counter((page.language, page.split) for page in refused_pages()) == {
        ("en", "train"): 158,
        ("en", "held-out"): 95,
        ("zh", "train"): 163,
        ("zh", "held-out"): 118,
        ("other", "train"): 44,
        ("other", "held-out"): 29,
    }
    assert Counter(page.language for page in articles()) == {"en": 125, "zh": 134, "other": 36}


def test_a_family_is_trained_on_or_held_out_as_a_whole() -> None:
    splits = {(page.family, page.split) for page in [*refused_pages(), *articles()]}
    assert len(splits) == len({family for family, _ in splits}) == 48
    assert sum(split == "held-out" for _, split in splits) == 16


def test_every_page_has_a_name_and_an_address_of_its_own() -> None:
    pages = [*refused_pages(), *articles()]
    assert len({page.name for page in pages}) == len({page.html for page in pages}) == len(pages)
    assert all(re.match(r"https://[\w.-]+\.example/", page.url) for page in pages)
    assert len({page.url for page in articles()}) == len(articles())


def test_every_kind_of_page_and_of_article_can_be_made_of_a_site() -> None:
    negative = list(islice(negatives(every=True), 52 + 6 * 2))  # claims of six kinds, thrice
    positive = list(islice(positives(every=True), 22))
    assert {page.family for page in [*negative, *positive]} == {"ampgazette"}
    assert {page.kind for page in refused_pages()} == {page.kind for page in negative}
    assert {page.kind for page in articles()} == {page.kind for page in positive}
    assert {page.html for page in articles() if page.family == "ampgazette"} < {
        page.html for page in positive
    }


def test_no_slot_was_left_unfilled() -> None:
    assert [
        page.name
        for page in [*refused_pages(), *articles()]
        if re.search(rb"\[\[|\{\w\}", page.html)
    ] == []


def test_the_gold_of_an_article_is_on_its_page() -> None:
    assert {page.name: lost for page in articles() if (lost := _not_shown(page))} == {}


def _not_shown(page: InventedPage) -> list[str]:
    """What the gold says and the page doesn't."""
    assert page.gold is not None
    text, (body, least, *_) = visible(page), page.gold.bodies
    lines = [*body.split("\n"), page.gold.title, *page.gold.authors, str(page.gold.published.day)]
    missing = [line for line in lines if squeezed(line) not in text]
    return missing + sorted(set(least.split("\n")) - set(body.split("\n")))


def test_the_pages_are_the_same_on_every_machine() -> None:
    html = b"".join(page.html for page in [*refused_pages(), *articles()])
    assert sha256(html).hexdigest()[:16] == "c457f0ca412febc1"


def test_forms_are_drawn_for_sites_that_are_trained_on_alone() -> None:
    """What is held out stays as it was when its figures were first told."""
    of_before = [
        page.html
        for page in [*refused_pages(), *articles()]
        if page.split == "held-out" and page.family not in ("fenwick", "linjiang")
    ]
    html = b"".join(of_before)
    assert sha256(html).hexdigest()[:16] == "c5bb42c849fc83d9"
    lists = [page for page in refused_pages() if page.kind == "section_lead"]
    drawn = {page.split for page in lists if re.search(rb'class="(?:c-\d|x\db)"', page.html)}
    assert drawn == {"train"}


def test_a_drawn_form_says_all_of_a_story_and_is_another_for_each_seed() -> None:
    drawn = [card_form(Random(seed), ("[[shown]]",)) for seed in range(200)]
    assert all("[[text]]" in form and "[[summary]]" in form for form in drawn)
    assert all("[[href]]" in form for form in drawn if "<a" in form)
    assert len(set(drawn)) > 190
    assert card_form(Random(7), ()) == card_form(Random(7), ())
