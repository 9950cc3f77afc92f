"""A source's life: declared, visited, healthy or not, subscribed."""
