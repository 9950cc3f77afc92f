"""Pages that seem to have no text."""

import json
import time

from archive.model import Article
from crawler.extract.article import extract_article
from crawler.extract.body.search.script_text import hidden_html
from crawler.extract.tree import parse_html
from tests.crawler.extract.pages import ENGLISH_PARAGRAPHS

PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in ENGLISH_PARAGRAPHS)
TEXT = "\n\n".join(ENGLISH_PARAGRAPHS)
TITLE = "<title>Central bank holds rates</title>"


def article(body: str) -> Article:
    page = f"<html><head>{TITLE}</head><body>{body}</body></html>".encode()
    found = extract_article(page, url="https://a.test/n/1001.html")
    assert isinstance(found, Article), found
    return found


def test_text_that_a_script_renders_is_read_from_its_data() -> None:
    data = json.dumps([1, f'<div class="body">{PARAGRAPHS}</div>']).replace("<", "\\u003c")
    found = article(f"<div id=app></div><script>self.__next_f.push({data})</script>")
    assert found.text == TEXT
    assert dict(found.evidence)["text"] == "script"


def hidden(body: str) -> tuple[str, str]:
    tree = parse_html(f"<html><body>{body}</body></html>")
    assert tree is not None
    return hidden_html(tree, at_least=60)


def test_the_pages_one_article_is_its_text_whatever_its_boxes_are_called() -> None:
    html, origin = hidden(f'<div class="nav_menu-8"><article>{PARAGRAPHS}</article></div>')
    assert (html, origin) == (f"<article>{PARAGRAPHS}</article>", "article")


def test_several_articles_are_teasers() -> None:
    assert hidden(f"<article>{PARAGRAPHS}</article>" * 2) == ("", "")


def test_data_without_sentences_is_no_text() -> None:
    data = json.dumps("<div>" + "chart-series " * 90 + "</div>")
    assert hidden(f"<script>render_body({data})</script>") == ("", "")


def test_a_script_of_escaped_quotes_is_read_once() -> None:
    quotes = '\\"' * 50_000
    begun = time.perf_counter()
    assert hidden(f"<script>{quotes}</script>") == ("", "")
    assert time.perf_counter() - begun < 5  # from each of them on it took minutes
