"""What a page says of itself and its site: is it an article, and which feeds does it name?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from archive.model import Article
from crawler.discover.article_links import url_evidence
from crawler.discover.autodiscover import declared_feeds, named_feeds
from crawler.discover.read import Form, detect, without_preamble
from crawler.discover.rules import page_selector, words
from crawler.extract.article import extract_article
from crawler.extract.head.metadata import Metadata, read_metadata
from crawler.extract.tree import parse_html
from crawler.text.addresses import canonical_url
from crawler.text.plain import TooLarge, document_text, unpacked

MOST_NAMED = 12  # feeds of a page: portals name one a section, nobody reads more of a list
_MOST_LINKS = 2000  # whose words are looked at
_NUMBERED = 1.5  # evidence of an address: a number, a slug of four words, or a date


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """`declared`: feeds that the page's head names, `linked`: those that its links lead to."""

    form: Form
    site_name: str = ""
    title: str = ""
    language: str = ""
    is_article: bool = False
    declared: tuple[str, ...] = ()  # absolute
    linked: tuple[str, ...] = ()  # absolute; may lead to a page about feeds

    @property
    def feeds(self) -> tuple[str, ...]:
        return self.declared + self.linked


def read_site_page(body: bytes, *, url: str, content_type: str) -> SitePage:
    """Read the page at `url`. Never raises for what it may contain; runs in a worker process."""
    try:
        text = without_preamble(document_text(unpacked(body), content_type))
    except TooLarge:
        return SitePage(form="unknown")
    form = detect(text, content_type)
    if form not in ("html", "unknown"):
        return SitePage(form=form)
    page, tree = page_selector(text), parse_html(text)
    metadata = read_metadata(tree, url) if tree is not None else None
    declared = declared_feeds(page, url)
    rest = named_feeds(page, url)[len(declared) :]
    return SitePage(
        form=form,
        site_name=metadata.site_name if metadata else "",
        title=words(page.xpath("//title")[:1]) if page.xpath("//title") else "",
        language=metadata.language if metadata else "",
        is_article=bool(metadata and _is_article(page, body, url, content_type, metadata)),
        declared=declared[:MOST_NAMED],
        linked=rest[:MOST_NAMED],
    )


def _is_article(page: Any, body: bytes, url: str, content_type: str, metadata: Metadata) -> bool:
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
