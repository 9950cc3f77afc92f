"""Pages of very many elements: a bounded cost and a clear outcome."""

import time

import pytest

from archive.model import Article, Reason, Rejection
from crawler.extract.article import extract_article

URL = "http://a.test/n/1001.html"
MOST_S = 3.0  # of CPU


def page(body: str) -> bytes:
    return f"<html lang=en><title>Tides</title><body>{body}</body></html>".encode()


def test_a_page_of_very_many_elements_is_read_as_its_container_stands() -> None:
    told = [
        f"On day {n} the tide rose by {n} feet, and all the boats left at noon." for n in range(9)
    ]
    body = "".join(f"<p>{line} " for line in told) + "<i></i>" * 10_001
    found = extract_article(page(f"<ul><li>Menu</ul><div>{body}</div>"), url=URL)
    assert isinstance(found, Article)
    assert found.text == "\n\n".join(told)


def test_a_page_of_more_elements_than_any_article_has_is_refused() -> None:
    found = extract_article(page("<b>x</b>" * 40_001), url=URL)
    assert found == Rejection(reason=Reason.PARSER_ERROR, detail="over 40,000 elements")


def test_half_a_character_in_what_a_page_says_of_itself_goes_into_any_message() -> None:
    said = (
        r'{"@type": "NewsArticle", "author": "Ann \udc00Lee \ud83d\ude00", "keywords": "a\ud800"}'
    )
    lines = "".join(
        f"<p>On day {n} the tide rose by {n} feet, and the boats left.</p>" for n in range(9)
    )
    found = extract_article(
        page(f'<script type="application/ld+json">{said}</script><article>{lines}</article>'),
        url=URL,
    )
    assert isinstance(found, Article)
    assert (found.authors, found.tags) == (("Ann Lee 😀",), ("a",))


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<p>word one two three " * 14_000, id="unclosed p"),
        pytest.param("<p>word one two three " * 9_900, id="unclosed p just in bounds"),
        pytest.param("<a href=/n/1>A headline of news is here</a> " * 12_000, id="links"),
        pytest.param("<ul>" + "<li><a href=/n/1>A headline is here</a>" * 12_000, id="list"),
        pytest.param("<table>" + "<tr><td>cell of text, yes.<tr>" * 8_000, id="rows"),
        pytest.param("<table><tr><td>cell of text, yes. " * 8_000, id="nested tables"),
        pytest.param("<p>" + "<span>text of</span> it, yes." * 15_000, id="spans"),
        pytest.param("<div>" + "text of it, yes.<br>" * 15_000, id="line breaks"),
        pytest.param("<article>" + "<p>text, yes. <img src=/a.jpg>" * 9_000, id="images"),
    ],
)
def test_a_hostile_page_costs_a_bounded_time(body: str) -> None:
    extract_article(page("<p>The tide rose, and the boats left. </p>" * 9), url=URL)
    began = time.process_time()
    extract_article(page(body), url=URL)
    assert time.process_time() - began < MOST_S


@pytest.mark.parametrize("claim", ["Bob " + "x" * 100_000, "Ann Lee, " * 11_000, "记者" * 50_000])
def test_an_endless_author_costs_no_more_than_its_beginning(claim: str) -> None:
    body = "".join(f"<p>On day {n} the tide rose by {n} feet, and all left." for n in range(40))
    told = page(f'<article><p class="byline">By {claim}</p>{body}</article>')
    named = told.replace(b"<title>", f'<meta name="author" content="{claim}"><title>'.encode())
    began = time.process_time()
    assert isinstance(extract_article(named, url=URL), Article)
    assert time.process_time() - began < MOST_S  # the square took 7 s of the first
