"""Scrapy components: the crawl, how a worker does a task, the desk; in `house` the archive."""
