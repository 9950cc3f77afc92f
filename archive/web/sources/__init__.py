"""The pages of where news comes from, and of what it is about: sources, securities."""
