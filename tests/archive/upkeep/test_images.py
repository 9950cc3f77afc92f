"""Kept pictures in backups, takedowns, merges and WARC files."""

from __future__ import annotations

import io
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from archive.database.connect import connect, transaction
from archive.errors import ArchiveError
from archive.files.orders import lead_to_images, want_file, write_owed
from archive.images.responses import image_responses
from archive.images.rows import image_totals, kept_images
from archive.images.store import ImageStore
from archive.upkeep.backup import backup, restore
from archive.upkeep.forgetting import find_target, forget
from tests.archive.keeping import keep_picture
from tests.archive.making import LONG, NOW, make_archive, save
from tests.archive.upkeep.merge.two import bring
from tests.site.images import png

ONE, OTHER = png(64, 36), png(36, 64)
URL = "https://img.example.com/{}.png"
FED = "The Fed held its rates on Wednesday. " * 20


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def conn(data: Path) -> Iterator[sqlite3.Connection]:
    """Two articles; one picture is led to by both, at two addresses, another by the second."""
    with closing(make_archive(data)) as conn:
        with transaction(conn):
            save(conn, "1", "央行降准", LONG, image=URL.format(1))
            save(conn, "2", "Fed holds rates", FED)
        keep_picture(data, conn, 1, URL.format(1), ONE)
        keep_picture(data, conn, 2, URL.format("1?copy"), ONE)
        keep_picture(data, conn, 2, URL.format(2), OTHER)
        yield conn


def kept(folder: Path) -> set[bytes]:
    store = ImageStore(folder / "images")
    return {store.read(name) for name in store.names()}


def test_a_picture_is_one_file_whatever_leads_to_it(conn: sqlite3.Connection, data: Path) -> None:
    files = [path for path in (data / "images").rglob("*") if path.is_file()]
    digest = sha256(ONE).hexdigest()
    assert data / "images" / digest[:2] / f"{digest[2:]}.png" in files
    assert (len(files), image_totals(conn).files) == (2, 2)
    assert image_totals(conn).bytes == len(ONE) + len(OTHER)


def test_a_backup_brings_them_back(conn: sqlite3.Connection, data: Path, tmp_path: Path) -> None:
    made = backup(data, tmp_path / "b.tar.zst", now=NOW)
    back = tmp_path / "back"
    assert made.images == restore(tmp_path / "b.tar.zst", back).images == 2
    assert kept(back) == {ONE, OTHER}
    with closing(connect(back / "archive.db", readonly=True)) as restored:
        assert set(kept_images(restored, 2)) == {URL.format("1?copy"), URL.format(2)}


def test_without_pictures_a_backup_is_as_before(tmp_path: Path, data: Path) -> None:
    make_archive(data).close()
    backup(data, tmp_path / "b.tar", now=NOW)
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert tar.getnames() == ["manifest.json", "archive.db"]
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        assert b"image" not in manifest.read()


@pytest.mark.parametrize("name", ["other bytes", "one more", "a place of its own"])
def test_a_backup_whose_pictures_are_others_is_refused(
    conn: sqlite3.Connection, data: Path, tmp_path: Path, name: str
) -> None:
    backup(data, tmp_path / "b.tar", now=NOW)
    digest = sha256(b"more").hexdigest()
    with tarfile.open(tmp_path / "b.tar") as old, tarfile.open(tmp_path / "c.tar", "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            body = content.read()
            if member.name.startswith("images/") and name == "other bytes":
                body = body[::-1]
            if member.name.startswith("images/") and name == "a place of its own":
                member.name = "images/../../x.png"
            new.addfile(member, io.BytesIO(body))
        if name == "one more":
            member = tarfile.TarInfo(f"images/{digest[:2]}/{digest[2:]}.png")
            member.size = 4
            new.addfile(member, io.BytesIO(b"more"))
    with pytest.raises(ArchiveError, match=r"c\.tar is no backup of ours, or damaged"):
        restore(tmp_path / "c.tar", tmp_path / "back")
    assert [path.name for path in tmp_path.rglob("*.png") if "back" in path.parts] == []
    assert not (tmp_path / "back" / "archive.db").exists()


def test_a_takedown_leaves_what_another_article_leads_to(
    conn: sqlite3.Connection, data: Path
) -> None:
    forget(conn, find_target(conn, "2", ()), reason="", now=NOW)
    assert kept(data) == {ONE}
    forget(conn, find_target(conn, "1", ()), reason="", now=NOW)
    assert kept(data) == set()
    assert conn.execute("SELECT count(*) FROM images").fetchone()[0] == 0


def test_a_merge_brings_them_along_and_files_lead_to_them(
    conn: sqlite3.Connection, data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    with closing(make_archive(folder)) as ours:
        with transaction(ours):
            save(ours, "2", "Fed holds rates", FED)
            lead_to_images(
                ours, keep=True, link="/i/", markdown_dir=folder, images=folder / "images"
            )
        assert (bring(ours, data).images.new, bring(ours, data).images.new) == (3, 0)
        assert kept(folder) == {ONE, OTHER}
        assert set(kept_images(ours, 1)) == {URL.format("1?copy"), URL.format(2)}
        write_owed(ours, folder / "articles")
    digest = sha256(ONE).hexdigest()
    texts = [path.read_text() for path in (folder / "articles").rglob("*.md")]
    assert sum(f"headimg: '/i/{digest[:2]}/{digest[2:]}.png'" in text for text in texts) == 1


def test_a_merge_looks_at_their_pictures_again(
    conn: sqlite3.Connection, data: Path, tmp_path: Path
) -> None:
    keep_picture(data, conn, 1, URL.format(3), png(9, 9)).write_bytes(b"<svg onload=alert(1)>")
    folder = tmp_path / "ours"
    folder.mkdir()
    with closing(make_archive(folder)) as ours:
        sums = bring(ours, data).images
        assert (sums.new, sums.damaged) == (3, 1)
        state = ours.execute("SELECT state FROM images WHERE url = ?", (URL.format(3),))
        assert state.fetchone()["state"] == "owed"
    assert kept(folder) == {ONE, OTHER}


def test_a_name_that_leads_out_of_their_folder_is_refused(
    conn: sqlite3.Connection, data: Path, tmp_path: Path
) -> None:
    with transaction(conn):
        conn.execute("UPDATE images SET sha256 = '../../../etc/passwd' WHERE id = 1")
    folder = tmp_path / "ours"
    folder.mkdir()
    with (
        closing(make_archive(folder)) as ours,
        pytest.raises(ArchiveError, match="images has what Broadsheet never writes in sha256"),
    ):
        bring(ours, data)


def test_a_file_leads_to_its_pictures(conn: sqlite3.Connection, data: Path) -> None:
    shown = f"{FED}\n\n![Rates]({URL.format(2)}) [and]({URL.format(2)}x)"
    with transaction(conn):
        conn.execute("UPDATE articles SET markdown = ? WHERE id = 2", (shown,))
        lead_to_images(
            conn, keep=True, link="", markdown_dir=data / "articles", images=data / "images"
        )
        want_file(conn, 2)
    write_owed(conn, data / "articles")
    (file,) = (data / "articles").rglob("*fed-holds-rates.md")
    digest = sha256(OTHER).hexdigest()
    way = f"../../../images/{digest[:2]}/{digest[2:]}.png"
    assert f"![Rates]({way}) [and]({URL.format(2)}x)" in file.read_text()
    assert (file.parent / way).read_bytes() == OTHER


def test_an_html_file_leads_to_them_too(conn: sqlite3.Connection, data: Path) -> None:
    with transaction(conn):
        conn.execute("INSERT INTO settings VALUES ('markdown.body', 'html')")
        conn.execute("UPDATE articles SET markdown = ? WHERE id = 2", (f"![]({URL.format(2)})",))
        lead_to_images(conn, keep=True, link="/i/", markdown_dir=data, images=data / "images")
        want_file(conn, 2)
    write_owed(conn, data / "articles")
    (file,) = (data / "articles").rglob("*fed-holds-rates.md")
    digest = sha256(OTHER).hexdigest()
    assert f'<img src="/i/{digest[:2]}/{digest[2:]}.png"' in file.read_text()


def test_a_warc_holds_each_address_with_its_type(conn: sqlite3.Connection, data: Path) -> None:
    found = list(image_responses(conn, ImageStore(data / "images")))
    assert [(page.url, page.body) for page in found] == [
        (URL.format(1), ONE),
        (URL.format("1?copy"), ONE),
        (URL.format(2), OTHER),
    ]
    assert {page.headers for page in found} == {(("Content-Type", "image/png"),)}


def test_those_of_an_archive_that_is_moved_aside_go_with_it(
    conn: sqlite3.Connection, data: Path, tmp_path: Path
) -> None:
    backup(data, tmp_path / "b.tar", now=NOW)
    keep_picture(data, conn, 1, URL.format(3), png(9, 9))
    conn.close()
    restore(tmp_path / "b.tar", data, aside=tmp_path / "aside")
    assert kept(data) == {ONE, OTHER}
    assert kept(tmp_path / "aside") == {ONE, OTHER, png(9, 9)}
