"""Every command in a folder whose files are named as our packages, or as what those import."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import click
import pytest

from crawler.run.cli import main
from tests.line.conftest import LIMIT_S, wait_until
from tests.site.process import running_site

BROADSHEET = Path(sys.executable).with_name("broadsheet")
STRANGERS = (
    *("config.py", "archive.py", "crawler.py", "spiders.py", "spiders/__init__.py"),
    *("tests/__init__.py", "tests/site.py", "multiprocessing/__init__.py", "socket.py"),
    *("click.py", "scrapy.py", "trafilatura.py", "datasette.py", "apprise.py"),
)
EXECUTED = "open(__file__ + '.executed', 'w').close()\n"
CONFIG = """\
[crawl]
contact = "test@example.org"
allow_networks = ["127.0.0.0/8"]
download_delay_s = 0

[[source]]
id = "s"
name = "Plain"
url = "{url}"
"""
OPML = '<opml version="2.0"><body><outline text="A" xmlUrl="{url}&amp;b=1"/></body></opml>'
ARGUMENTS = {  # of every command
    "init": ("--config", "new.toml"),
    "demo": (),
    "crawl": (),
    "daemon": (),
    "status": (),
    "sources check": ("s",),
    "sources add": ("--help",),
    "sources import": ("list.opml", "--dry-run"),
    "sources export": ("--opml",),
    "sources catalog": ("stcn",),
    "sources list": (),
    "sources show": ("s",),
    "sources remove": ("s",),
    "sources rename": ("s", "t"),
    "sources enable": ("s",),
    "sources disable": ("s",),
    "search": ("the",),
    "show": ("1",),
    "stats": (),
    "coverage": (),
    "changes": (),
    "held list": (),
    "held release": ("1",),
    "held refuse": ("1",),
    "copies list": (),
    "copies lead": ("1",),
    "copies merge": ("1", "3"),
    "copies split": ("2",),
    "retry": ("--state", "archived"),
    "export": ("--format", "jsonl", "-"),
    "import": ("posts",),
    "render": (),
    "reextract": (),
    "verify": ("--full",),
    "backup": ("copy.tar",),
    "restore": ("kept.tar", "--force"),
    "merge": ("other", "--yes"),
    "forget": ("1", "--yes"),
    "serve": ("--port", "0"),
    "worker": ("--help",),  # this, and the next, need an optional package to do more
    "mcp": ("--help",),
}
VARYING = (
    (r"\d{4}-\d\d-\d\d[ T]\d\d[:.]?\d\d([:.]?\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?", "TIME"),
    (r"\b\d\d:\d\d(:\d\d [+-]\d{4})?\b", "TIME"),
    (r"[\d.]+ (s|ms|minutes?|pages/s|[kKM]B|bytes)\b", "SOME"),
    (r":\d{4,5}\b|port \d+|\[\d+\]", "NUMBER"),
)


def _commands(group: click.Group = main, prefix: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix}{name} ")
        else:
            yield prefix + name


def _start(folder: Path, *words: str) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONSAFEPATH", "PYTHONPATH")}
    return subprocess.Popen(
        [BROADSHEET, *words],
        cwd=folder,
        env=kept
        | {"BROADSHEET_DATA": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "xdg")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def _said(folder: Path, process: subprocess.Popen[str]) -> str:
    """What it said to its end, without what differs from run to run, and its exit code."""
    out = process.communicate(timeout=LIMIT_S)[0].replace(str(folder), "HERE")
    for pattern, name in VARYING:
        out = re.sub(pattern, name, out)
    lines = sorted(line.strip() for line in out.splitlines())
    return "\n".join([*lines, f"exit code {process.returncode}"])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that has what the commands are about, and a newsroom that answers for it."""
    folder = tmp_path_factory.mktemp("template")
    with running_site() as site:
        url = site.url("plain", "/bulk/feed.xml?n=3")
        (folder / "broadsheet.toml").write_text(CONFIG.format(url=url))
        (folder / "list.opml").write_text(OPML.format(url=url))
        for words in (["crawl"], ["copies", "merge", "1", "2"], ["backup", "kept.tar"]):
            said = _said(folder, _start(folder, *words))
            assert said.endswith("exit code 0"), said
        _hold_something(folder / "data" / "archive.db")
        shutil.copytree(folder / "data", folder / "other")
        shutil.copytree(folder / "data" / "articles", folder / "posts")
        yield folder


def _hold_something(archive: Path) -> None:
    """For `held release` and `held refuse`: an entry whose page is a wall."""
    with closing(sqlite3.connect(archive)) as conn, conn:
        conn.execute("UPDATE entries SET state = 'held', reason = 'placeholder' WHERE id = 3")
        conn.execute(
            "INSERT INTO holds(at, reason, outlet, text_hash, entry_id)"
            " VALUES ('2026-11-23T08:00:00Z', 'placeholder', 'Plain', 'ab', 3)"
        )


@pytest.fixture
def folders(template: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The same folder twice; in the second one lie a stranger's files as well."""
    clean, strange = tmp_path / "one", tmp_path / "two"
    for folder in (clean, strange):
        shutil.copytree(template, folder)
    for name in STRANGERS:
        (strange / name).parent.mkdir(exist_ok=True)
        (strange / name).write_text(EXECUTED)
    (strange / "scrapy.cfg").write_text("[settings]\ndefault = config\n")
    return clean, strange


def _run(command: str, folder: Path) -> str:
    return _said(folder, _start(folder, *command.split(), *ARGUMENTS[command]))


def _crawl(command: str, folder: Path) -> str:
    shutil.rmtree(folder / "data")
    return _run(command, folder) + f"\n{len(_articles(folder))} articles"


def _demo(command: str, folder: Path) -> str:
    """Of what it says what doesn't hang on which of two copies came first: no counts by kind."""
    wanted = ("articles", "feed", "json", "listing", "sitemap", "Unexplained", "exit code")
    lines = [line for line in _run(command, folder).splitlines() if line.startswith(wanted)]
    kept = ("Unexplained", "exit code")
    return "\n".join(line if line.startswith(kept) else line.split()[0] for line in lines)


def _daemon(command: str, folder: Path) -> str:
    shutil.rmtree(folder / "data")
    process = _start(folder, command)
    try:
        wait_until(lambda: len(_articles(folder)) == 3, process)
        process.send_signal(signal.SIGTERM)
        return _said(folder, process)
    finally:
        process.kill()


def _serve(command: str, folder: Path) -> str:
    process = _start(folder, command, *ARGUMENTS[command])
    assert process.stdout is not None
    try:
        seen = process.stdout.readline()
        base = seen.partition(" at ")[2].partition(" ")[0]
        while "Uvicorn running" not in (line := process.stdout.readline()):
            assert line, "datasette ended before it listened"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{base}archive/stories.json?_shape=array", timeout=30) as answer:
            shown = [row["id"] for row in json.load(answer)]
        process.send_signal(signal.SIGINT)
        return _said(folder, process) + f"\n{shown}"
    finally:
        process.kill()


def _articles(folder: Path) -> list[Path]:
    return list((folder / "data" / "articles").rglob("*.md"))


WAYS: dict[str, Callable[[str, Path], str]] = {
    "crawl": _crawl,
    "daemon": _daemon,
    "demo": _demo,
    "serve": _serve,
}
# By default those that start others (workers, Datasette), and one of those that start nothing.
FAST = ("init", "crawl", "daemon", "sources check", "search", "reextract", "serve")


def test_every_command_is_tried() -> None:
    assert set(ARGUMENTS) == set(_commands())


@pytest.mark.parametrize(
    "command",
    [pytest.param(name, marks=[] if name in FAST else [pytest.mark.slow]) for name in ARGUMENTS],
)
def test_a_stranger_s_files_change_no_command(command: str, folders: tuple[Path, Path]) -> None:
    way = WAYS.get(command, _run)
    with ThreadPoolExecutor(2) as runs:
        clean, strange = runs.map(lambda folder: way(command, folder), folders)
    assert "exit code 0" in clean, clean
    assert strange == clean
    assert [path.name for path in folders[1].rglob("*.executed")] == []
