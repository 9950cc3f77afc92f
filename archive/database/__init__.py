"""What knows SQLite and no news: connections, threads, lock, times, runs."""
