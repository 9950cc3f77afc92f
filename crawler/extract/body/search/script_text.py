"""The text of a page that seems to have none: in a script's data, or under a misleading name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from archive.text.words import count_words
from crawler.extract.tree import parse_html, visible_text

_MIN_CHARS = 400  # of a string in a script: an article's opening tag to its last
# not from an escaped quote on: a million of them would each be read to the end
_STRING = re.compile(rf'(?<!\\)"((?:[^"\\]|\\.){{{_MIN_CHARS},}})"')
_PARAGRAPH = re.compile(r"<(?:p|br|div)\b", re.I)
_SENTENCE = re.compile(r"[。！？.!?…։।]")


def hidden_html(tree: Element, *, at_least: int) -> tuple[str, str]:
    """Return the HTML of the text and where it was ("article", "script"); ('', '') without one.

    `at_least` counts words. Pages built by a framework carry their text as HTML in the data
    that a script renders; and a page's own <article> is the text whatever its boxes are named.
    """
    if (article := _only_article(tree)) is not None and _words(article) >= at_least:
        return etree.tostring(
            article, encoding="unicode", method="html", with_tail=False
        ), "article"
    longest = max(_in_scripts(tree), key=_words_of, default="")
    return (longest, "script") if longest and _words_of(longest) >= at_least else ("", "")


def _only_article(tree: Element) -> Element | None:
    """The page's one <article>, or the one with its headline: several are teasers."""
    articles = list(tree.iter("article"))
    headed = [article for article in articles if article.find(".//h1") is not None]
    chosen = headed or articles
    return chosen[0] if len(chosen) == 1 else None


def _words(element: Element) -> int:
    paragraphs = (visible_text(paragraph) for paragraph in element.iter("p"))
    return sum(count_words(text) for text in paragraphs if _SENTENCE.search(text))


def _in_scripts(tree: Element) -> Iterator[str]:
    for script in tree.iter("script"):
        for match in _STRING.finditer(script.text or ""):
            html = _unescaped(match[1])
            if _PARAGRAPH.search(html):
                yield html


def _unescaped(literal: str) -> str:
    try:
        return str(json.loads(f'"{literal}"', strict=False))
    except ValueError:
        return ""


def _words_of(html: str) -> int:
    tree = parse_html(f"<div>{html}</div>")
    text = visible_text(tree) if tree is not None else ""
    return count_words(text) if _SENTENCE.search(text) else 0
