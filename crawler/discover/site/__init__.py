"""A site that nobody described: its places for news, the best of them, and its declaration."""
