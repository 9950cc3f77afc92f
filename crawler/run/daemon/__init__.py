"""What stays: the schedule, reloads, alerts, the socket, the service manager."""
