"""Scrapy spiders: request, parse, yield."""
