"""Datasette's own pages of an archive: their words, their order, and links to the reading pages."""
