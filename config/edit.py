"""Change the sources in the user's file: his comments, order and spacing stay.

A value is changed in place by tomlkit. What adds or removes lines is done on the lines:
tomlkit counts the comment above a `[[source]]` to the source before it, so that it would put
a new key below the next source's heading, and take the wrong heading away with a source.
Every new text is read back: it must mean exactly what was asked, and be a valid config.

All functions raise ConfigError and leave the file as it was when that can't be done.
"""

from __future__ import annotations

import io
import os
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import tomlkit

from archive.errors import ConfigError
from config.lines import KeyPath, statements
from config.load import parse_config
from config.problems import near_id, source_tables
from config.source_text import source_text
from config.tables import read_text


def set_enabled(path: Path, source_id: str, enabled: bool) -> None:
    """Enable or disable a source; one that is so already leaves the file untouched."""
    text, raw = _open(path)
    index = _find(raw, source_id, path)
    source = source_tables(raw)[index]
    if source.get("enabled", True) is enabled:
        return
    if "enabled" in source:
        changed = _with_value(text, index, "enabled", enabled)
    else:
        changed = _with_key(text, index, "enabled = false")
    source["enabled"] = enabled
    _replace(path, changed, raw)


def rename_in_config(path: Path, old: str, new: str) -> None:
    text, raw = _open(path)
    index = _find(raw, old, path)
    source_tables(raw)[index]["id"] = new
    _replace(path, _with_value(text, index, "id", new), raw)


def remove_source(path: Path, source_id: str) -> None:
    """Remove a source with the comment lines that touch it, above and below."""
    text, raw = _open(path)
    index = _find(raw, source_id, path)
    sources = raw["source"]
    assert isinstance(sources, list)
    del sources[index]
    if not sources:
        del raw["source"]
    _replace(path, _without_source(text, index), raw)


def add_sources(
    path: Path, tables: Sequence[Mapping[str, object]], comments: Sequence[str]
) -> None:
    """Append a `[[source]]` for each table, below its comment ('' for none); an id that exists is
    an error."""
    text, raw = _open(path)
    known = raw.setdefault("source", [])
    if not isinstance(known, list):
        raise _by_hand(path)
    newline = "\r\n" if "\r\n" in text else "\n"
    for table, comment in zip(tables, comments, strict=True):
        if text and not text.endswith("\n"):
            text += newline
        written = source_text(table, comment)
        text += newline * bool(text) + written.replace("\n", newline)
        known.append(tomllib.loads(written)["source"][0])
    _replace(path, text, raw)


def _open(path: Path) -> tuple[str, dict[str, object]]:
    """Read a valid config as text and as TOML; the shipped defaults are not the user's to edit."""
    text = read_text(path)
    if path.resolve() == Path(str(files("config") / "broadsheet.toml")).resolve():
        advice = "Make your own with `broadsheet init`, and name it with --config."
        raise ConfigError([f"{path}: the shipped defaults are never changed"], advice=advice)
    parse_config(text, name=str(path))
    return text, tomllib.loads(text)


def _find(raw: Mapping[str, object], source_id: str, path: Path) -> int:
    ids = {str(source.get("id")): index for index, source in source_tables(raw).items()}
    if source_id not in ids:
        near = near_id(source_id, list(ids))
        advice = "`broadsheet sources list` shows the sources; nothing was changed."
        raise ConfigError([f'{path}: no source "{source_id}"{near}'], advice=advice)
    return ids[source_id]


def _with_value(text: str, index: int, key: str, value: str | bool) -> str:
    document = tomlkit.parse(text)
    document["source"][index][key] = value
    return tomlkit.dumps(document)


def _with_key(text: str, index: int, line: str) -> str:
    """Put a line below the source's id, indented and ended as that one is."""
    lines = _lines(text)
    above = _last_line(text, ("source", index, "id"))
    id_line = lines[above - 1]
    indent = id_line[: len(id_line) - len(id_line.lstrip())]
    newline = "\r\n" if id_line.endswith("\r\n") else "\n"
    if not id_line.endswith("\n"):
        lines[above - 1] += newline
    return "".join([*lines[:above], indent + line + newline, *lines[above:]])


def _last_line(text: str, key: KeyPath) -> int:
    return next((s.last for s in statements(text) if key in s.keys), 0)


def _without_source(text: str, index: int) -> str:
    """Cut the source's statements, the comments that touch them, and the blank lines below."""
    inside = [s for s in statements(text) if s.table[:2] == ("source", index)]
    if not inside:
        return text
    lines = _lines(text)
    first, end = inside[0].first - 1, inside[-1].last
    while first > 0 and _is_comment(lines[first - 1]):
        first -= 1
    below = end + _count_comments(lines[end:])
    if below == len(lines) or not lines[below].strip():
        end = below  # else these comments stand above the next source, and are its own
    while end < len(lines) and not lines[end].strip():
        end += 1
    return "".join(lines[:first] + lines[end:])


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text))  # str.splitlines would also split at U+2028 in a title


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _count_comments(lines: Sequence[str]) -> int:
    return next((n for n, line in enumerate(lines) if not _is_comment(line)), len(lines))


def _replace(path: Path, text: str, meaning: Mapping[str, object]) -> None:
    """Write the new text if it is a valid config and means what was asked."""
    try:
        as_asked = tomllib.loads(text) == meaning
    except tomllib.TOMLDecodeError:
        as_asked = False
    if not as_asked:
        raise _by_hand(path)
    parse_config(text, name=str(path))
    try:
        _write(path.resolve(), text)
    except OSError as error:
        raise ConfigError([f"{path}: can't be written: {error.strerror}"]) from error


def _by_hand(path: Path) -> ConfigError:
    """The sources are written in a form (`source = [...]`) that has no lines of its own."""
    advice = "Change it in an editor, or write each source as [[source]]; nothing was changed."
    return ConfigError([f"{path}: the sources are not written as [[source]]"], advice=advice)


def _write(path: Path, text: str) -> None:
    """Replace a file whole, with its mode and owner: a crash leaves the old or the new one."""
    before = path.stat()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            with suppress(PermissionError):  # only root may keep another's file his
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            os.fchmod(file.fileno(), before.st_mode & 0o7777)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
