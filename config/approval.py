"""Which config files were found valid, so that a command that only reads need not check again.

The model takes a tenth of a second to import, half of what a search may take. What is kept, in the
user's cache folder, is one short file for each config: the hash of its text and of the rules that
it was held against. Another text or another release is checked anew; so is all where nothing can be
kept. Commands that fetch check in any case; they alone look beside the text, at what `env:NAME`
stands for and which extras are installed.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import platformdirs

from config.places import user_folder

_RULES = sorted(Path(__file__).resolve().parent.glob("*.[pt][yo]*"))  # *.py, broadsheet.toml


def is_approved(path: Path | None, text: str) -> bool:
    """Say whether this text was found valid; without a file only the shipped defaults apply."""
    if path is None:
        return True
    kept = _kept_for(path)
    try:
        return kept is not None and kept.read_text(encoding="ascii") == _mark(text)
    except (OSError, ValueError):
        return False


def approve(path: Path | None, text: str) -> None:
    """Keep that a text is valid; where that can't be written it is checked again next time."""
    kept = None if path is None else _kept_for(path)
    if kept is None:
        return
    written = kept.with_name(f"{kept.name}.{os.getpid()}")
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(_mark(text), encoding="ascii")
        written.replace(kept)


def _kept_for(path: Path) -> Path | None:
    """None for who has no home."""
    cache = user_folder(platformdirs.user_cache_path)
    name = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:32]
    return None if cache is None else cache / "configs" / name


def _mark(text: str) -> str:
    found = hashlib.sha256(text.encode())
    for rules in _RULES:
        found.update(rules.read_bytes())
    return found.hexdigest()
