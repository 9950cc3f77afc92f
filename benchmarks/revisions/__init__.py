"""Labelled pairs of versions, and how well archive.articles.revisions tells them apart."""
