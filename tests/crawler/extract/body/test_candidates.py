"""What is offered as a page's text, and what never is."""

import pytest
from lxml import etree

from archive.model import Article
from crawler.extract.article import extract_article
from crawler.extract.body.candidates import _is_bare
from crawler.extract.body.scope import page_of, read_scope
from crawler.extract.body.search.readable import clean_readable, find_wide
from crawler.extract.tree import lines, parse_html
from tests.crawler.extract.body.strange import ENGLISH, TITLE, URL, page, paragraphs


def blocks(*texts: str) -> etree._Element:
    body = etree.Element("body")
    for text in texts:
        etree.SubElement(body, "p").text = text
    return body


def test_all_words_of_a_page_in_one_line_are_no_text() -> None:
    tree = parse_html(page(f"<div>{'<br>'.join(ENGLISH)}</div>").decode())
    assert tree is not None
    assert _is_bare(blocks(f"Section 0 Section 1 {' '.join(ENGLISH)} About us"), tree)
    assert not _is_bare(blocks(ENGLISH[0]), tree)
    assert not _is_bare(blocks(*ENGLISH), tree)


def test_the_wide_search_finds_the_box_around_a_text_in_many() -> None:
    menu = "".join(f"<li>Harbour number {n}, quay {n}, pier {n}.</li>" for n in range(4))
    parts = "".join(
        f"<div class='p{n}'><div>{text}</div><div>Ad {n}</div></div>"
        for n, text in enumerate(ENGLISH)
    )
    tree = parse_html(page(f"<nav>{menu}</nav><div id=all>{parts}</div>").decode())
    assert tree is not None
    box = find_wide(tree)
    assert box is not None
    assert box.get("id") == "all"


def test_a_page_of_links_has_no_wide_box() -> None:
    links = "".join(f"<li><a href=/{n}>The harbour and its pier {n}</a></li>" for n in range(30))
    tree = parse_html(page(f"<ul>{links}</ul>").decode())
    assert tree is not None
    assert find_wide(tree) is None


def scope_of(body: str) -> etree._Element:
    tree = parse_html(page(f"<div id=all>{body}</div>").decode())
    assert tree is not None
    return page_of([tree.get_element_by_id("all")])


def test_names_that_hold_most_of_a_text_take_none_of_it_out() -> None:
    cards = "".join(f"<div class='sidebar-grid'>{paragraphs((text,))}</div>" for text in ENGLISH)
    scope = scope_of(cards)
    clean_readable(scope)
    assert lines(scope) == list(ENGLISH)


def test_what_holds_most_of_a_scope_is_read_whatever_it_is_called() -> None:
    scope = scope_of(f"<div class='share-menu embed'>{paragraphs()}</div>")
    assert lines(read_scope(scope)) == list(ENGLISH)


@pytest.mark.parametrize("name", ["social-media-embed", "story-widget", "embedded"])
def test_an_embedded_post_keeps_its_words_whatever_is_around_it(name: str) -> None:
    post = (
        f"<div class='{name}'><blockquote class='twitter-tweet'><p>{ENGLISH[1]}</p>&mdash; Marit"
        f" Solheim (@msolheim)<a href='https://example.test/1'>March 3, 2024</a></blockquote></div>"
    )
    inside = paragraphs(ENGLISH[:1]) + post + paragraphs(ENGLISH[2:])
    found = extract_article(
        page(f"<article><h1>{TITLE}</h1><div class=article-body>{inside}</div></article>"), url=URL
    )
    assert isinstance(found, Article), found
    assert ENGLISH[1] in found.text
    assert "— Marit Solheim March 3, 2024" in found.text
