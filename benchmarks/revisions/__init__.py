"""Labelled pairs of versions, and how well archive.revisions tells them apart."""
