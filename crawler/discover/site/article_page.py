"""Whether a page is one article, or a place where articles are listed."""

from __future__ import annotations

from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from archive.model import Article
from crawler.discover.article_links import url_evidence
from crawler.discover.rules import words
from crawler.extract.article import extract_article
from crawler.extract.head.metadata import Metadata
from crawler.text.addresses import canonical_url

_MOST_LINKS = 2000  # whose words are looked at
_NUMBERED = 1.5  # evidence of an address: a number, a slug of four words, or a date


def is_article_page(
    page: Any, body: bytes, url: str, content_type: str, metadata: Metadata
) -> bool:
    """Whether it is one article: by its text, and by its own word or its address."""
    if urlsplit(url).path in ("", "/"):
        return False
    claims = bool(metadata.article.get("headline"))
    claims = claims or metadata.first("og:type").lower() == "article"
    if not claims and url_evidence(canonical_url(url)) < _NUMBERED:
        return False
    article = extract_article(body, url=url, content_type=content_type)
    return isinstance(article, Article) and not _is_of_links(article.text, page)


def _is_of_links(text: str, page: Any) -> bool:
    """Whether half of a text are the words of links: a day's list at a dated address."""
    linked = {words(link) for link in islice(page.xpath("//a[@href]"), _MOST_LINKS)}
    return sum(len(label) for label in linked if label in text) * 2 > len(text)
