"""A text ends where its page goes on: with other articles, or with its readers."""

import pytest

from archive.model import Article
from crawler.extract.article import extract_article
from tests.crawler.extract.body.strange import ENGLISH, TITLE, URL, page, paragraphs

SAID = "".join(
    f"<div><b>reader{n}</b><p>I took this boat {n} times a week, and was never late.</p></div>"
    for n in range(2, 9)
)


def text_of(inside: str) -> list[str]:
    html = page(f"<div class='box'><h1>{TITLE}</h1>{inside}</div>")
    found = extract_article(html, url=URL)
    assert isinstance(found, Article), found
    return found.text.split("\n\n")


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Comments (7)</h2>",
        "<h3>7 comments</h3>",
        f"<h2>7 responses to “{TITLE}”</h2>",
        "<h3>Kommentare (7)</h3>",
    ],
)
def test_what_readers_say_is_not_the_article(heading: str) -> None:
    assert text_of(f"{paragraphs()}{heading}{SAID}") == list(ENGLISH)


def test_other_articles_with_their_excerpts_are_not_the_article() -> None:
    others = "".join(
        f"<h3><a href='/n/{n}'>The council of Sandvik talks about its pier, part {n}</a></h3>"
        f"<p>Part {n}: the members met on Monday and will meet again before June, they say.</p>"
        for n in range(3)
    )
    assert text_of(paragraphs() + others) == list(ENGLISH)


def test_links_over_the_parts_of_a_text_do_not_end_it() -> None:
    parts = "".join(
        f"<h3><a href='https://shop.test/{n}'>A folding bicycle for the boat, number {n}</a></h3>"
        f"<p>{ENGLISH[n]} {ENGLISH[n + 1]} {ENGLISH[n]} It has a seat of number {n}.</p>"
        for n in range(3)
    )
    assert text_of(paragraphs(ENGLISH[:1]) + parts)[-1].endswith("It has a seat of number 2.")
