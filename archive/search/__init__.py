"""Full-text search: the index, the query, the answer and its snippets."""
