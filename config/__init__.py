"""What a user may change: the TOML file, its model and the shipped defaults."""
