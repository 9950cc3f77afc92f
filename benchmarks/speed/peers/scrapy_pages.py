"""Scrapy, with trafilatura called in the callback: what one writes in an afternoon.

    python scrapy_pages.py PORT HOSTS PAGES OUT [bare]

Feeds by feedparser, one JSON line an article. No archive, no robots.txt, nothing remembered; with
`bare` the pages are fetched and nothing is done with them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import feedparser
import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from trafilatura import bare_extraction


class Pages(scrapy.Spider):
    name = "pages"
    port: int
    hosts: int
    pages: int
    bare: bool

    async def start(self) -> Any:
        for host in range(self.hosts):
            yield scrapy.Request(f"http://127.2.0.{host + 1}:{self.port}/peer/feed/{self.pages}")

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        for item in feedparser.parse(response.body).entries:
            yield scrapy.Request(item.link, self.page, cb_kwargs={"title": item.title})

    def page(self, response: Response, title: str) -> Iterator[dict[str, Any]]:
        if self.bare:
            yield {"url": response.url, "title": title}
            return
        found = bare_extraction(response.body, url=response.url, with_metadata=True)
        yield {"url": response.url, "title": title, **(found.as_dict() if found else {})}


def main() -> None:
    port, hosts, pages = (int(word) for word in sys.argv[1:4])
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "WARNING",
            "ROBOTSTXT_OBEY": False,
            "FEEDS": {sys.argv[4]: {"format": "jsonlines", "fields": _FIELDS}},
        }
    )
    process.crawl(Pages, port=port, hosts=hosts, pages=pages, bare=sys.argv[5:] == ["bare"])
    process.start()


_FIELDS = ["url", "title", "author", "date", "text", "image", "language"]

if __name__ == "__main__":
    main()
