"""One way of doing each kind of damage that archive.upkeep.verify.damage names."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.database.connect import transaction
from archive.files.orders import want_file, write_owed
from archive.images.formats import PictureType
from archive.images.store import ImageStore
from archive.model import RawPage
from archive.pages.store import PageStore
from archive.upkeep.verify.damage import DamageKind
from tests.archive.keeping import keep_picture
from tests.archive.making import DAY, LONG, NOW, make_archive, make_source, save
from tests.site.images import png

STORY = "证监会就修订上市公司信息披露管理办法公开征求意见，拟完善风险揭示要求，强化董事会责任。" * 4
PICTURE = png(64, 36)
URL = "https://stcn.example.com/{}"


@dataclass(frozen=True)
class Sample:
    """An archive in which all agrees: a story (3) and its copy (4), a revised article (1) with a
    mention and a page, and article 2, that was found a week earlier."""

    data: Path
    conn: sqlite3.Connection

    @property
    def image(self) -> Path:
        (path,) = (self.data / "images").rglob("*.png")
        return path

    @property
    def posts(self) -> Path:
        return self.data / "articles"

    def sql(self, *statements: str) -> None:
        """Change rows as a foreign client does: without foreign keys or a care."""
        self.conn.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            self.conn.execute(statement)
        self.conn.execute("PRAGMA foreign_keys = ON")

    def file(self, article_id: int) -> Path:
        row = self.conn.execute("SELECT path FROM files WHERE article_id = ?", (article_id,))
        return self.posts / str(row.fetchone()[0])

    def pages(self, statement: str) -> None:
        conn = sqlite3.connect(self.data / "pages.db")
        with conn:
            conn.execute(statement)
        conn.close()


def make_sample(data: Path) -> Sample:
    conn = make_archive(data, make_source("stcn"), make_source("cnbc"))
    with transaction(conn):
        save(conn, "1", "央行降准", LONG)
        save(conn, "1", "央行降准0.5个百分点", LONG + "其中大型银行降至10%。")
        save(
            conn,
            "2",
            "Fed holds rates",
            "The Fed held its rates on Wednesday. " * 20,
            now=NOW - 7 * DAY,
        )
        save(conn, "3", "证监会征求意见", STORY)
        save(
            conn,
            "https://cnbc.example.com/3",
            "证监会征求意见",
            "本报讯。" + STORY,
            source_id="cnbc",
        )
        conn.execute("INSERT INTO mentions VALUES (1, '601398.XSHG', '工商银行', 'name', 1)")
        conn.execute(
            "INSERT INTO instruments(code, exchange, symbol, first_seen, last_seen)"
            " VALUES ('601398.XSHG', 'XSHG', '601398', :now, :now)",
            {"now": "2026-11-23T08:00:00Z"},
        )
        put_page(data, conn, 2, NOW - 7 * DAY, b"<p>page of article 2</p>")
        put_page(data, conn, 1, NOW, b"<p>page of article 1</p>")
    keep_picture(data, conn, 2, "https://img.example.com/2.png", PICTURE)
    want_all(conn)
    write_owed(conn, data / "articles")
    return Sample(data, conn)


def want_all(conn: sqlite3.Connection) -> None:
    with transaction(conn):
        for article_id in range(1, 5):
            want_file(conn, article_id)


def put_page(
    data: Path, conn: sqlite3.Connection, article_id: int, fetched: object, body: bytes
) -> None:
    store = PageStore(data / "pages.db")
    page_id = store.save(
        RawPage(
            url=URL.format(article_id),
            source_id="stcn",
            fetched=fetched,
            status=200,
            headers=(),
            body=body,
        )
    )
    store.link(page_id, article_id)
    store.close()
    conn.execute("UPDATE articles SET page_id = ? WHERE id = ?", (page_id, article_id))


def _sql(*statements: str) -> Callable[[Sample], None]:
    return lambda sample: sample.sql(*statements)


def _pages(statement: str) -> Callable[[Sample], None]:
    return lambda sample: sample.pages(statement)


def _edit_file(sample: Sample) -> None:
    path = sample.file(1)
    path.write_text(path.read_text("utf-8") + "edited", "utf-8")


def _orphan(sample: Sample) -> None:
    path = sample.posts / "2026/11/2026-11-23-99-nobody-knows.md"
    path.write_text("---\n", "utf-8")


def _folder_in_its_place(sample: Sample) -> None:
    path = sample.file(2)
    path.unlink()
    path.mkdir()


def _orphaned_image(sample: Sample) -> None:
    ImageStore(sample.data / "images").save(png(9, 9), PictureType.PNG)


def _stale_index(sample: Sample) -> None:
    """Give an article other words as REPLACE does in the sqlite3 shell: the old ones stay."""
    trigger = sample.conn.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'articles_fts_bd'"
    ).fetchone()[0]
    sample.sql(
        "DROP TRIGGER articles_fts_bd",
        "CREATE TEMP TABLE kept AS SELECT * FROM articles WHERE id = 2",
        "DELETE FROM articles WHERE id = 2",
        "UPDATE kept SET text = 'Fed'",
        "INSERT INTO articles SELECT * FROM kept",
        "DROP TABLE kept",
        trigger,
    )


def _corrupt_index(sample: Sample) -> None:
    sample.sql("UPDATE articles_fts_data SET block = x'00000000ffff' WHERE id > 10")


def _lost_index_entry(sample: Sample) -> None:
    """Change a row while SQLite knows nothing of one of its indexes, as a torn write does."""
    index = sample.conn.execute(
        "SELECT * FROM sqlite_master WHERE name = 'articles_published'"
    ).fetchone()
    for statement, values in (
        ("DELETE FROM sqlite_master WHERE name = 'articles_published'", ()),
        ("UPDATE articles SET published = '2026-11-22T08:00:00Z' WHERE id = 2", ()),
        ("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", tuple(index)),
    ):
        conn = sqlite3.connect(sample.data / "archive.db")
        conn.execute("PRAGMA writable_schema = ON")
        with conn:
            conn.execute(statement, values)
        conn.close()


# kind -> what does it, in a form that a full check finds
DAMAGE: dict[DamageKind, Callable[[Sample], None]] = {
    DamageKind.SQLITE_CORRUPT: _lost_index_entry,
    DamageKind.SCHEMA_OBJECT_MISSING: _sql("DROP INDEX articles_published"),
    DamageKind.SCHEMA_OBJECT_DIFFERS: _sql(
        "DROP VIEW stories", "CREATE VIEW stories AS SELECT * FROM articles"
    ),
    DamageKind.SCHEMA_OBJECT_FOREIGN: _sql(
        "CREATE TRIGGER foreign_one AFTER INSERT ON runs BEGIN DELETE FROM articles; END"
    ),
    DamageKind.REFERENCE_DANGLING: _sql("DELETE FROM sources WHERE id = 'cnbc'"),
    DamageKind.ALIAS_MISSING: _sql(f"DELETE FROM article_urls WHERE url = '{URL.format(1)}'"),
    DamageKind.ALIAS_DANGLING: _sql(
        "INSERT INTO article_urls (url, article_id) VALUES ('https://stcn.example.com/9', 9)"
    ),
    DamageKind.COPY_OF_MISSING: _sql("UPDATE articles SET copy_of = 99 WHERE id = 4"),
    DamageKind.COPY_OF_A_COPY: _sql("UPDATE articles SET copy_of = 4 WHERE id = 1"),
    DamageKind.BAND_MISSING: _sql("DELETE FROM near_bands WHERE article_id = 3"),
    DamageKind.BAND_STALE: _sql("INSERT INTO near_bands VALUES (7, 20000, 99)"),
    DamageKind.HOSTS_WRONG: _sql("UPDATE source_hosts SET host = 'x' WHERE source_id = 'stcn'"),
    DamageKind.FINGERPRINT_WRONG: _sql("UPDATE articles SET fingerprint = 'AAAA' WHERE id = 1"),
    DamageKind.ENTRY_WITHOUT_ARTICLE: _sql(
        "UPDATE entries SET article_id = 99 WHERE article_id = 1"
    ),
    DamageKind.ENTRY_ARCHIVED_WITHOUT_ID: _sql(
        "UPDATE entries SET article_id = NULL WHERE article_id = 2"
    ),
    DamageKind.ENTRY_STATE_WRONG: _sql("UPDATE entries SET closed = NULL WHERE article_id = 1"),
    DamageKind.MENTION_WITHOUT_ARTICLE: _sql(
        "INSERT INTO mentions VALUES (99, '601398.XSHG', '工行', 'name', 1)"
    ),
    DamageKind.MENTION_WITHOUT_INSTRUMENT: _sql("DELETE FROM instruments"),
    DamageKind.REVISION_WITHOUT_ARTICLE: _sql(
        "UPDATE superseded SET article_id = 99 WHERE number = 1"
    ),
    DamageKind.REVISION_GAP: _sql("DELETE FROM superseded WHERE article_id = 1 AND number = 1"),
    DamageKind.HASH_WRONG: _sql("UPDATE articles SET text_hash = 'x' WHERE id = 1"),
    DamageKind.VALUE_MALFORMED: _sql("UPDATE articles SET checked = 'yesterday' WHERE id = 1"),
    DamageKind.INDEX_TRIGGER_MISSING: _sql("DROP TRIGGER articles_fts_au"),
    DamageKind.INDEX_ROW_MISSING: _sql(
        "INSERT INTO articles_fts(articles_fts, rowid, title, text)"
        " SELECT 'delete', id, title, text FROM articles_seg WHERE id = 1"
    ),
    DamageKind.INDEX_ROW_EXTRA: _sql(
        "INSERT INTO articles_fts(rowid, title, text) VALUES (99, 'a', 'b')"
    ),
    DamageKind.INDEX_STALE: _stale_index,
    DamageKind.INDEX_CORRUPT: _corrupt_index,
    DamageKind.FILE_NOT_ORDERED: _sql("DELETE FROM files WHERE article_id = 1"),
    DamageKind.FILE_OF_NO_STORY: _sql("UPDATE files SET article_id = 4 WHERE article_id = 2"),
    DamageKind.FILE_ORDER_STALE: _sql("UPDATE articles SET author = 'Another' WHERE id = 1"),
    DamageKind.FILE_NOT_WRITTEN: _sql("UPDATE files SET written_hash = NULL WHERE article_id = 1"),
    DamageKind.FILE_MISSING: lambda sample: sample.file(1).unlink(),
    DamageKind.FILE_DIFFERS: _edit_file,
    DamageKind.FILE_ORPHANED: _orphan,
    DamageKind.IMAGE_MISSING: lambda sample: sample.image.unlink(),
    DamageKind.IMAGE_DIFFERS: lambda sample: sample.image.write_bytes(PICTURE + b"more") and None,
    DamageKind.IMAGE_ORPHANED: _orphaned_image,
    DamageKind.NOT_COMPARED: _folder_in_its_place,
    DamageKind.PAGE_DAMAGED: _pages("UPDATE pages SET body = x'00' WHERE article_id = 1"),
    DamageKind.PAGE_MISSING: _pages("DELETE FROM pages WHERE article_id = 1"),
    DamageKind.PAGE_UNLINKED: _pages("UPDATE pages SET article_id = NULL WHERE article_id = 1"),
    DamageKind.PAGE_OF_MISSING_ARTICLE: _pages(
        "UPDATE pages SET article_id = 99 WHERE article_id = 2"
    ),
    DamageKind.PAGE_OF_FORGOTTEN_ARTICLE: _sql(
        f"INSERT INTO tombstones(url, at) VALUES ('{URL.format(2)}', '2026-11-23T08:00:00Z')"
    ),
}
