"""The box that holds the text, and its further parts."""

from itertools import pairwise

import pytest

from archive.model import Article
from crawler.extract.article import extract_article
from crawler.extract.body.search.text_box import alone, text_boxes
from crawler.extract.tree import parse_html, visible_text

LONG = "".join(
    f"<p>On day {n} the tide tables of pier {n} were moved by {n} minutes, and the harbour master"
    f" said that the boats of quay {n} would leave later than before.</p>"
    for n in range(2, 12)
)
SECOND = LONG.replace("pier", "berth").replace("boats", "barges").replace("On day", "In week")


def article(body: str) -> Article:
    page = f"<html lang=en><body>{body}</body></html>".encode()
    found = extract_article(page, url="http://a.test/n/1001.html")
    assert isinstance(found, Article), found
    return found


def names(body: str) -> list[str]:
    tree = parse_html(f"<html><body>{body}</body></html>")
    assert tree is not None
    return [box.get("class") or box.tag for box in text_boxes(tree)]


def test_the_plainest_name_comes_first() -> None:
    boxes = "<main class='main-content'></main><article></article><div class='article-body'></div>"
    assert names(boxes) == ["article-body", "article", "main-content"]


def test_a_box_around_a_plainer_one_comes_later_and_one_within_it_never() -> None:
    assert names(
        "<article><div class='post-body'><p>a</p><div id='content'></div></div></article>"
    )[0] == ("post-body")
    assert names("<div class='post-body'><article>a</article></div>") == ["post-body"]


@pytest.mark.parametrize("margin", ["aside", "footer", "nav"])
def test_a_box_in_the_margins_is_none(margin: str) -> None:
    assert names(f"<{margin}><div class='article-body'>a</div></{margin}>") == []


def test_text_that_advertisements_cut_in_two_boxes_is_read_on() -> None:
    body = "".join(
        f"<div class='chunk'><div class='article__body'>{part}</div><div class='ad'>Ad</div></div>"
        for part in (LONG, SECOND)
    )
    text = article(f"<article><h1>Tides</h1><div>{body}</div></article>").text
    assert "barges of quay 11" in text
    assert text.index("boats of quay 11") < text.index("barges of quay 2 ")


def test_the_pages_own_headline_beside_the_first_part_parts_nothing() -> None:
    parts = (f"<h1>Tides</h1><div class='article__body'>{LONG}</div>", SECOND)
    body = f"<div>{parts[0]}</div><div><div class='article__body'>{parts[1]}</div></div>"
    assert "barges of quay 11" in article(f"<article>{body}</article>").text


def test_the_next_article_of_a_list_is_another_one() -> None:
    posts = "".join(
        f"<div><h2><a href='/{n}'>The council talks about quay number {n}</a></h2>"
        f"<div class='article__body'>{part}</div></div>"
        for n, part in enumerate((LONG, SECOND))
    )
    tree = parse_html(f"<html><body><div>{posts}</div></body></html>")
    assert tree is not None
    assert "barges" not in visible_text(alone(next(text_boxes(tree))))


def test_an_empty_box_named_after_the_text_is_passed_over() -> None:
    body = f"<div class='article-body'></div><div class='story-content'>{LONG}</div>"
    assert "boats of quay 11" in article(body).text


def test_parts_stand_in_the_order_of_the_page() -> None:
    parts = [LONG, SECOND, LONG.replace("pier", "dock").replace("boats", "rafts")]
    chunks = "".join(f"<div><div class='article__body'>{part}</div></div>" for part in parts)
    text = article(f"<article>{chunks}</article>").text
    places = [text.index(f"{word} of quay 2 ") for word in ("boats", "barges", "rafts")]
    assert all(before < after for before, after in pairwise(places))
