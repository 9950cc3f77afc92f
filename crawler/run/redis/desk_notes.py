"""Where a daemon notes how its distributed crawl fares, and what a worker shows, as JSON."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from archive.folder import DataFolder
from crawler.run.redis.desk_state import DeskState, WorkerState

_STATE, WORKER = TypeAdapter(DeskState), TypeAdapter(WorkerState)


def note_state(data: Path, state: DeskState) -> None:
    """Put it where `status` finds it: it may run without the broker's address."""
    path = DataFolder(data).desk_state
    written = path.with_suffix(".new")
    written.write_bytes(_STATE.dump_json(state))
    os.replace(written, path)


def read_state(data: Path) -> DeskState | None:
    """What the daemon noted last; None where it is no distributed one."""
    try:
        return _STATE.validate_json(DataFolder(data).desk_state.read_bytes())
    except (OSError, ValidationError):
        return None


def forget_state(data: Path) -> None:
    DataFolder(data).desk_state.unlink(missing_ok=True)
