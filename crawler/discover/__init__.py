"""Pure: the bytes of a feed, sitemap, listing, JSON endpoint or WARC become entries."""
