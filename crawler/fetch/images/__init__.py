"""Pictures of archived articles: which are due, how one is fetched, what came of it."""
