"""What a worker process is asked to do: bytes in, entries or an article out.

Imported in the workers: nothing of Scrapy may come along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from archive.model import Article, Entry, Rejection
from config.model import Kind, Source
from crawler.discover.model import Discovered
from crawler.discover.read import read_document
from crawler.discover.site.site_page import SitePage, read_site_page
from crawler.extract.page import Page
from crawler.extract.script_page import is_script_filled, may_be_filled
from crawler.extract.with_entry import article_from_entry, extract_page, stand_in


def read_one(
    body: bytes, url: str, content_type: str, source: Source, kind: Kind | None, now: datetime
) -> Discovered:
    return read_document(
        body, url=url, content_type=content_type, source=source, kind=kind, now=now
    )


def site_page_of(body: bytes, url: str, content_type: str) -> SitePage:
    return read_site_page(body, url=url, content_type=content_type)


def extract_one(page: Page) -> Article | Rejection:
    outcome = extract_page(page)
    if not isinstance(outcome, Rejection) or not may_be_filled(outcome):
        return outcome
    if is_script_filled(page.body, page.content_type):
        return replace(outcome, scripted=True)
    return outcome


def article_of_item(
    entry: Entry, source: Source, fetched: datetime, boilerplate: frozenset[str]
) -> Article | Rejection:
    return article_from_entry(entry, source=source, fetched=fetched, boilerplate=boilerplate)


def stand_in_of_item(
    entry: Entry, source: Source, fetched: datetime, boilerplate: frozenset[str]
) -> Article | Rejection | None:
    return stand_in(entry, source=source, fetched=fetched, boilerplate=boilerplate)


BY_NAME: Mapping[str, Callable[..., Any]] = {
    job.__name__: job
    for job in (read_one, site_page_of, extract_one, article_of_item, stand_in_of_item)
}
