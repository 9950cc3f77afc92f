"""A backup holds all, whatever goes on meanwhile, and comes back only when it is whole."""

from __future__ import annotations

import io
import signal
import sqlite3
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.database.connect import connect, transaction
from archive.errors import ArchiveError
from archive.model import RawPage
from archive.pages.store import PageStore
from archive.upkeep.backup import backup, restore
from tests.archive.stored import new_archive, put_article

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An archive of one article and its page."""
    folder = tmp_path / "data"
    folder.mkdir()
    conn = new_archive(folder / "archive.db")
    put_article(conn)
    conn.close()
    pages = PageStore(folder / "pages.db")
    pages.save(
        RawPage(url="https://a.cn/1", source_id="stcn", fetched=NOW, status=200, headers=(),
                body=b"<p>page</p>")
    )  # fmt: skip
    pages.close()
    return folder


def titles(folder: Path) -> list[str]:
    conn = connect(folder / "archive.db", readonly=True)
    try:
        return [row[0] for row in conn.execute("SELECT title FROM articles ORDER BY id")]
    finally:
        conn.close()


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz", "b.tar.zst"])
def test_what_was_backed_up_comes_back(data: Path, tmp_path: Path, name: str) -> None:
    made = backup(data, tmp_path / name, now=NOW)
    assert (made.articles, made.pages, made.made) == (1, 1, "2026-11-23T17:30:00Z")
    back = tmp_path / "back"
    restore(tmp_path / name, back)
    assert titles(back) == ["人工智能_国家队_再扩容：郑州入围，东北城市首次入列"]
    pages = PageStore(back / "pages.db")
    assert pages.read(1).body == b"<p>page</p>"
    pages.close()


def test_a_backup_in_a_folder_is_named_by_the_time(data: Path, tmp_path: Path) -> None:
    made = backup(data, tmp_path, now=NOW)
    assert made.file == tmp_path / "broadsheet-2026-11-23T173000Z.tar"


def test_what_is_not_committed_is_not_in_it(data: Path, tmp_path: Path) -> None:
    writer = connect(data / "archive.db")
    with transaction(writer):
        writer.execute("UPDATE articles SET title = 'half'")
        backup(data, tmp_path / "b.tar", now=NOW)
    writer.close()
    restore(tmp_path / "b.tar", tmp_path / "back")
    assert titles(tmp_path / "back") != ["half"]


def test_nothing_is_left_beside_a_backup(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    backup(data, out / "b.tar", now=NOW)
    assert [path.name for path in out.iterdir()] == ["b.tar"]


def test_a_damaged_archive_is_not_backed_up(data: Path, tmp_path: Path) -> None:
    old = tmp_path / "b.tar"
    backup(data, old, now=NOW)
    before = old.read_bytes()
    file = data / "archive.db"
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    file.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"archive\.db (is damaged|can't be copied)"):
        backup(data, old, now=NOW)
    assert old.read_bytes() == before


@pytest.mark.parametrize("place", [600, -3000])
def test_a_damaged_backup_changes_nothing(data: Path, tmp_path: Path, place: int) -> None:
    file = tmp_path / "b.tar"
    backup(data, file, now=NOW)
    content = bytearray(file.read_bytes())
    content[place] ^= 0xFF
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(ArchiveError, match="no backup of ours, or damaged"):
        restore(file, tmp_path / "back")
    assert not (tmp_path / "back" / "archive.db").exists()


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "x.tar"
    file.write_bytes(b"not a tar file")
    with pytest.raises(ArchiveError, match=r"x\.tar is no backup of ours"):
        restore(file, tmp_path / "back")


def test_an_archive_that_is_there_is_not_written_over(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "b.tar", now=NOW)
    with pytest.raises(ArchiveError, match="there is an archive in"):
        restore(tmp_path / "b.tar", data)


def test_the_archive_that_was_there_is_moved_aside_whole(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "b.tar", now=NOW)
    conn = connect(data / "archive.db")
    put_article(conn, id=897, url="https://a.cn/897", title="later")
    aside = tmp_path / "aside"
    restore(tmp_path / "b.tar", data, aside=aside)  # its -wal is in use: it goes with it
    conn.close()
    assert len(titles(data)) == 1
    assert titles(aside)[1:] == ["later"]


# Killed the moment before it opens, or renames, a file of this name for the n-th time.
_KILLED = """
import os, signal, sys
from pathlib import Path
from archive.upkeep.backup import restore
event, name, file, data, aside = sys.argv[1:]
def kill(happening, values):
    if happening == event and str(values[0]).endswith(name):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
restore(Path(file), Path(data), aside=Path(aside) if aside else None)
"""


@pytest.mark.parametrize(
    ("event", "name"),
    [("open", ".restore/pages.db"), ("os.rename", ".restore/archive.db")],
)
def test_a_restore_that_was_killed_is_mended_by_the_next(
    data: Path, tmp_path: Path, event: str, name: str
) -> None:
    backup(data, tmp_path / "b.tar", now=NOW)
    back = tmp_path / "back"
    assert _restore_killed_at(event, name, tmp_path / "b.tar", back) == -signal.SIGKILL
    assert not (back / "archive.db").exists()
    restore(tmp_path / "b.tar", back)
    assert len(titles(back)) == 1
    assert sorted(path.name for path in back.iterdir()) == ["archive.db", "pages.db"]


@pytest.mark.parametrize("name", ["data/archive.db", ".restore/archive.db"])
def test_a_restore_killed_over_an_archive_loses_neither(
    data: Path, tmp_path: Path, name: str
) -> None:
    backup(data, tmp_path / "b.tar", now=NOW)
    conn = connect(data / "archive.db")
    put_article(conn, id=897, url="https://a.cn/897", title="later")
    conn.close()
    aside = [tmp_path / "aside-1", tmp_path / "aside-2"]
    _restore_killed_at("os.rename", name, tmp_path / "b.tar", data, str(aside[0]))
    restore(tmp_path / "b.tar", data, aside=aside[1])
    kept = next(folder for folder in aside if (folder / "archive.db").exists())
    assert (titles(kept)[1:], len(titles(data))) == (["later"], 1)
    assert sum((folder / "pages.db").exists() for folder in aside) >= 1


def test_a_log_that_another_archive_left_is_not_taken_for_the_restored_one(
    data: Path, tmp_path: Path
) -> None:
    backup(data, tmp_path / "b.tar", now=NOW)
    back = tmp_path / "back"
    back.mkdir()
    conn = connect(data / "archive.db")
    put_article(conn, id=897, url="https://a.cn/897", title="later")
    (back / "archive.db-wal").write_bytes((data / "archive.db-wal").read_bytes())
    conn.close()
    restore(tmp_path / "b.tar", back)
    assert len(titles(back)) == 1


def _restore_killed_at(event: str, name: str, file: Path, data: Path, aside: str = "") -> int:
    arguments = [event, name, str(file), str(data), aside]
    return subprocess.run([sys.executable, "-c", _KILLED, *arguments], check=False).returncode


def test_a_backup_of_a_newer_schema_is_refused(data: Path, tmp_path: Path) -> None:
    conn = sqlite3.connect(data / "archive.db")
    conn.execute("PRAGMA user_version = 999")
    conn.close()
    with pytest.raises(ArchiveError, match="has schema 999"):
        backup(data, tmp_path / "b.tar", now=NOW)


def test_a_manifest_of_brackets_is_none(tmp_path: Path) -> None:
    entry, text = tarfile.TarInfo("manifest.json"), b"[" * 200_000
    entry.size = len(text)
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.addfile(entry, io.BytesIO(text))
    with pytest.raises(ArchiveError, match="no backup of ours"):
        restore(tmp_path / "b.tar", tmp_path / "back")
