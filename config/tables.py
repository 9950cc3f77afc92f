"""The text of a config: read, told apart into tables, laid over the shipped defaults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from archive.errors import ConfigError

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def shipped_text() -> str:
    return Path(__file__).with_name("broadsheet.toml").read_text(encoding="utf-8")


def read_text(path: Path) -> str:
    """Read a config file with its line ends as they are; a missing one is a ConfigError."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path}: byte {error.start} is not UTF-8; save it as UTF-8"]) from error
    except FileNotFoundError as error:
        advice = f"`broadsheet --config {path} init` writes one, with every key explained."
        raise ConfigError([f"{path}: no such file"], advice=advice) from error
    except OSError as error:
        raise ConfigError([f"{path}: can't be read: {error.strerror}"]) from error


def parse_toml(text: str, name: str) -> dict[str, object]:
    """Give the tables of a config's text; `name` is the file that an error names."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = (at and at[1]) or text.count("\n") + 1
        column = f" (column {at[2]})" if at and at[2] else ""
        message = _AT.sub("", str(error))
        raise ConfigError([f"{name}:{line}: not valid TOML: {message}{column}"]) from None


def over_defaults(raw: Mapping[str, object]) -> dict[str, object]:
    """Lay the user's sections over the shipped ones, key by key; his sources are the sources."""
    merged: dict[str, object] = tomllib.loads(shipped_text())
    for section, values in raw.items():
        below = merged.get(section)
        is_table = isinstance(values, dict) and isinstance(below, dict)
        merged[section] = below | values if is_table else values  # type: ignore[operator]
    return merged


def write_initial_config(path: Path) -> None:
    """Write the shipped defaults with every key commented out; an existing file is an error.

    What the user doesn't set then follows the defaults of a later release.
    """
    text = re.sub(r"^(?=[a-z_]+ = )", "#", shipped_text(), flags=re.MULTILINE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        advice = "Edit it, or name another file with --config."
        raise ConfigError([f"{path}: exists already; it was not touched"], advice=advice) from error
    except OSError as error:
        raise ConfigError([f"{path}: can't be written: {error.strerror}"]) from error
