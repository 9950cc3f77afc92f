"""What knows HTTP and Scrapy: the guard, manners, headers, what an answer means."""
