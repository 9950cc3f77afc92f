"""What was known when: the one sequence of changes, and the archive as it stood at a moment."""
