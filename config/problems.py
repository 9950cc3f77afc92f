"""What is wrong with a configuration, in words: file, line, path, and a near spelling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError

from archive.errors import ConfigError
from config.lines import KeyPath, key_lines
from config.model import Config
from config.rules import check_jmespath, check_selector


def _tables(
    model: type[BaseModel], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """Every table of the file, outer ones first: a section, or a list of them."""
    yield path, model
    for name, field in model.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _tables(kind, (*path, name))


_TABLES = dict(_tables(Config))

_WORDS = {  # pydantic's type of error, where its own words are a programmer's
    "bool_type": "must be true or false",
    "dict_type": "must be a table of keys",
    "float_type": "must be a number, without quotes",
    "int_type": "must be a whole number, without quotes",
    "model_type": "must be a table of keys",
    "path_type": "must be a path in quotes",
    "string_too_short": "must not be empty",
    "string_type": "must be text in quotes",
}
# link_template is no rule but a text with {id}
_RULES = ("items", "link", "id", "title", "date", "author", "content", "next")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, at a key. Messages never repeat a value: it may be a secret."""

    path: KeyPath
    message: str


def report(
    problems: Sequence[Problem], *, name: str, text: str, raw: Mapping[str, object]
) -> ConfigError:
    """Put file, line and dotted path before each problem, in the order of the file."""
    lines = key_lines(text)
    placed = sorted(((_line(p.path, lines), p) for p in problems), key=lambda pair: pair[0])
    return ConfigError(
        [f"{name}:{line or 1}: {dotted(p.path, raw)}: {p.message}" for line, p in placed]
    )


def _line(path: KeyPath, lines: Mapping[KeyPath, int]) -> int:
    """The line of the key, or of the nearest table around it that the file has."""
    known = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[p] for p in known if p in lines), 0)


def dotted(path: KeyPath, raw: Mapping[str, object]) -> str:
    """Write a path as `source[2] (stcn).list.items`: numbers count from 1."""
    written = ""
    for step in path:
        written += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
        if written.startswith(".source[") and isinstance(step, int) and "(" not in written:
            written += _name_of(raw, step)
    return written.removeprefix(".")


def _name_of(raw: Mapping[str, object], index: int) -> str:
    table = source_tables(raw).get(index, {})
    source_id = table.get("id")
    return f" ({source_id})" if isinstance(source_id, str) else ""


def source_tables(raw: Mapping[str, object]) -> dict[int, dict[str, object]]:
    """The `[[source]]` tables by their number from 0; what is no table is left out."""
    sources = raw.get("source")
    rows = enumerate(sources) if isinstance(sources, list) else ()
    return {index: table for index, table in rows if isinstance(table, dict)}


def repeated_ids(raw: Mapping[str, object]) -> Iterator[Problem]:
    """Find ids used twice, also where pydantic stops early because another key is wrong."""
    first: dict[str, int] = {}
    for index, table in source_tables(raw).items():
        source_id = table.get("id")
        if isinstance(source_id, str) and first.setdefault(source_id, index) != index:
            other = first[source_id] + 1
            yield Problem(
                ("source", index, "id"), f'"{source_id}" is the id of source[{other}] too'
            )


def invalid_rules(raw: Mapping[str, object]) -> Iterator[Problem]:
    """Compile the rules of `list`; a source without `kind` has them checked when it is visited."""
    for index, source in source_tables(raw).items():
        check = {"listing": check_selector, "json": check_jmespath}.get(str(source.get("kind")))
        rules = source.get("list")
        if check and isinstance(rules, dict):
            for name in _RULES:
                if isinstance(rule := rules.get(name), str):
                    try:
                        check(rule)
                    except ValueError as error:
                        yield Problem(("source", index, "list", name), str(error))


def invalid_keys(error: ValidationError) -> Iterator[Problem]:
    """Turn pydantic's errors into problems; those of no key are left to `repeated_ids`."""
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        path = found["loc"]
        if path:
            yield Problem(path, _message(found["type"], found["msg"], path))


def _message(kind: str, text: str, path: KeyPath) -> str:
    if kind == "extra_forbidden":
        return "unknown key" + _near(path)
    if kind == "missing":
        return "missing: every source needs id, name and url"
    if kind == "tuple_type":
        return "must be [[source]], in double brackets" if path == ("source",) else "must be a list"
    text = _WORDS.get(kind, text).removeprefix("Value error, ")
    return text.replace("Input should be", "must be", 1)


def _near(path: KeyPath) -> str:
    """Say which key was meant: one spelled alike in this table, or the same in another."""
    *table, key = (step for step in path if isinstance(step, str))
    here = _TABLES.get(tuple(table))
    alike = get_close_matches(key, here.model_fields if here else (), n=1)
    if alike:
        return f", did you mean {alike[0]}?"
    for other, model in _TABLES.items():
        if other and key in model.model_fields:
            return f", it belongs in {_header(other)}"
    return ""


def _header(table: tuple[str, ...]) -> str:
    return "[[source]]" if table == ("source",) else f"[{'.'.join(table)}]"


def near_id(source_id: str, known: Sequence[str]) -> str:
    """Name the source that was probably meant: `, did you mean "stcn"?`, or nothing."""
    alike = get_close_matches(source_id, known, n=1)
    return f', did you mean "{alike[0]}"?' if alike else ""
