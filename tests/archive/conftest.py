"""An archive and a folder for its Markdown files; a test file with other needs has its own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.database.connect import connect
from tests.archive.making import make_archive
from tests.archive.upkeep.verify.damaging import Sample, make_sample


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An archive that knows one source, `stcn`."""
    conn = make_archive(tmp_path)
    yield conn
    conn.close()


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return tmp_path / "articles"


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive with something of everything, to be damaged in copies."""
    data = tmp_path_factory.mktemp("intact")
    make_sample(data).conn.close()
    return data


@pytest.fixture
def sample(intact: Path, tmp_path: Path) -> Iterator[Sample]:
    data = tmp_path / "data"
    shutil.copytree(intact, data)
    conn = connect(data / "archive.db")
    yield Sample(data, conn)
    conn.close()
