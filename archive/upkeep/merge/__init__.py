"""Bring another archive into this one: `merge` leads, the others do a part each."""
