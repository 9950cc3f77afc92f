"""The schema of every release, each with a few rows, as SQL.

Until a release `python -P -m tests.archive.schemas` writes the latest anew; afterwards it stays as
it is, and a test holds that today's program opens it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from archive.asof import triggers
from archive.database.connect import connect
from archive.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION
from archive.search.index_schema import TRIGGERS
from tests.archive.making import LONG, make_archive, make_source, save

FOLDER = Path(__file__).parent
RELEASED = range(1, SCHEMA_VERSION + 1)
# In the order in which their rows can be put back; the search index follows its triggers.
_TABLES = (
    *("migrations", "settings", "sources", "visits", "articles", "article_urls", "superseded"),
    *("instruments", "mentions", "near_bands", "entries", "files", "changes"),
)


def load(version: int, folder: Path) -> sqlite3.Connection:
    """Make an archive in `folder` as that release left one."""
    conn = connect(folder / "archive.db")
    conn.executescript((FOLDER / f"{version:04}.sql").read_text("utf-8"))
    return conn


def dump() -> str:
    """Give today's schema and some rows, as a release writes them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(make_archive(Path(folder), make_source("stcn"), make_source("cnbc"))) as conn,
    ):
        save(conn, "1", "央行降准", LONG)
        save(conn, "1", "央行降准0.5个百分点", LONG + "其中大型银行降至10%。")
        save(conn, "https://cnbc.example.com/2", "央行降准", "本报讯。" + LONG, source_id="cnbc")
        return "\n".join(_lines(conn)) + "\n"


def _lines(conn: sqlite3.Connection) -> Iterator[str]:
    yield f"PRAGMA application_id = {APPLICATION_ID};"
    yield f"PRAGMA user_version = {SCHEMA_VERSION};"
    yield "BEGIN;"
    yield "\n".join(MIGRATIONS).strip()
    yield TRIGGERS.strip()
    for table in _TABLES:
        columns = [row["name"] for row in conn.execute(f"PRAGMA table_info({table})")]
        quoted = " || ', ' || ".join(f"quote({column})" for column in columns)
        into = f"INSERT INTO {table}({', '.join(columns)}) VALUES ("
        for (values,) in conn.execute(f"SELECT {quoted} FROM {table} ORDER BY 1"):
            yield f"{into}{values});"
    yield triggers.CREATE.strip()  # the rows above are no events
    yield "COMMIT;"
