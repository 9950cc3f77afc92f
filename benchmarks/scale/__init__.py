"""How an archive's costs grow with its articles."""
