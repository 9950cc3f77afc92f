"""A file that is no backup, or made to fill the disk, is refused and leaves nothing."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard

from archive.errors import ArchiveError
from archive.upkeep.backup import restore

ZEROS = bytes(8 << 20)
Member = tuple[str, bytes]


def manifest(**changes: object) -> Member:
    fields: dict[str, object] = {
        "format": 1,
        "made": "2026-11-23T17:30:00Z",
        "articles": 1,
        "pages": 0,
        "files": {"archive.db": hashlib.sha256(b"small").hexdigest()},
        "bytes": {"archive.db": 5},
    }
    return "manifest.json", json.dumps(fields | changes).encode()


def packed(*members: Member, only_last: bool = False, **headers: str) -> bytes:
    """A tar of these, compressed, with `headers` before each of them, or before the last."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            if not only_last or name == members[-1][0]:
                entry.pax_headers = headers
            tar.addfile(entry, io.BytesIO(content))
    return zstandard.ZstdCompressor().compress(buffer.getvalue())


REFUSED = {
    "a database larger than the manifest says": (
        packed(manifest(), ("archive.db", ZEROS)),
        "its member 'archive.db' is not what its manifest says",
    ),
    "a header of tar's that is a bomb": (
        packed(manifest(), comment="0" * len(ZEROS)),
        "it holds more than its manifest says",
    ),
    "a header that claims a database's size": (
        packed(
            manifest(bytes={"archive.db": 100_000_000}),
            ("archive.db", b"small"),
            comment="0" * len(ZEROS),
            only_last=True,
        ),
        "it holds more than its manifest says",
    ),
    "a manifest without sizes": (packed(manifest(bytes=None)), "its manifest lacks something"),
    "sizes without names": (packed(manifest(bytes=["archive.db"])), "its manifest lacks something"),
    "what nothing packs so small": (
        packed(manifest(bytes={"archive.db": 1 << 40}), ("archive.db", ZEROS)),
        "nothing packs 1,099,511,627,776 bytes so small",
    ),
    "a name outside": (packed(manifest(), ("../archive.db", b"small")), r"member '\.\./archive"),
    "a member that no backup has": (packed(manifest(), ("x", b"")), "its member 'x'"),
    "the same member twice": (
        packed(manifest(), ("archive.db", b"small"), ("archive.db", b"small")),
        "File exists",
    ),
    "a manifest that comes later": (
        packed(("archive.db", b"small"), manifest()),
        "it doesn't begin with a manifest",
    ),
    "a manifest that names other files": (
        packed(manifest(files={"archive.db": "", "../x": ""}, bytes={"archive.db": 5, "../x": 1})),
        "names other files than a backup has",
    ),
    "a count that is none": (packed(manifest(articles="[bold]")), "a number that is none"),
    "a time that is none": (packed(manifest(made="\x1b[2J")), "does not match format"),
    "a newer format": (packed(manifest(format=3)), "its format is 3, this Broadsheet reads 2"),
    "no databases at all": (packed(manifest()), "a checksum differs"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    content, words = REFUSED[name]
    file, data = tmp_path / "b.tar.zst", tmp_path / "data"
    file.write_bytes(content)
    with pytest.raises(ArchiveError, match=words):
        restore(file, data)
    assert list(data.iterdir()) == []


def test_a_link_in_it_is_not_made(tmp_path: Path) -> None:
    file, data = tmp_path / "b.tar", tmp_path / "data"
    with tarfile.open(file, "w") as tar:
        name, content = manifest()
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
        link = tarfile.TarInfo("archive.db")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(ArchiveError, match="is not what its manifest says"):
        restore(file, data)
    assert list(data.iterdir()) == []


def test_what_does_not_fit_is_refused_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, data = tmp_path / "b.tar.zst", tmp_path / "data"
    file.write_bytes(packed(manifest(bytes={"archive.db": 80_000_000})))
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=3_000_000))
    with pytest.raises(
        ArchiveError, match=r"holds 80 MB, and .*/data has room for 3 MB: make room"
    ):
        restore(file, data)
    assert list(data.iterdir()) == []
