"""The group behind `broadsheet`: shared options, commands on demand, errors as exit codes."""

from __future__ import annotations

import difflib
import importlib
import sqlite3
from collections.abc import Mapping
from typing import Any

import click

from archive.errors import BroadsheetError
from crawler.fetch.watch.garbage import collect_rarely
from crawler.run.terminal.context import Context, Failure
from crawler.run.terminal.examples import examples_of
from crawler.run.terminal.streams import print_anywhere

INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_FILE_FAILURES = frozenset(
    {
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY),
        *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
    }
)


class Commands(click.Group):
    """A group whose members take `--config` and `--data` too, and may be imported on demand.

    `lazy` maps a name to ("module:attribute" below crawler.run.commands, one line of help).
    """

    def __init__(
        self, *args: Any, lazy: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = dict(lazy or {})

    def main(self, *args: Any, **kwargs: Any) -> Any:
        print_anywhere()
        collect_rarely()
        return super().main(*args, **kwargs)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        given = {param.name for param in cmd.params}
        cmd.params += [option for option in shared_options() if option.name not in given]
        super().add_command(cmd, name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(dict.fromkeys([*self._lazy, *self.commands]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands and cmd_name in self._lazy:
            module, _, attribute = self._lazy[cmd_name][0].partition(":")
            imported = importlib.import_module(f"crawler.run.commands.{module}")
            self.add_command(getattr(imported, attribute), cmd_name)
        command = super().get_command(ctx, cmd_name)
        if command is not None and "Examples:" not in (command.epilog or command.help or ""):
            path = cmd_name if self.name == "main" else f"{self.name} {cmd_name}"
            command.epilog = examples_of(path)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            if near:
                meant = f"{error.message} Did you mean '{near[0]}'?"
                raise click.UsageError(meant, error.ctx) from error
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._summary(name)) for name in self.list_commands(ctx)])

    def _summary(self, name: str) -> str:
        if name in self._lazy:
            return self._lazy[name][1]
        return self.commands[name].get_short_help_str(80)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            failure = _failure(error) or _failed_disk(error, ctx.find_object(Context))
            if failure is None:
                raise
            raise failure from error


def _failure(error: Exception) -> Failure | None:
    """Translate an expected error into its message and exit code; None: a bug of ours."""
    if isinstance(error, BroadsheetError):
        return Failure(str(error), exit_code=error.exit_code)
    return None


def _failed_disk(error: Exception, context: Context | None) -> Failure | None:
    """Translate a refusal of the file system, or of SQLite because of its file."""
    if isinstance(error, OSError) and error.filename is not None:
        return Failure(f"{error.filename}: {error.strerror}")
    if isinstance(error, sqlite3.DatabaseError) and context is not None:
        # an extended code keeps the kind of the failure in its lowest byte
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _FILE_FAILURES:
            return Failure(f"{context.archive_path}: {error}; check the file and its disk")
    return None


def _remember(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Keep a shared option on the Context; the last place that names it wins."""
    context = ctx.ensure_object(Context)
    if value is not None:
        setattr(context, f"{param.name}_option", value)


def shared_options() -> list[click.Option]:
    """Make `--config` and `--data`, which stand before or after the command."""
    return [
        click.Option(
            ["--config"],
            metavar="FILE",
            expose_value=False,
            callback=_remember,
            help="The config file, instead of $BROADSHEET_CONFIG, ./broadsheet.toml or the"
            " one in your config folder.",
        ),
        click.Option(
            ["--data"],
            metavar="DIR",
            expose_value=False,
            callback=_remember,
            help="The data folder, instead of $BROADSHEET_DATA or [archive] dir.",
        ),
    ]
