"""Bring another archive into this one: `archive.merging.merge` leads, the others do a part each."""
