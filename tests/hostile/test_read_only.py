"""An archive that can only be read: of another user, in a folder where nothing may be made."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archive.database.connect import connect, must_be_immutable
from tests.archive.making import make_archive, save
from tests.archive.stored import new_archive

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

# As nobody: how many stories the library and Datasette see, once for each line that comes in.
READER = f"""
import asyncio, os, sys
sys.path.insert(0, {str(ROOT)!r})
from datasette.app import Datasette
from archive import open_archive

def answer(datasette, path):
    return asyncio.get_event_loop().run_until_complete(datasette.client.get(path))

asyncio.set_event_loop(asyncio.new_event_loop())
answer(Datasette(memory=True), "/_memory.json?sql=select+1")  # all that is imported late
os.setuid({NOBODY})
shown = Datasette([sys.argv[1]])
for _ in sys.stdin:
    with open_archive(sys.argv[1]) as archive:
        read = len(archive.stories())
    found = answer(shown, "/archive/stories.json?_shape=array")
    print(read, found.status_code, len(found.json()), flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for each in (tmp_path, *tmp_path.parents[:3]):
        each.chmod(0o755)
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    return folder


def test_another_user_s_archive_is_read_before_beside_and_after_a_crawl(folder: Path) -> None:
    make_archive(folder).close()
    file = folder / "archive.db"
    file.chmod(0o644)
    reader = subprocess.Popen(
        [sys.executable, "-P", "-W", "ignore", "-c", READER, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin is not None
    assert reader.stdout is not None

    def seen() -> str:
        print("look", file=reader.stdin, flush=True)
        return reader.stdout.readline().strip()

    try:
        assert seen() == "0 200 0"
        with closing(connect(file)) as crawl:
            save(crawl, "1")
            assert seen() == "1 200 1"
        assert seen() == "1 200 1"
    finally:
        reader.stdin.close()
        reader.wait(timeout=60)
        reader.stdout.close()


def test_only_a_file_in_wal_mode_that_nobody_has_open_is_immutable(folder: Path) -> None:
    file = folder / "archive.db"
    conn = new_archive(file)
    file.chmod(0o644)
    assert file.with_name("archive.db-wal").exists()
    assert not _as_nobody(file)
    conn.close()
    assert _as_nobody(file)
    assert not must_be_immutable(file)  # we may write there
    conn = connect(file)
    conn.execute("PRAGMA journal_mode = DELETE")
    conn.close()
    assert not _as_nobody(file)


def _as_nobody(file: Path) -> bool:
    script = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path\n"
        "from archive.database.connect import must_be_immutable\n"
        f"os.setuid({NOBODY}); print(must_be_immutable(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-P", "-c", script, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip() == "True"
