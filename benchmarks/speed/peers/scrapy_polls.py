"""Scrapy, polling the same addresses at the same pace, its settings as shipped:
`python scrapy_polls.py PORT HOSTS INTERVAL_S once|still`.

`once` asks with an ETag and does nothing with the 304; `still` reads each 200 with feedparser.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import feedparser
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class Polls(scrapy.Spider):
    name = "polls"
    port: int
    hosts: int
    interval_s: float
    path: str

    async def start(self) -> Any:
        pause = self.interval_s / self.hosts
        due = asyncio.get_running_loop().time()
        while True:
            for host in range(self.hosts):
                due += pause
                await asyncio.sleep(due - asyncio.get_running_loop().time())
                yield scrapy.Request(
                    f"http://127.2.0.{host + 1}:{self.port}/peer/{self.path}",
                    headers={"If-None-Match": '"1"'},
                    meta={"handle_httpstatus_list": [304]},
                    dont_filter=True,
                )

    def parse(self, response: Response) -> None:
        if response.status == 200:
            feedparser.parse(response.body)


def main() -> None:
    port, hosts, interval_s, path = sys.argv[1:5]
    process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING"})
    process.crawl(Polls, port=int(port), hosts=int(hosts), interval_s=float(interval_s), path=path)
    process.start()


if __name__ == "__main__":
    main()
