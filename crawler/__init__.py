"""The crawler: pure discovery and extraction, Scrapy components, and the processes that run them."""
