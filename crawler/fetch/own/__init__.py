"""What people bring along: Scrapy's commands, spiders and plugins of their own, items for files."""
