"""What a person starts now and then, and no crawl imports."""
