"""Pages that only a script fills: Chromium, behind the same guard as every other request."""
