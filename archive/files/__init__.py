"""The Markdown files: which are owed, where they are, what is in them."""
