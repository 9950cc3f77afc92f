"""What a cell holds as JSON, for whoever shows it: one that is damaged holds nothing.

`broadsheet verify` names those of articles. A function in SQL raises for such a cell, so that SQL
asks `sound_json` of it.
"""

from __future__ import annotations

import json
from typing import Any


def list_in(cell: object) -> list[Any]:
    """Read a JSON list, [] where there is none."""
    found = _read(cell)
    return found if isinstance(found, list) else []


def object_in(cell: object) -> dict[str, Any]:
    """Read a JSON object, {} where there is none."""
    found = _read(cell)
    return found if isinstance(found, dict) else {}


def sound_json(column: str, nothing: str = "{}") -> str:
    """Give SQL for a cell that JSON functions take."""
    return f"iif(json_valid({column}), {column}, '{nothing}')"


def _read(cell: object) -> object:
    if not isinstance(cell, str | bytes):
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None
