"""The search page: what is asked, what answers it, what the answers are, and why there are none."""
