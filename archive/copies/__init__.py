"""Which articles tell the same story: fingerprints and clusters."""
