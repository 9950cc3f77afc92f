"""Forms in which articles leave and come: feeds, Parquet, Markdown posts."""
