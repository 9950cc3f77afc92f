"""Where the config and the data are kept: the first named place wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import platformdirs

from archive.errors import ConfigError

_CHECKOUT = Path(__file__).resolve().parent.parent


def user_folder(find: Callable[..., Path]) -> Path | None:
    """A folder of the user's, of those that platformdirs finds; None for who has no home."""
    try:
        return find("broadsheet", appauthor=False)
    except RuntimeError:  # a service's user, whom the system doesn't know
        return None


def user_config() -> Path:
    """The file in the user's config folder; `broadsheet init` writes it. ConfigError for who has
    no home."""
    path = _user_config()
    if path is None:
        advice = "Name a file with --config."
        raise ConfigError(["there is no home folder for a config"], advice=advice)
    return path


def _user_config() -> Path | None:
    folder = user_folder(platformdirs.user_config_path)
    return None if folder is None else folder / "broadsheet.toml"


def find_config(option: str | None, environ: Mapping[str, str], cwd: Path) -> Path | None:
    """Find the config: `--config`, $BROADSHEET_CONFIG, ./broadsheet.toml, the user's folder.

    A file that is named is given back even when it is missing: `load_config` reports it.
    """
    named = option or environ.get("BROADSHEET_CONFIG")
    if named:
        return cwd / Path(named).expanduser()
    kept = (cwd / "broadsheet.toml", _user_config())
    return next((path for path in kept if path is not None and path.is_file()), None)


def find_data(
    option: str | None,
    environ: Mapping[str, str],
    folder: Path | None,
    config_path: Path | None,
    cwd: Path,
) -> Path:
    """Find the data folder, which need not exist yet.

    `--data`, $BROADSHEET_DATA, `folder` (`[archive] dir`, relative to the config file).
    Then, of a program that runs from a checkout, `data` in it; but beside a config that lies
    elsewhere, so that two configs don't share an archive, unless the checkout has the only one.
    Else the user's folder.
    """
    named = option or environ.get("BROADSHEET_DATA")
    if named:
        return cwd / Path(named).expanduser()
    if folder is not None:
        return _beside(config_path, folder)
    if (_CHECKOUT / "scrapy.cfg").is_file():
        return _data_in_checkout(config_path)
    own = user_folder(platformdirs.user_data_path)
    if own is None:
        raise ConfigError(["there is no home folder for data"], advice="Name one with --data.")
    return own


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
    return not inside and config_path != _user_config()


def find_markdown(folder: Path | None, config_path: Path | None, data: Path) -> Path:
    """The folder of the Markdown files: `[markdown] dir` beside the config, else in the data."""
    return data / "articles" if folder is None else _beside(config_path, folder)


def find_plugins(folder: Path | None, config_path: Path | None) -> Path | None:
    """The folder of a person's own code, `[crawl] plugins`; None for none."""
    return None if folder is None else _beside(config_path, folder)


def _beside(config_path: Path | None, folder: Path) -> Path:
    base = config_path.parent if config_path else Path()
    return (base / folder.expanduser()).absolute()
