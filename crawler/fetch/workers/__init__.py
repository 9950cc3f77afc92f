"""Worker processes for parsing: how one lives and dies, whose turn it is, what was used."""
