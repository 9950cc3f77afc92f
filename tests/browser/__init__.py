"""The reading pages in a real browser: Chromium over the DevTools protocol."""
