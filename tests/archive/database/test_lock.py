from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.database.lock import ArchiveLock, Holder, lock_holder
from archive.errors import ArchiveError, ArchiveLocked

HOLD = """
import sys
from pathlib import Path
from archive.database.lock import ArchiveLock, Holder, lock_holder
with ArchiveLock(Path(sys.argv[1]), "broadsheet crawl"):
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture
def holder(tmp_path: Path):
    """A real process that holds the lock of tmp_path until its stdin ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield child
        child.kill()


def test_lock_held_by_another_process_names_its_pid_and_command(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(ArchiveLocked) as caught, ArchiveLock(tmp_path, "broadsheet render"):
        pass
    assert str(caught.value) == (
        f"archive {tmp_path} is in use by pid {holder.pid} (broadsheet crawl);"
        " wait for it or stop it"
    )


def test_lock_of_a_killed_process_is_free(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert "broadsheet crawl" in (tmp_path / "lock").read_text()
    with ArchiveLock(tmp_path, "broadsheet render"):
        assert (tmp_path / "lock").read_text() == (
            f'{{"pid": {os.getpid()}, "command": "broadsheet render"}}'
        )


def test_lock_is_free_after_the_block(tmp_path: Path) -> None:
    with ArchiveLock(tmp_path, "broadsheet crawl"):
        pass
    assert (tmp_path / "lock").read_text() == ""
    with ArchiveLock(tmp_path, "broadsheet render"):
        pass


def test_lock_is_free_after_an_error_in_the_block(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), ArchiveLock(tmp_path, "broadsheet crawl"):
        _ = 1 // 0
    with ArchiveLock(tmp_path, "broadsheet render"):
        pass


def test_same_process_can_not_take_the_lock_twice(tmp_path: Path) -> None:
    with (
        ArchiveLock(tmp_path, "broadsheet daemon"),
        pytest.raises(ArchiveLocked, match=r"\(broadsheet daemon\)"),
        ArchiveLock(tmp_path, "broadsheet crawl"),
    ):
        pass


def test_folder_of_a_new_archive_is_made(tmp_path: Path) -> None:
    with ArchiveLock(tmp_path / "new" / "data", "broadsheet crawl"):
        assert (tmp_path / "new" / "data" / "lock").exists()


def test_unusable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with (
        pytest.raises(ArchiveError, match=f"archive {tmp_path}/data can't be locked"),
        ArchiveLock(tmp_path / "data", "broadsheet crawl"),
    ):
        pass


def test_readers_are_told_who_holds_the_lock(tmp_path: Path) -> None:
    assert lock_holder(tmp_path) is None
    with ArchiveLock(tmp_path, "broadsheet daemon"):
        assert lock_holder(tmp_path) == Holder(pid=os.getpid(), command="broadsheet daemon")
    assert lock_holder(tmp_path) is None


def test_a_killed_holder_is_none(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text('{"pid": 1, "command": "broadsheet daemon"}')
    assert lock_holder(tmp_path) is None
    with ArchiveLock(tmp_path, "broadsheet crawl"):
        pass
