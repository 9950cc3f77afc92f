"""What is the same article, whose words count, what changed: cases that earlier versions failed."""
