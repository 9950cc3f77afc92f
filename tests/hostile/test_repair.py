"""A damaged page anywhere: what is derived is made anew, what can be read is kept, the rest named.

Rows 18 and 8 of the hostile cases.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.database.connect import connect, transaction
from archive.errors import ArchiveDamaged, ArchiveError
from archive.files.orders import write_owed
from archive.pages.store import PageStore
from archive.upkeep.backup import backup, restore
from archive.upkeep.verify.check import Scope, check
from archive.upkeep.verify.damage import Damage, DamageKind
from archive.upkeep.verify.repair import Repaired, repair
from tests.archive.making import NOW, make_archive, save
from tests.archive.upkeep.verify.damaging import put_page

ARTICLES = 48  # so that every table has several pages


def _slow(*values: object) -> list[object]:
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


@dataclass(frozen=True)
class Damaged:
    """An archive of 48 articles whose file is written over in places."""

    data: Path

    @property
    def scope(self) -> Scope:
        return Scope(data=self.data, directory=self.data / "articles", full=True)

    def pages_of(self, name: str, file: str = "archive.db") -> list[int]:
        """The pages of a table or index that hold its rows, in their order."""
        with closing(sqlite3.connect(self.data / file)) as conn:
            rows = conn.execute(
                "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path",
                (name,),
            )
            return [row[0] for row in rows]

    def overwrite(self, *pages: int, file: str = "archive.db") -> None:
        with (self.data / file).open("r+b") as content:
            for page in pages:
                content.seek((page - 1) * 4096)
                content.write(b"\xa5" * 4096)

    def check(self) -> list[Damage]:
        return list(check(self.scope, now=NOW))

    def repair(self) -> Repaired:
        with closing(connect(self.data / "archive.db")) as conn:
            return repair(conn, self.scope, now=NOW)

    def count(self, what: str) -> int:
        with closing(connect(self.data / "archive.db", readonly=True)) as conn:
            return int(conn.execute(f"SELECT count(*) FROM {what}").fetchone()[0])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("whole")
    conn = make_archive(data)
    with transaction(conn):
        for number in range(1, ARTICLES + 1):
            # every article of words of its own: none is a copy of another
            words = " ".join(f"w{number * 1000 + n}" for n in range(150))
            save(conn, f"news/{number}.html", f"Rates of {number} rise", f"It says {words}.")
    for number in range(1, ARTICLES + 1):
        put_page(data, conn, number, NOW, b"<p>" + bytes(f"page {number} " * 300, "ascii"))
    write_owed(conn, data / "articles")
    conn.close()
    return data


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Damaged:
    data = tmp_path / "data"
    shutil.copytree(whole, data)
    return Damaged(data)


@pytest.mark.slow
def test_the_archive_is_in_order_before_it_is_damaged(damaged: Damaged) -> None:
    assert damaged.check() == []


@pytest.mark.parametrize(
    "name",
    [
        *("articles_fts_data", "sqlite_autoindex_articles_1"),
        *_slow("articles_fts_docsize", "articles_fts_idx", "near_bands", "articles_published"),
        *_slow("_nums", "_fold", "sqlite_autoindex_entries_1", "files_article"),
    ],
)
def test_what_is_derived_is_made_anew_and_nothing_is_lost(damaged: Damaged, name: str) -> None:
    damaged.overwrite(damaged.pages_of(name)[-1])
    repaired = damaged.repair()
    assert (repaired.left.counts, repaired.lost) == ({}, ())
    assert damaged.check() == []
    assert damaged.count("articles") == ARTICLES
    assert damaged.count("articles_fts WHERE articles_fts MATCH 'w5001'") == 1


@pytest.mark.slow
def test_orders_of_files_are_made_of_the_articles(damaged: Damaged) -> None:
    pages = damaged.pages_of("files")
    damaged.overwrite(*pages[1:3])
    repaired = damaged.repair()
    assert [lost.table for lost in repaired.lost] == ["files"]
    assert (repaired.left.counts, damaged.count("files")) == ({}, ARTICLES)
    assert len(list((damaged.data / "articles").rglob("*.md"))) == ARTICLES


def test_articles_on_a_bad_page_are_named_and_their_entries_owed_again(damaged: Damaged) -> None:
    pages = damaged.pages_of("articles")
    damaged.overwrite(pages[3], pages[10])
    repaired = damaged.repair()
    lost = {lost.table: lost.rows for lost in repaired.lost}
    kept = damaged.count("articles")
    assert lost["articles"] == ARTICLES - kept
    assert 0 < ARTICLES - kept < 12
    assert repaired.left.counts == {}
    assert damaged.count("entries WHERE state = 'owed'") == ARTICLES - kept
    with closing(connect(damaged.data / "archive.db", readonly=True)) as conn:
        last = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'articles'").fetchone()
    assert last[0] == ARTICLES  # no id is given twice


@pytest.mark.slow
def test_the_damaged_file_is_kept(damaged: Damaged) -> None:
    damaged.overwrite(damaged.pages_of("near_bands")[1])
    damaged.repair()
    kept = damaged.data / "set-aside/damaged-2026-11-23T080000Z-archive.db"
    assert kept.read_bytes().count(b"\xa5" * 4096) == 1


@pytest.mark.slow
def test_a_second_error_does_not_hide_behind_the_first(damaged: Damaged) -> None:
    for name in ("articles_fts_data", "sqlite_autoindex_articles_1", "near_bands", "entries_url"):
        damaged.overwrite(damaged.pages_of(name)[0])
    assert DamageKind.SQLITE_CORRUPT in {damage.kind for damage in damaged.check()}
    assert damaged.repair().left.counts == {}


def test_raw_pages_that_can_be_read_are_kept(damaged: Damaged) -> None:
    damaged.overwrite(damaged.pages_of("pages", "pages.db")[0], file="pages.db")
    repaired = damaged.repair()
    assert [lost.table for lost in repaired.lost] == ["pages"]
    with closing(PageStore(damaged.data / "pages.db", readonly=True)) as store:
        kept = store.count_firsts()
    assert 0 < kept < ARTICLES  # a page of the file has many of these small ones
    assert set(repaired.left.counts) <= {DamageKind.PAGE_DAMAGED}


def test_a_schema_that_is_gone_is_beyond_repair_and_said_so(damaged: Damaged) -> None:
    damaged.overwrite(1)
    with pytest.raises(ArchiveError, match="it is no SQLite database, or its first bytes are lost"):
        damaged.repair()


def test_a_damaged_schema_is_called_damaged(damaged: Damaged) -> None:
    with (damaged.data / "archive.db").open("r+b") as content:
        content.seek(100)
        content.write(b"\xa5" * 200)
    with pytest.raises(ArchiveDamaged, match="is damaged"):
        damaged.repair()
    assert [damage.kind for damage in damaged.check()] == [DamageKind.SQLITE_CORRUPT]


# Row 8: what a backup brings along beside its rows

TRIGGER = "CREATE TRIGGER news AFTER INSERT ON articles BEGIN UPDATE articles SET title = 'x'; END"


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        ((TRIGGER,), "trigger news is none of Broadsheet's: CREATE TRIGGER news AFTER"),
        (("DROP VIEW stories", "CREATE TABLE stories (id)"), "view stories is a table"),
        pytest.param(
            ("CREATE VIEW mine AS SELECT 1",),
            "view mine is none of Broadsheet's",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ("DROP VIEW stories", "CREATE VIEW stories AS SELECT * FROM articles"),
            "view stories is not as this Broadsheet makes it",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ("CREATE UNIQUE INDEX one ON sources (enabled)",),
            "index one is none of Broadsheet's",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_backup_with_a_foreign_schema_is_refused(
    damaged: Damaged, tmp_path: Path, statements: tuple[str, ...], named: str
) -> None:
    with closing(connect(damaged.data / "archive.db")) as conn:
        for statement in statements:
            conn.execute(statement)
    made = backup(damaged.data, tmp_path / "b.tar", now=NOW)
    with pytest.raises(ArchiveError, match=named):
        restore(made.file, tmp_path / "new")
    assert not (tmp_path / "new/archive.db").exists()
    assert restore(made.file, tmp_path / "new", trust_schema=True).articles == ARTICLES
    assert any(named in f"{damage.where} {damage.detail}" for damage in damaged.check())
    assert damaged.repair().left.counts == {}
    assert damaged.check() == []


@pytest.mark.slow
def test_what_is_taken_out_leaves_its_sql(damaged: Damaged) -> None:
    with closing(connect(damaged.data / "archive.db")) as conn:
        conn.execute(TRIGGER)
    damaged.repair()
    assert (damaged.data / "set-aside/schema.sql").read_text("utf-8") == f"{TRIGGER};\n"


@pytest.mark.slow
def test_a_table_in_place_of_a_view_keeps_its_rows(damaged: Damaged) -> None:
    with closing(connect(damaged.data / "archive.db")) as conn:
        conn.execute("DROP VIEW stories")
        conn.execute("CREATE TABLE stories (title)")
        conn.execute("INSERT INTO stories VALUES ('mine')")
    damaged.repair()
    assert (damaged.count("set_aside_stories_1"), damaged.count("stories")) == (1, ARTICLES)


def test_a_trigger_in_pages_db_is_refused(damaged: Damaged, tmp_path: Path) -> None:
    with closing(connect(damaged.data / "pages.db")) as conn:
        conn.execute("CREATE TRIGGER t AFTER INSERT ON pages BEGIN DELETE FROM dicts; END")
    made = backup(damaged.data, tmp_path / "b.tar", now=NOW)
    with pytest.raises(
        ArchiveError, match=r"its pages\.db isn't as Broadsheet makes it: trigger t"
    ):
        restore(made.file, tmp_path / "new")
