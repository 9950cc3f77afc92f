"""What every command shares: context, logs, progress, words."""
