"""A migrated archive, and rows put straight into it, as the archive's own writer stores them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from archive.database.connect import transaction
from tests.archive.empty import empty_archive

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

SAMPLE = {
    "id": 896,
    "url": "https://news.example.cn/djjd/202112/t20211209_4567.html",
    "source_id": "stcn",
    "source_name": "证券时报网",
    "title": "人工智能_国家队_再扩容：郑州入围，东北城市首次入列",
    "published": "2021-12-09T14:42:00Z",
    "published_from": "meta",
    "fetched": "2021-12-09T14:50:00Z",
    "checked": "2021-12-09T14:50:00Z",
    "language": "zh",
    "category": "金融",
    "text": "国家新一代人工智能创新发展试验区再添新军。",
    "markdown": "国家新一代人工智能创新发展试验区再添新军。",
    "word_count": 20,
    "content_hash": "c896",
    "text_hash": "t896",
}


def new_archive(path: Path) -> sqlite3.Connection:
    """Make an archive with the source of the sample article."""
    conn = empty_archive(path, NOW)
    put_source(conn, "stcn", "证券时报网")
    return conn


def put_source(conn: sqlite3.Connection, source_id: str, name: str) -> None:
    conn.execute(
        "INSERT INTO sources (id, name, kind, url) VALUES (?, ?, 'feed', ?)",
        (source_id, name, f"https://{source_id}.example/feed"),
    )


def put_article(conn: sqlite3.Connection, **columns: object) -> int:
    """Insert the sample article with other `columns`; its id is given back."""
    row = {**SAMPLE, **columns}
    row = {"first_seen": row["fetched"], "version_seen": row["fetched"], **row}
    names = ", ".join(row)
    with transaction(conn):
        conn.execute(
            f"INSERT INTO articles ({names}) VALUES ({', '.join(':' + name for name in row)})", row
        )
        conn.execute(
            "INSERT INTO article_urls(url, article_id) VALUES (?, ?)", (row["url"], row["id"])
        )
    return int(str(row["id"]))
