"""Attacks, each with what is to happen, worked out by hand: SECURITY.md has the table."""
