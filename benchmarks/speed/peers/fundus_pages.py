"""Fundus, with one parser written for all hosts: `python fundus_pages.py PORT HOSTS PAGES OUT`."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

from fundus import Crawler, RSSFeed
from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
from fundus.parser.utility import extract_article_body_with_selector, generic_date_parsing
from fundus.publishers.base_objects import Publisher
from lxml.etree import XPath


class PageParser(ParserProxy):
    class V1(BaseParser):
        _paragraphs = XPath("//p")

        @attribute
        def body(self) -> ArticleBody | None:
            return extract_article_body_with_selector(
                self.precomputed.doc, paragraph_selector=self._paragraphs
            )

        @attribute
        def publishing_date(self) -> datetime.datetime | None:
            return generic_date_parsing(self.precomputed.ld.bf_search("datePublished"))

        @attribute
        def title(self) -> str | None:
            return self.precomputed.meta.get("og:title")


def main() -> None:
    port, hosts, pages = (int(word) for word in sys.argv[1:4])
    homes = [f"http://127.2.0.{host + 1}:{port}" for host in range(hosts)]
    publishers = [
        Publisher(
            name=f"Host {host}",
            domain=home,
            parser=PageParser,
            sources=[RSSFeed(f"{home}/peer/feed/{pages}")],
        )
        for host, home in enumerate(homes)
    ]
    crawler = Crawler(*publishers, delay=0.0, ignore_robots=True)
    with Path(sys.argv[4]).open("w") as out:
        for found in crawler.crawl(only_complete=False, error_handling="raise"):
            row = {"url": found.html.responded_url, "title": found.title, "text": str(found.body)}
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
