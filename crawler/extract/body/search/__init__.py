"""Searches for the place of a page's text, none of which knows of the others."""
