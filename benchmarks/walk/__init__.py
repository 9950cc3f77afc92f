"""How long the way of one article is, and how long the functions are that it passes."""
