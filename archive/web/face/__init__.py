"""What every page of the face shares: its words, times, type, headers, lists and feeds."""
