"""TOML to Config, or every problem at once; and where the config and the data are kept."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import platformdirs
from pydantic import ValidationError

from archive.errors import ConfigError
from config.model import Config
from config.problems import (
    Problem,
    invalid_keys,
    invalid_rules,
    repeated_ids,
    report,
    source_tables,
)

K = TypeVar("K", str, int)

__all__ = [
    "find_config",
    "find_data",
    "find_markdown",
    "load_config",
    "parse_config",
    "read_text",
    "shipped_text",
    "user_config",
    "write_initial_config",
]

_CHECKOUT = Path(__file__).resolve().parent.parent
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load_config(path: Path | None, environ: Mapping[str, str] | None = os.environ) -> Config:
    """Read a config file over the shipped defaults; None reads the defaults alone.

    `environ` resolves the values "env:NAME"; None leaves them as they are, for commands that
    fetch nothing. Raises ConfigError with every problem of the file.
    """
    text = "" if path is None else read_text(path)
    return parse_config(text, name=str(path), environ=environ)


def parse_config(text: str, *, name: str, environ: Mapping[str, str] | None = None) -> Config:
    """Read a config from its text; `name` is the file that the problems are reported for."""
    raw = _toml(text, name)
    problems = [*repeated_ids(raw), *invalid_rules(raw)]
    if environ is not None:
        problems += _resolve_secrets(raw, environ)
        problems += _missing_extras(raw)
    try:
        config = Config.model_validate(_over_defaults(raw))
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


def shipped_text() -> str:
    return (files("config") / "broadsheet.toml").read_text(encoding="utf-8")


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


def _toml(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = (at and at[1]) or text.count("\n") + 1
        column = f" (column {at[2]})" if at and at[2] else ""
        message = _AT.sub("", str(error))
        raise ConfigError([f"{name}:{line}: not valid TOML: {message}{column}"]) from None


def _over_defaults(raw: Mapping[str, object]) -> dict[str, object]:
    """Lay the user's sections over the shipped ones, key by key; his sources are the sources."""
    merged: dict[str, object] = tomllib.loads(shipped_text())
    for section, values in raw.items():
        below = merged.get(section)
        is_table = isinstance(values, dict) and isinstance(below, dict)
        merged[section] = below | values if is_table else values  # type: ignore[operator]
    return merged


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


def user_config() -> Path:
    """The file in the user's config folder; `broadsheet init` writes it."""
    return platformdirs.user_config_path("broadsheet", appauthor=False) / "broadsheet.toml"


def find_config(option: str | None, environ: Mapping[str, str], cwd: Path) -> Path | None:
    """Find the config: `--config`, $BROADSHEET_CONFIG, ./broadsheet.toml, the user's folder.

    A file that is named is given back even when it is missing: `load_config` reports it.
    """
    named = option or environ.get("BROADSHEET_CONFIG")
    if named:
        return cwd / Path(named).expanduser()
    kept = (cwd / "broadsheet.toml", user_config())
    return next((path for path in kept if path.is_file()), None)


def find_data(
    option: str | None,
    environ: Mapping[str, str],
    config: Config,
    config_path: Path | None,
    cwd: Path,
) -> Path:
    """Find the data folder, which need not exist yet.

    `--data`, $BROADSHEET_DATA, `[archive] dir` (relative to the config file). Then, of a program
    that runs from a checkout, `data` in it; but beside a config that lies elsewhere, so that two
    configs don't share an archive, unless the checkout has the only one. Else the user's folder.
    """
    named = option or environ.get("BROADSHEET_DATA")
    if named:
        return cwd / Path(named).expanduser()
    if config.archive.dir is not None:
        return _beside(config_path, config.archive.dir)
    if (_CHECKOUT / "scrapy.cfg").is_file():
        return _data_in_checkout(config_path)
    return platformdirs.user_data_path("broadsheet", appauthor=False)


def _data_in_checkout(config_path: Path | None) -> Path:
    inside = _CHECKOUT / "data"
    if config_path is None or not _is_elsewhere(config_path):
        return inside
    beside = config_path.absolute().parent / "data"
    return inside if inside.is_dir() and not beside.is_dir() else beside


def shared_data(config_path: Path | None, data: Path) -> str:
    """Say that a config's archive is the checkout's, which others may use; '' where it is not."""
    if config_path is None or data != _CHECKOUT / "data" or not _is_elsewhere(config_path):
        return ""
    own = config_path.absolute().parent / "data"
    return (
        f"the archive of {config_path} is {data}, like that of every config without one of its own;"
        f" `mkdir {own}`, and it has"
    )


def _is_elsewhere(config_path: Path) -> bool:
    inside = config_path.absolute().is_relative_to(_CHECKOUT)
    return not inside and config_path != user_config()


def find_markdown(config: Config, config_path: Path | None, data: Path) -> Path:
    """The folder of the Markdown files: `[markdown] dir` beside the config, else in the data."""
    if config.markdown.dir is not None:
        return _beside(config_path, config.markdown.dir)
    return data / "articles"


def find_plugins(config: Config, config_path: Path | None) -> Path | None:
    """The folder of a person's own code, `[crawl] plugins`; None for none."""
    folder = config.crawl.plugins
    return None if folder is None else _beside(config_path, folder)


def _beside(config_path: Path | None, folder: Path) -> Path:
    base = config_path.parent if config_path else Path()
    return (base / folder.expanduser()).absolute()


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
