"""300 hosts on loopback, a daemon that polls them, and what that costs it."""
