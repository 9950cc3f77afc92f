"""How well extraction does, in figures: on the gold corpus and on pages of our own."""
