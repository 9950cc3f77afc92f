"""Datasette is loaded first, as when it runs: it then loads the plugin, whole."""

from __future__ import annotations

import datasette.app  # noqa: F401 (imported for what it does)
