"""The roof: command line, daemon, clocks, signals. Nothing imports it."""
