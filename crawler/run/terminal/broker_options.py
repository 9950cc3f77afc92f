"""The options of what takes part in a distributed crawl."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def redis_option(*, required: bool) -> Callable[[F], F]:
    """`--redis`: the variable keeps a password out of the list of processes."""
    return click.option(
        "--redis",
        "url",
        metavar="URL",
        envvar="BROADSHEET_REDIS",
        show_envvar=True,
        required=required,
        help="The broker, such as redis://:PASSWORD@host:6379/0 (rediss:// with TLS).",
    )


bodies_option = click.option(
    "--bodies",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="A folder that the daemon and all workers share, for pages too large for the broker.",
)
