"""Bare Scrapy, polling the same addresses:
`python -P -m benchmarks.soak.bare PORT HOSTS INTERVAL_S`.

As little as a Scrapy spider can do: no robots.txt, no archive, no schedule, its settings as
shipped, apart from the log level.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from benchmarks.soak.hosts import make_hosts


class Bare(scrapy.Spider):
    name = "bare"
    port: int
    hosts: int
    interval_s: float

    async def start(self) -> AsyncIterator[Any]:
        hosts = [host for host in make_hosts(self.hosts) if host.lasts]
        pause = self.interval_s / len(hosts)
        due = asyncio.get_running_loop().time()
        while True:
            for host in hosts:
                due += pause
                await asyncio.sleep(due - asyncio.get_running_loop().time())
                yield scrapy.Request(
                    f"http://{host.address}:{self.port}/bare.xml",
                    headers={"If-None-Match": '"7"'},
                    meta={"handle_httpstatus_list": [304]},
                    dont_filter=True,
                )

    def parse(self, response: Response) -> None:
        """Nothing: this is what a poll costs before anything is done with it."""


def main() -> None:
    port, hosts, interval_s = sys.argv[1:4]
    process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING"})
    process.crawl(Bare, port=int(port), hosts=int(hosts), interval_s=float(interval_s))
    process.start()


if __name__ == "__main__":
    main()
