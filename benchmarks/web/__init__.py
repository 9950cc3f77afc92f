"""A large generated archive, and what its reading pages cost."""
