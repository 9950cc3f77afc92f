"""Where each key of a TOML file stands: its lines, which neither tomllib nor tomlkit tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A header or a key with its value. Lines count from 1, tables in an array from 0."""

    first: int
    last: int
    table: KeyPath  # the header's own path, or that of the table the key is in
    keys: tuple[KeyPath, ...]  # full paths of what it sets; () for a header


def statements(text: str) -> Iterator[Statement]:
    """Split a valid TOML text. tomllib itself tells where a value that spans lines ends."""
    table: KeyPath = ()
    arrays: dict[KeyPath, int] = {}
    for first, last, chunk in _chunks(text):
        parsed = tomllib.loads(chunk)
        if not parsed:
            continue
        if chunk.lstrip().startswith("["):
            table = _table(parsed, arrays, is_array=chunk.lstrip().startswith("[["))
            yield Statement(first=first, last=last, table=table, keys=())
        else:
            keys = tuple(table + path for path in _paths(parsed))
            yield Statement(first=first, last=last, table=table, keys=keys)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Map the path of every table and key, `("source", 1, "list", "items")`, to its line."""
    lines: dict[KeyPath, int] = {}
    for statement in statements(text):
        for path in statement.keys or (statement.table,):
            for length in range(1, len(path) + 1):
                lines.setdefault(path[:length], statement.first)
    return lines


def _chunks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the shortest runs of lines that are TOML by themselves, with first and last line."""
    chunk, first = "", 1
    for number, line in enumerate(text.split("\n"), start=1):
        chunk += line + "\n"
        if _is_toml(chunk):
            yield first, number, chunk
            chunk, first = "", number + 1


def _is_toml(chunk: str) -> bool:
    try:
        tomllib.loads(chunk)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _table(header: Mapping[str, object], arrays: dict[KeyPath, int], *, is_array: bool) -> KeyPath:
    """Turn the parse of a header line into its path, with the number of each array's table."""
    names = next(iter(_paths(header, into_tables=True)))
    path: KeyPath = ()
    for depth, name in enumerate(names, start=1):
        path += (name,)
        if is_array and depth == len(names):
            arrays[path] = arrays.get(path, -1) + 1
        if path in arrays:
            path += (arrays[path],)
    return path


def _paths(
    parsed: Mapping[str, object], prefix: tuple[str, ...] = (), *, into_tables: bool = False
) -> Iterator[tuple[str, ...]]:
    """Paths of the keys, deepest last: a dotted key or an inline table gives each level."""
    for key, value in parsed.items():
        path = (*prefix, key)
        if isinstance(value, dict) and value:
            if not into_tables:
                yield path
            yield from _paths(value, path, into_tables=into_tables)
        else:
            yield path
