"""`broadsheet init`: a commented config to start from."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.run.terminal.context import Context, pass_context


@click.command()
@pass_context
def init(context: Context) -> None:
    """Write a commented config where you keep one, or where --config says; never over a file."""
    from config.places import user_config
    from config.tables import write_initial_config

    named = context.config_option
    path = Path(named).expanduser().absolute() if named else user_config()
    write_initial_config(path)
    command = f"broadsheet --config {path}" if named else "broadsheet"
    context.console.print(f"Wrote {path}.")
    context.console.print("Next: set [crawl] contact in it, declare a [[source]], and run")
    context.console.print(f"  {command} sources check")
    context.console.print(f"  {command} crawl")
