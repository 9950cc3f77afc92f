"""What watches a crawl from beside: does anything end, is there room, what is held? It may pause a
crawl, or stop it."""
