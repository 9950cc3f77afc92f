"""The archive's end of the port: reads and writes the archive, makes no request."""
