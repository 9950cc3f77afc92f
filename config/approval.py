"""Which config files were found valid, so that a command that only reads need not check again.

The model takes a tenth of a second to import, half of what a search may take. What is kept, in the
user's cache folder, is one short file for each config: the hash of its text and of the rules that
it was held against. Another text or another release is checked anew; so is all where nothing can be
kept. Commands that fetch check in any case.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import platformdirs

_RULES = sorted(Path(__file__).resolve().parent.glob("*.[pt][yo]*"))  # *.py, broadsheet.toml


def is_approved(path: Path | None, text: str) -> bool:
    """Say whether this text was found valid; without a file only the shipped defaults apply."""
    if path is None:
        return True
    try:
        return _kept_for(path).read_text(encoding="ascii") == _mark(text)
    except (OSError, ValueError):
        return False


def approve(path: Path | None, text: str) -> None:
    """Keep that a text is valid; where that can't be written it is checked again next time."""
    if path is None:
        return
    kept = _kept_for(path)
    written = kept.with_name(f"{kept.name}.{os.getpid()}")
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(_mark(text), encoding="ascii")
        written.replace(kept)


def _kept_for(path: Path) -> Path:
    name = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:32]
    return platformdirs.user_cache_path("broadsheet", appauthor=False) / "configs" / name


def _mark(text: str) -> str:
    found = hashlib.sha256(text.encode())
    for rules in _RULES:
        found.update(rules.read_bytes())
    return found.hexdigest()
