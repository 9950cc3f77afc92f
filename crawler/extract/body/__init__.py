"""The article's text and pictures, found in the page."""
