"""What the archive and the crawler both ask of a text. Pure: imports nothing of ours."""
