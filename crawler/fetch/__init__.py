"""Scrapy components: the line, pipelines, address guard, politeness, extraction pool."""
