"""The addresses of all articles, as every peer finds them: from the feeds, by feedparser."""

from __future__ import annotations

import feedparser


def addresses(port: int, hosts: int, pages: int) -> list[str]:
    feeds = (f"http://127.2.0.{host + 1}:{port}/peer/feed/{pages}" for host in range(hosts))
    return [item.link for feed in feeds for item in feedparser.parse(feed).entries]
