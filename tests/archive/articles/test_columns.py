"""One table of an article's columns, and what is built from it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from archive.articles.columns import COLUMNS, VERSIONED, Kind, Later, StoredArticle
from archive.model import SourceState
from archive.reader import StoredRevision
from archive.record import FIELDS
from tests.archive.making import make_archive

IN_THE_COPY = "tests.archive.articles.eight_doors"
ROOT = Path(__file__).resolve().parents[3]

# What a further column takes: a line of SQL, its entry with a field, and what fills it.
PRODUCT_FILES = {
    "archive/schema.py": {
        "  image TEXT NOT NULL DEFAULT '',        -- lead image, absolute\n": (
            "  dateline TEXT NOT NULL DEFAULT '',     -- where it was written\n"
        ),
    },
    "archive/articles/columns.py": {
        '    Column("image", Kind.TEXT, Later.IF_SAID, page=lambda f: f.article.image,'
        ' shown="image"),\n': (
            '    Column("dateline", Kind.TEXT, Later.IF_SAID, page=lambda f: f.article.dateline,'
            ' shown="dateline"),\n'
        ),
        "    image: str\n": "    dateline: str\n",
    },
    "archive/model.py": {
        '    summary: str = ""\n    image: str = ""\n': '    dateline: str = ""\n',
    },
}
DOORS = {
    "insert": "Basel",
    "revise": "Bern",
    "revise in silence": "Bern",
    "re-extract": "Biel",
    "merge": "Chur",
    "reader": "Biel",
    "JSON lines": ["Chur", "Biel"],
    "CSV": ["Chur", "Biel"],
    "Parquet": ["Chur", "Biel"],
    "show": ["dateline   Biel"],
    "show --json": "Biel",
}


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Add a column to a copy of the product, and carry it through every door there."""
    copy = tmp_path_factory.mktemp("copy")
    for package in ("archive", "config", "crawler", "spiders"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    for name, additions in PRODUCT_FILES.items():
        for line, added in additions.items():
            add_behind(copy / name, line, added)
    run = subprocess.run(
        [sys.executable, "-P", "-m", IN_THE_COPY, tmp_path_factory.mktemp("ran")],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": f"{copy}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, object] = json.loads(run.stdout)
    assert found.pop("code") == str(copy / "archive/__init__.py")
    return found


def add_behind(path: Path, line: str, added: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(line) == 1, f"{path.name} has no longer, or more than once: {line}"
    path.write_text(text.replace(line, line + added), encoding="utf-8")


def declared(conn: sqlite3.Connection, table: str) -> dict[str, str]:
    return {row["name"]: row["type"] for row in conn.execute(f"PRAGMA table_info({table})")}


def test_every_column_of_the_schema_has_its_entry_and_its_type(conn: sqlite3.Connection) -> None:
    whole = (Kind.NUMBER, Kind.FLAG)
    types = dict.fromkeys(whole, "INTEGER") | {Kind.SHARE: "REAL"}
    entries = {c.name: types.get(c.kind, "TEXT") for c in COLUMNS}
    assert entries == declared(conn, "articles")
    assert len(COLUMNS) == len(entries)


def test_what_the_reader_gives_are_the_public_columns() -> None:
    assert [field.name for field in fields(StoredArticle)] == [
        column.field or column.name for column in COLUMNS if column.public
    ]


def test_an_export_keeps_its_columns_in_their_order() -> None:
    assert list(FIELDS) == [
        *("id", "url", "source_id", "source_name", "title", "author", "published"),
        *(
            "published_from",
            "published_claimed",
            "updated",
            "fetched",
            "first_seen",
            "version_seen",
            "checked",
            "withdrawn",
        ),
        *("language", "category", "section", "tags", "securities", "summary", "text", "markdown"),
        *("image", "word_count", "content_hash", "copy_of", "origin", "revision", "version"),
        "paywalled",
        *("markdown_path", "lead_reason", "confidence"),
    ]


def test_what_a_version_decides_is_replaced_by_the_next(conn: sqlite3.Connection) -> None:
    decided = [column for column in COLUMNS if column.version or column.computed]
    assert {column.later for column in decided} == {Later.REPLACE}
    own = {"article_id", "number", "seen", "kind"}
    assert declared(conn, "revisions").keys() - own == set(VERSIONED)


@pytest.mark.parametrize(
    ("table", "kind"), [("revisions", StoredRevision), ("sources", SourceState)]
)
def test_a_row_that_is_read_whole_has_a_field_for_every_column(
    conn: sqlite3.Connection, table: str, kind: type
) -> None:
    together = {"validators": ("etag", "last_modified", "validators_url", "body_digest")}
    named = [together.get(field.name, (field.name,)) for field in fields(kind)]
    columns = [column for columns in named for column in columns]
    assert sorted(columns) == sorted(declared(conn, table))


def test_a_further_column_touches_three_files_of_the_product() -> None:
    assert len(PRODUCT_FILES) == 3


@pytest.mark.parametrize("door", DOORS)
def test_a_further_column_comes_through_every_door(doors: dict[str, object], door: str) -> None:
    if door == "Parquet" and doors[door] is None:
        pytest.skip("pyarrow is not installed (the extra parquet): make extras")
    assert doors[door] == DOORS[door]
