"""How it goes, for a terminal, a page and Prometheus."""
