"""Two empty archives with one source, `stcn`: copies of one, as making it takes most of a test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.archive.making import make_archive
from tests.archive.upkeep.merge.two import copy_of


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(make_archive(tmp_path_factory.mktemp("empty"))) as conn:
        yield conn


@pytest.fixture
def ours(empty: sqlite3.Connection, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(copy_of(empty, tmp_path / "ours")) as conn:
        yield conn


@pytest.fixture
def theirs(empty: sqlite3.Connection, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(copy_of(empty, tmp_path / "theirs")) as conn:
        yield conn
