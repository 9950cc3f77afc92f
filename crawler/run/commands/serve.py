"""`broadsheet serve`: Datasette on the archive, read-only, beside a running crawl."""

from __future__ import annotations

import importlib.resources
import os
import socket
import sys

import click

from crawler.run.terminal.context import Context, Failure, pass_context


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@pass_context
def serve(context: Context, port: int, host: str) -> None:
    """Browse the archive with Datasette; port 0 takes any free one."""
    archive = context.require_archive()
    port = _free_port(host, port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Serving {archive} at http://{shown}:{port}/ (Ctrl-C stops)")
    sys.stdout.flush()
    # Datasette opens a file not named by --immutable with mode=ro, so that it reads the WAL of a
    # running crawl. It takes this process's place: signals reach it, and nothing waits for it.
    metadata = importlib.resources.files("archive") / "web" / "metadata.json"
    os.execv(  # noqa: S606 (no shell; the arguments are ours)
        sys.executable,
        [
            *(sys.executable, "-P", "-m", "datasette", "serve", str(archive)),
            *("--host", host, "--port", str(port), "--metadata", str(metadata)),
            *("--setting", "sql_time_limit_ms", "3000"),
            *("--setting", "allow_download", "off"),
            *("--setting", "truncate_cells_html", "300"),
        ],
    )


def _free_port(host: str, port: int) -> int:
    """Give the port if it can be bound (any for 0); Datasette's own error would be a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"can't listen on {host}:{port}: {error.strerror}; choose another --port"
            ) from error
        return int(probe.getsockname()[1])
