"""`broadsheet`: a module for each command, or for a few that belong together, and nothing else."""
