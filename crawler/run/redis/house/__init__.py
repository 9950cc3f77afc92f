"""The daemon's end: what is due goes to the broker, what comes back is booked."""
