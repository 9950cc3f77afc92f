"""A labelled set of copies and of texts that only resemble each other, and how ours judges it."""
