"""An archive and a folder for its Markdown files; a test file with other needs has its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.stored import new_archive


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    conn = new_archive(tmp_path / "archive.db")
    yield conn
    conn.close()


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return tmp_path / "articles"
