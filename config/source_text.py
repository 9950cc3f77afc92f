"""A source as the lines of TOML that declare it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import tomlkit

# what a comment of TOML may not hold, and what other readers take for the end of a line
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def source_text(table: Mapping[str, object], comment: str = "") -> str:
    """Write one `[[source]]` as TOML; its tables (`list`, `body`) last, as TOML wants them."""
    lines = [f"# {' '.join(_CONTROLS.sub(' ', comment).split())}"] if comment else []
    lines.append("[[source]]")
    lines += [f"{key} = {_value(v)}" for key, v in table.items() if not _is_rules(key, v)]
    for name, rules in table.items():
        if _is_rules(name, rules):
            assert isinstance(rules, Mapping)
            lines.append(f"[source.{name}]")
            lines += [f"{key} = {_value(value)}" for key, value in rules.items()]
    return "\n".join(lines) + "\n"


def _is_rules(key: str, value: object) -> bool:
    return key in ("list", "body") and isinstance(value, Mapping)


def _value(value: object) -> str:
    if isinstance(value, Mapping):  # on one line: headers, cookies
        inner = ", ".join(f"{_key(key)} = {_value(v)}" for key, v in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    return tomlkit.item(value).as_string()


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else tomlkit.item(key).as_string()
