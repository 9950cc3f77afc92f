"""`broadsheet demo`: the bundled newsroom on loopback, crawled twice."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from archive.database.connect import connect
from archive.folder import DataFolder
from archive.upkeep.overview import stories_with_copies
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.tables import FittedTable, name, number
from crawler.run.terminal.terminal import printable_line

MARK = "demo.toml"  # a folder that holds it is a demo's, and may be made anew
_KINDS = """
SELECT s.kind, count(DISTINCT s.id), count(a.id)
FROM sources AS s LEFT JOIN articles AS a ON a.source_id = s.id
WHERE s.kind <> '' GROUP BY s.kind ORDER BY s.kind
"""
_ENDINGS = """
SELECT CASE WHEN state = 'archived' THEN 'archived' ELSE state || ': ' ||
         CASE WHEN instr(coalesce(reason, ''), ':') THEN substr(reason, 1, instr(reason, ':') - 1)
              ELSE coalesce(reason, '') END END AS ending, count(*)
FROM entries GROUP BY ending ORDER BY count(*) DESC, ending
"""
_UNEXPLAINED = """
SELECT count(*) FROM entries
WHERE (state = 'archived' AND article_id IS NULL)
   OR (state <> 'archived' AND coalesce(reason, '') = '')
"""
_ADDRESSES = "SELECT raw_url FROM entries UNION SELECT url FROM article_urls"
_TITLES = "SELECT title FROM stories ORDER BY published DESC LIMIT 5"


@click.command()
@pass_context
def demo(context: Context) -> None:
    """Crawl a newsroom of our own on loopback, twice, and show what came of it.

    Needs no network. Leaves a folder (./demo-data, or --data) to look at.
    """
    data = Path(context.data_option or "demo-data").absolute()
    _make_anew(data)
    site_process = newsroom()
    with site_process.running_site() as site:
        config = data / MARK
        config.write_text(
            importlib.import_module(_package() + ".demo").demo_config(site), encoding="utf-8"
        )
        click.echo(f"A newsroom of {len(site.hosts)} outlets listens on port {site.port}.\n")
        click.echo("First pass: everything is new.")
        _crawl(config, data)
        site.clear_log()
        click.echo("\nSecond pass: nothing has changed.")
        _crawl(config, data)
        asked = [site.base(entry["host"]) + entry["path"] for entry in site.requests()]
    _report(context, data, asked)


def newsroom() -> Any:
    """The newsroom's process module: in a checkout `tests.site`, installed `crawler.newsroom`."""
    return importlib.import_module(_package() + ".process")


def _package() -> str:
    checkout = Path(__file__).parents[3] / "tests" / "site"
    if checkout.is_dir():
        sys.path.insert(0, str(checkout.parents[1]))
        return "tests.site"
    return "crawler.newsroom"


def _make_anew(data: Path) -> None:
    if data.exists() and any(data.iterdir()):
        if not (data / MARK).is_file():
            raise Failure(
                f"{data} holds something that is no demo; name another folder with --data"
            )
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)


def _crawl(config: Path, data: Path) -> None:
    command = [sys.executable, "-P", "-m", "crawler.run.cli", "crawl"]
    result = subprocess.run([*command, "--config", config, "--data", data], check=False)
    if result.returncode:
        raise Failure(f"the crawl ended with exit code {result.returncode}", result.returncode)


def _report(context: Context, data: Path, asked_again: list[str]) -> None:
    conn = connect(DataFolder(data).archive, readonly=True)
    try:
        say = context.console.print
        kinds = FittedTable([name("kind"), number("sources"), number("articles")])
        for row in conn.execute(_KINDS):
            kinds.add_row(row[0], str(row[1]), str(row[2]))
        endings = FittedTable([name("every announced address ended as"), number("entries")])
        for row in conn.execute(_ENDINGS):
            endings.add_row(printable_line(row[0]), str(row[1]))
        say("")
        say(kinds)
        say(endings)
        say(f"Unexplained losses: {_one(conn, _UNEXPLAINED)}")
        pages = {row[0] for row in conn.execute(_ADDRESSES)}
        again = sum(url in pages for url in asked_again)
        say(f"Requests of the second pass: {len(asked_again)}, of these for article pages: {again}")
        say("\nThe newest stories:")
        for row in conn.execute(_TITLES):
            say(f"  {printable_line(row[0])}")
        say("\nStories that several outlets carried:")
        for story in stories_with_copies(conn, limit=5):
            say(f"  {printable_line(story.title)} ({printable_line(', '.join(story.outlets))})")
    finally:
        conn.close()
    shown = _from_here(data)
    say(f"\nArchive: {shown}/archive.db   Markdown: {shown}/articles/")
    program = _program()
    say(f"Browse:  {program} serve --data {shown}")
    say(f"Search:  {program} search 央行 --data {shown}")


def _program() -> str:
    """The command as it was called: `make demo` has .venv/bin/broadsheet, a shell its name."""
    called = Path(sys.argv[0])
    on_path = shutil.which("broadsheet")
    if called.name != "broadsheet" or (on_path and called.samefile(on_path)):
        return "broadsheet"
    return _from_here(called)


def _from_here(path: Path) -> str:
    path = path.absolute()
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _one(conn: sqlite3.Connection, sql: str) -> int:
    return int(conn.execute(sql).fetchone()[0])
