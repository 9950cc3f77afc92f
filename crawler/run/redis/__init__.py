"""A crawl over several processes and machines: the broker (Redis) between the house and workers."""
