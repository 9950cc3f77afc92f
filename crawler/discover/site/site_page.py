"""What a page says of itself and its site: is it an article, and which feeds does it name?"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.discover.autodiscover import declared_feeds, named_feeds
from crawler.discover.read import Form, detect, without_preamble
from crawler.discover.rules import page_selector, words
from crawler.discover.site.article_page import is_article_page
from crawler.extract.head.metadata import read_metadata
from crawler.extract.tree import parse_html
from crawler.text.plain import TooLarge, document_text, unpacked

MOST_NAMED = 12  # feeds of a page: portals name one a section, nobody reads more of a list


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
        is_article=bool(metadata and is_article_page(page, body, url, content_type, metadata)),
        declared=declared[:MOST_NAMED],
        linked=rest[:MOST_NAMED],
    )
