"""How trafilatura is asked for the text of a part of a page."""

from lxml import etree
from lxml.html import HtmlElement

from crawler.extract.body.scope import SCOPED, ask_trafilatura, blocks_of_text, length
from crawler.extract.tree import parse_html

PARAGRAPHS = "".join(
    f"<p>On day {n} copper rose in thin trade, dealers in pit {n} said, as mine {n} reopened.</p>"
    for n in range(10, 30)
)  # 81 characters each


def document(article: str) -> HtmlElement:
    tree = parse_html(f"<html><body><article>{article}</article></body></html>")
    assert tree is not None
    return tree


def test_text_of_which_the_first_attempt_has_a_fifth_is_tried_again() -> None:
    teaser = f"<p>Copper rose in Ostend.</p><div class=teaser>{PARAGRAPHS}</div>"
    found = blocks_of_text(document(teaser))
    assert length(found) == len("Copper rose in Ostend.") + 20 * 81


def test_without_a_retry_the_blocks_are_the_same() -> None:
    page = document(f"<h2>Ostend</h2>{PARAGRAPHS}<ul><li>One of two<li>Two of two</ul>")
    once, asked = blocks_of_text(page), ask_trafilatura(page, SCOPED)
    assert once is not None
    assert asked is not None
    assert etree.tostring(once) == etree.tostring(asked)


def test_document_without_text_has_no_blocks() -> None:
    assert blocks_of_text(document("<img src=a.jpg>")) is None
