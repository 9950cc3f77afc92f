"""Which of a page's candidates is its article's text, and how surely."""
