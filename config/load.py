"""TOML to Config, or every problem at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from config.model import Config
from config.problems import (
    Problem,
    invalid_keys,
    invalid_rules,
    repeated_ids,
    report,
    source_tables,
)
from config.tables import over_defaults, parse_toml, read_text

K = TypeVar("K", str, int)


def load_config(path: Path | None, environ: Mapping[str, str] | None = os.environ) -> Config:
    """Read a config file over the shipped defaults; None reads the defaults alone.

    `environ` resolves the values "env:NAME"; None leaves them as they are, for commands that
    fetch nothing. Raises ConfigError with every problem of the file.
    """
    text = "" if path is None else read_text(path)
    return parse_config(text, name=str(path), environ=environ)


def parse_config(text: str, *, name: str, environ: Mapping[str, str] | None = None) -> Config:
    """Read a config from its text; `name` is the file that the problems are reported for."""
    return check_config(parse_toml(text, name), text=text, name=name, environ=environ)


def check_config(
    raw: Mapping[str, object], *, text: str, name: str, environ: Mapping[str, str] | None = None
) -> Config:
    """Check the tables of a config's text, in which `environ` resolves the values "env:NAME"."""
    problems = [*repeated_ids(raw), *invalid_rules(raw)]
    if environ is not None:
        problems += _resolve_secrets(raw, environ)
        problems += _missing_extras(raw)
    try:
        config = Config.model_validate(over_defaults(raw))
    except ValidationError as error:
        raise report(problems + list(invalid_keys(error)), name=name, text=text, raw=raw) from None
    if problems:
        raise report(problems, name=name, text=text, raw=raw)
    return config


def _missing_extras(raw: Mapping[str, object]) -> Iterator[Problem]:
    """What the config asks for, and is not installed. Only looked for: it takes long to import."""
    if find_spec("exchange_calendars") is not None:
        return
    for index, source in source_tables(raw).items():
        if "market_hours" in source:
            yield Problem(
                ("source", index, "market_hours"),
                "trading hours need the extra `markets`: pip install 'broadsheet[markets]', or set"
                " cron instead",
            )


def _resolve_secrets(raw: Mapping[str, object], environ: Mapping[str, str]) -> Iterator[Problem]:
    """Replace "env:NAME" in headers, cookies, the proxy and notify; yield what is not set."""
    crawl = raw.get("crawl")
    if isinstance(crawl, dict) and "proxy" in crawl:
        yield from _resolve(crawl, ("crawl",), environ, only="proxy")
    health = raw.get("health")
    if isinstance(health, dict) and isinstance(health.get("notify"), list):
        addresses = dict(enumerate(health["notify"]))
        yield from _resolve(addresses, ("health", "notify"), environ)
        health["notify"] = list(addresses.values())
    for index, source in source_tables(raw).items():
        for name in ("headers", "cookies"):
            table = source.get(name)
            if isinstance(table, dict):
                yield from _resolve(table, ("source", index, name), environ)


def _resolve(
    table: dict[K, object],
    path: tuple[str | int, ...],
    environ: Mapping[str, str],
    only: str | None = None,
) -> Iterator[Problem]:
    for key, value in table.items():
        if isinstance(value, str) and value.startswith("env:") and only in (None, key):
            variable = value.removeprefix("env:")
            secret = environ.get(variable, "").strip()
            if secret:
                table[key] = secret
            else:
                yield Problem((*path, key), f"the environment variable {variable} is not set")
