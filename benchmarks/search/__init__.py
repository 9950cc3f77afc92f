"""Search at size: generated articles, our index beside others, and what each costs in CPU time."""
