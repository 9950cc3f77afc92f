"""What every command shares: the options, the configuration, the archive, the terminal."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from archive.errors import ArchiveError
from archive.folder import DataFolder

if TYPE_CHECKING:
    import sqlite3

    from rich.console import Console

    from archive.reader import Archive
    from config.essentials import Essentials
    from config.model import Config, Source

P = ParamSpec("P")
R = TypeVar("R")


class Failure(click.ClickException):
    """An expected error with its exit code: printed to stderr, without a traceback."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads the instance's

    def show(self, file: Any = None) -> None:
        click.echo(f"broadsheet: {self.format_message()}", file=file, err=file is None)


@dataclass
class Context:
    """The options of one call and what they lead to; everything is opened on first use."""

    config_option: str | None = None
    data_option: str | None = None

    @cached_property
    def config_path(self) -> Path | None:
        """The user's config file; None when only the shipped defaults apply."""
        from config.places import find_config

        return find_config(self.config_option, os.environ, Path.cwd())

    @cached_property
    def config(self) -> Config:
        """The validated configuration, for commands that fetch. ConfigError ends them with 2."""
        from config.load import load_config

        return load_config(self.config_path)

    @cached_property
    def config_as_written(self) -> Config:
        """The configuration for commands that fetch nothing: "env:NAME" need not be set."""
        from config.load import check_config

        text, tables = self._file
        return check_config(tables, text=text, name=str(self.config_path))

    @cached_property
    def essentials(self) -> Essentials:
        """What every command needs of the configuration; ConfigError when it is not valid."""
        from config.approval import approve, is_approved
        from config.essentials import Essentials

        text, tables = self._file
        if not is_approved(self.config_path, text):
            _ = self.config_as_written  # tells every problem there is
            approve(self.config_path, text)
        return Essentials.of(tables)

    @cached_property
    def _file(self) -> tuple[str, dict[str, object]]:
        """The text of the user's file, and its tables."""
        from config.tables import parse_toml, read_text

        path = self.config_path
        text = "" if path is None else read_text(path)
        return text, parse_toml(text, str(path))

    @cached_property
    def data(self) -> Path:
        """The data folder; it may not exist yet."""
        from config.places import find_data

        folder = self.essentials.archive_dir
        return find_data(self.data_option, os.environ, folder, self.config_path, Path.cwd())

    @property
    def archive_path(self) -> Path:
        return DataFolder(self.data).archive

    @property
    def markdown_dir(self) -> Path:
        return self._folders[0]

    @property
    def plugins(self) -> Path | None:
        """The folder of a person's own code; None for none."""
        return self._folders[1]

    @cached_property
    def _folders(self) -> tuple[Path, Path | None]:
        from config.places import find_markdown, find_plugins

        known, path = self.essentials, self.config_path
        markdown = find_markdown(known.markdown_dir, path, self.data)
        return markdown, find_plugins(known.plugins, path)

    @property
    def is_shared(self) -> bool:
        """Whether others than user and group may read what is made."""
        return self.essentials.is_shared

    @property
    def zone(self) -> str:
        """In which a person reads times: `[web] timezone`."""
        return self.essentials.timezone

    @cached_property
    def console(self) -> Console:
        """Standard output: plain when it is no terminal, and without colour under NO_COLOR."""
        from crawler.run.terminal.terminal import make_console

        return make_console()

    @cached_property
    def errors(self) -> Console:
        """Standard error."""
        from crawler.run.terminal.terminal import make_console

        return make_console(stderr=True)

    def reader(self, as_of: datetime | None = None) -> Archive:
        """Open the archive for reading, as it stood at a moment; ArchiveError without one."""
        from archive.reader import open_archive

        archive = open_archive(self.require_archive(), as_of)
        if as_of is not None:
            self._say_since(as_of, archive.dated_since())
        return archive

    @contextmanager
    def reading(self, as_of: datetime | None = None) -> Iterator[sqlite3.Connection]:
        """Give a read-only connection to the archive; ArchiveError when there is none to read."""
        from archive.asof.moment import dated_since
        from archive.reader import open_reader

        connection = open_reader(self.require_archive(), as_of)
        try:
            if as_of is not None:
                self._say_since(as_of, dated_since(connection))
            yield connection
        finally:
            connection.close()

    def _say_since(self, as_of: datetime, dated: datetime | None) -> None:
        if dated is not None and as_of < dated:
            self.errors.print(
                f"Before {dated:%Y-%m-%d %H:%M}Z, when this archive was upgraded, only versions are"
                " dated: copies, leads, holds and withdrawals are shown as they stood then.",
                soft_wrap=True,
            )

    @contextmanager
    def changing(self, command: str) -> Iterator[sqlite3.Connection]:
        """Hold the archive's lock and give a connection, for a command that changes rows.

        Raises ArchiveLocked when another process holds the lock, ArchiveError when there is no
        archive to change. Transactions are the caller's.
        """
        self.require_archive()
        with self.filling(command) as connection:
            yield connection

    @contextmanager
    def filling(self, command: str) -> Iterator[sqlite3.Connection]:
        """Do as `changing` does, for a command that may make the archive."""
        from archive.database.connect import connect
        from archive.database.lock import ArchiveLock
        from archive.migrate import migrate

        with ArchiveLock(self.data, f"broadsheet {command}", shared=self.is_shared):
            connection = connect(self.archive_path, synchronous=self.essentials.synchronous)
            try:
                migrate(connection, self.now())
                yield connection
            finally:
                connection.close()

    def require_archive(self) -> Path:
        """Give the archive's path, or raise ArchiveError saying how one comes to be."""
        if not self.archive_path.is_file():
            raise ArchiveError(
                f"there is no archive at {self.archive_path}; run `broadsheet crawl` to make one, "
                "or name its folder with --data"
            )
        return self.archive_path

    def sources(self, ids: Collection[str]) -> tuple[Source, ...]:
        """Give the configured sources named, all enabled ones when none is; unknown: exit 2."""
        if not ids:
            return self.config.enabled()
        known = {source.id: source for source in self.config.source}
        for source_id in ids:
            if source_id not in known:
                raise unknown_source(source_id, known)
        return tuple(known[source_id] for source_id in dict.fromkeys(ids))

    def no_source(self) -> Failure:
        """Build the error for a config without a source to visit."""
        disabled = [source.id for source in self.config_as_written.source]
        if disabled:
            which = ", ".join(disabled[:5]) + (", …" if len(disabled) > 5 else "")
            are = "one is" if len(disabled) == 1 else f"{len(disabled)} are"
            enable = f"`broadsheet sources enable {disabled[0]}`"
            return Failure(f"no source is enabled: {are} disabled ({which}); {enable}", exit_code=2)
        return Failure(f"no source is enabled: {self.how_to_add_a_source}", exit_code=2)

    @property
    def how_to_add_a_source(self) -> str:
        """Name the file to change, or what makes one."""
        path = self.config_path
        where = f"your config, {path}" if path else "your config; `broadsheet init` writes one"
        return f"run `broadsheet sources add ADDRESS`, or add a [[source]] to {where}"

    def now(self) -> datetime:
        return datetime.now(UTC)


def unknown_source(source_id: str, known: Iterable[str]) -> Failure:
    """Build the error for a source that does not exist, with the nearest spelling."""
    names = sorted(known)
    near = difflib.get_close_matches(source_id, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "see `broadsheet sources list`"
    return Failure(f"unknown source {source_id}: {hint}", exit_code=2)


def spellings(address: str) -> tuple[str, ...]:
    """Give an id or address as typed, then in the archive's canonical form where that differs."""
    if "://" not in address:
        return (address,)
    from crawler.text.addresses import canonical_url

    return tuple(dict.fromkeys((address, canonical_url(address))))


def pass_context(
    command: Callable[Concatenate[Context, P], R],
) -> Callable[P, R]:
    """Give a command the `Context` as its first argument."""
    return click.make_pass_decorator(Context)(command)
