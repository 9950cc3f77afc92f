"""Raw pages in `pages.db`, compressed, and WARC files made of them."""
