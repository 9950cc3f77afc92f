"""An archive on a read-only mount: alone, beside a writer that sees the same files as its own, and
as a killed writer left it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from archive.database.lock import ArchiveLock
from tests.archive.making import save
from tests.archive.upkeep.verify.damaging import Sample, make_sample
from tests.line.conftest import wait_until

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
CLI = [sys.executable, "-P", "-W", "ignore", "-m", "crawler.run.cli"]
LIVE = "The writer wrote this a moment ago. " * 20
# In a mount namespace of its own: nobody else sees the mount, and it goes with the command.
MOUNTED = 'mount --bind "$1" "$2" && mount -o remount,bind,ro "$2" && shift 2 && exec "$@"'


def _can_mount() -> bool:
    if os.geteuid() or not shutil.which("unshare") or not shutil.which("setpriv"):
        return False
    command = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not _can_mount(), reason="only root with mount namespaces can mount"),
]


class Mount:
    """A data folder, and the commands that see it read-only at another place."""

    def __init__(self, folder: Path, user: int):
        self.data, self.place, self.user = folder / "data", folder / "mount", user
        self.data.mkdir()
        self.place.mkdir()

    def start(self, *command: str) -> subprocess.Popen[str]:
        become = ["setpriv", f"--reuid={self.user}", "--clear-groups", "--"] if self.user else []
        place = ["sh", "-c", MOUNTED, "sh", str(self.data), str(self.place)]
        return subprocess.Popen(
            ["unshare", "-m", *place, *become, *CLI, "--data", str(self.place), *command],
            cwd=self.place.parent,
            env=os.environ | {"HOME": "/nowhere", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str, exit_code: int = 0) -> str:
        process = self.start(*command)
        said, _ = process.communicate(timeout=90)
        assert process.returncode == exit_code, said
        return said

    @contextmanager
    def serve(self) -> Iterator[str]:
        """The address that `serve` says."""
        process = self.start("serve", "--port", "0")
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[3].rstrip("/")
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.fixture(params=[0, NOBODY], ids=["root", "nobody"])
def mount(request: pytest.FixtureRequest) -> Iterator[Mount]:
    # not pytest's folder, which it keeps to its own user
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        Path(folder).chmod(0o755)
        yield Mount(Path(folder), request.param)


@pytest.fixture
def sample(mount: Mount) -> Iterator[Sample]:
    before = os.umask(0o022)
    made = make_sample(mount.data)
    for path in mount.data.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    yield made
    os.umask(before)


def _reads_all_of(mount: Mount, stories: int) -> None:
    """Every way of reading gives what is there."""
    assert json.loads(mount.run("search", "Fed", "--json"))[0]["title"] == "Fed holds rates"
    assert "央行降准0.5个百分点" in mount.run("show", "1", "--revisions")
    assert json.loads(mount.run("stats", "--json"))["stories"] == stories
    told = mount.run("export", "--format", "jsonl", "-").splitlines()
    assert len([line for line in told if line.startswith("{")]) == stories
    assert "Nothing is wrong." in mount.run("verify")
    assert "Nothing is wrong. Compared: everything." in mount.run("verify", "--full")
    if mount.user and not _is_for_all(Path(sys.executable).resolve()):
        return  # `serve` becomes Datasette by starting Python again, which nobody may here
    with mount.serve() as address:
        assert "Fed holds rates" in _get(f"{address}/-/article/2")
        rows = json.loads(_get(f"{address}/archive/stories.json?_shape=array"))
        assert len(rows) == stories


def _is_for_all(program: Path) -> bool:
    return all(path.stat().st_mode & stat.S_IXOTH for path in (program, *program.parents))


def _get(url: str) -> str:
    found: list[str] = []

    def is_answered() -> bool:
        with (
            suppress(ConnectionError, urllib.error.URLError),
            urllib.request.urlopen(url, timeout=10) as answer,
        ):
            found.append(answer.read().decode())
        return bool(found)

    wait_until(is_answered)
    return found[0]


def test_nobody_writes_it(mount: Mount, sample: Sample) -> None:
    sample.conn.close()
    before = {path: path.stat().st_mtime_ns for path in mount.data.rglob("*")}
    _reads_all_of(mount, 3)
    assert {path: path.stat().st_mtime_ns for path in mount.data.rglob("*")} == before
    assert "Read-only file system" in mount.run("forget", "1", "--yes", exit_code=1)


def test_a_writer_beside_it_is_seen(mount: Mount, sample: Sample) -> None:
    with ArchiveLock(mount.data, "crawl", shared=True):
        save(sample.conn, "9", "A live writer", LIVE)
        assert (mount.data / "archive.db-wal").stat().st_size > 0
        (mount.data / "lock").chmod(0o600)  # whose it is nobody else can tell
        _reads_all_of(mount, 4)
        assert json.loads(mount.run("search", "moment", "--json"))[0]["title"] == "A live writer"
    sample.conn.close()


def test_what_a_killed_writer_left_is_told_and_no_damage(mount: Mount, sample: Sample) -> None:
    save(sample.conn, "9", "A live writer", LIVE)
    left = mount.data.parent / "left"
    shutil.copytree(mount.data, left)
    sample.conn.close()
    shutil.rmtree(mount.data)
    left.rename(mount.data)
    (mount.data / "archive.db-shm").unlink()
    said = mount.run("verify", exit_code=1)
    assert "whoever wrote it last was killed" in said
    assert "corrupt" not in said


def test_what_verify_may_not_read_is_told_and_the_rest_compared(
    mount: Mount, sample: Sample
) -> None:
    if not mount.user:
        pytest.skip("root may read everything")
    sample.conn.close()
    for name in ("articles", "images", "pages.db"):
        (mount.data / name).chmod(0o700)
    found = json.loads(mount.run("verify", "--json", exit_code=1))
    assert {damage["kind"] for damage in found["damage"]} == {"not-compared"}
    told = {example["where"] for example in found["damage"][0]["examples"]}
    assert "pages.db" in told
    assert "https://img.example.com/2.png" in told
