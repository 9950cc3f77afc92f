"""`broadsheet mcp`: the archive for assistants."""

from __future__ import annotations

from importlib.metadata import version

import click

from crawler.run.terminal.context import Context, pass_context


@click.command()
@pass_context
def mcp(context: Context) -> None:
    """Serve the archive to an assistant over the Model Context Protocol, read-only.

    It speaks on standard input and output: an assistant starts it by itself. Needs the extra mcp.
    """
    from crawler.run.assistants.server import Tools, make_server

    tools = Tools(context.require_archive(), context.now)
    make_server(tools, version("broadsheet")).run("stdio")
