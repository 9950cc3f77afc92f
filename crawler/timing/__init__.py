"""Pure: when to look again, learned from when a source publishes."""
