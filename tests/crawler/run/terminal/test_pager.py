"""The pager: on a terminal alone."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from crawler.run.terminal.pager import paged
from tests.crawler.run.sample import Broadsheet


def test_elsewhere_than_on_a_terminal_it_is_printed() -> None:
    console = Console(file=StringIO(), force_terminal=False)
    with paged(console):
        console.print("央行降准")
    assert console.file.getvalue() == "央行降准\n"  # type: ignore[attr-defined]


def on_a_terminal(*command: str, answers: bytes = b"", **environ: str) -> str:
    """Run a command on a terminal of its own, typing `answers`, and give what it showed."""
    ours, theirs = pty.openpty()
    os.write(ours, answers)
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "crawler.run.cli", *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | environ,
        cwd=Path(__file__).parents[4],
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # the other end is closed: it has ended
            pass
        process.wait(60)
    os.close(ours)
    return shown.decode()


@pytest.mark.slow
def test_an_article_goes_through_the_pager_and_hits_stand_out(
    broadsheet: Broadsheet, archive: Path, config_file: Path
) -> None:
    own = ("--config", str(config_file), "--data", str(archive.parent))
    shown = on_a_terminal(*own, "show", "1", PAGER="sed s/^/page:/", TERM="xterm-256color")
    assert "page:央行宣布下调存款准备金率" in shown
    assert "\x1b[" not in shown  # colours are for less alone
    found = on_a_terminal(*own, "search", "存款准备金", TERM="xterm-256color")
    assert "下调\x1b[0m\x1b[1;33m存款准备金\x1b[0m" in found
