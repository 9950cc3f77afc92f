"""Every `--help` ends with examples, and each of them would be understood."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from crawler.run.cli import main
from tests.test_docs import unknown_words


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        yield (*path, name)
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


def runs_alone(path: tuple[str, ...]) -> bool:
    """Whether a command does something without a further word: a group may print its help."""
    command: click.Command | None = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    return not isinstance(command, click.Group) or command.invoke_without_command


@pytest.mark.parametrize("path", list(commands(main)), ids=" ".join)
def test_every_help_ends_with_examples_that_the_program_understands(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"], terminal_width=100).output
    _, _, examples = shown.partition("Examples:\n")
    lines = [line.strip() for line in examples.partition("\nOptions:")[0].splitlines()]
    calls = [line for line in lines if line]
    assert calls
    for call in calls:
        assert call.startswith("broadsheet ")
        assert path[0] in call
        assert call.split()[1:] != list(path) or runs_alone(path), call
        assert unknown_words(call.removeprefix("broadsheet ").removesuffix(" -")) == []
