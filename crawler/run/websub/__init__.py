"""Feeds that push: subscriptions, secrets, the server, the queue."""
