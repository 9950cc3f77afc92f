"""The crawler: pure discovery and extraction, Scrapy components, the processes that run them."""
