"""What a guess keeps back, why, and the ways back; nothing of it is deleted."""
