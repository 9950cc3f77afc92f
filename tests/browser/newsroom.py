"""What is looked at: an archive of the newsroom, crawled, with all that a page can show in it."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from archive.database.connect import connect, transaction

ROOT = Path(__file__).resolve().parents[2]
CONFIG = '[web]\ntimezone = "Asia/Shanghai"\nlanguage = "auto"\n'
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'>{{ 7*7 }}\u202egnp"
BODY = f"""{HOSTILE}

<script>alert(3)</script><iframe src="https://evil.example/"></iframe>

[a link](javascript:alert(4)) ![picture](http://127.0.0.1:1/a.png) <svg onload=alert(5)>

<a href="data:text/html,<script>alert(6)</script>">here</a> {"词" * 200}
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A served archive: its address, and the addresses of one page of each kind."""

    home: str
    pages: dict[str, str]


def make_newsroom(folder: Path, *, hostile: bool = True) -> Path:
    """Crawl the newsroom into a folder, and let happen what a crawl of a minute never meets."""
    command = [sys.executable, "-P", "-m", "crawler.run.cli", "demo", "--data", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=600)
    with closing(connect(folder / "archive.db")) as conn, transaction(conn):
        _let_things_happen(conn)
        if hostile:
            _put_hostile(conn)
    return folder


def _let_things_happen(conn: sqlite3.Connection) -> None:
    """Changed headlines, a withdrawal, a held text, securities, trouble."""
    now = str(conn.execute("SELECT max(first_seen) FROM articles").fetchone()[0])
    newest = [
        row[0]
        for row in conn.execute(
            "SELECT id FROM articles WHERE copy_of IS NULL ORDER BY published DESC LIMIT 12"
        )
    ]
    revise = (
        "UPDATE articles SET title = ?, text = text || ?, markdown = markdown || ?, revision ="
        " revision + 1, version_kind = 'edit', version_seen = ?, content_hash = id || 'x'"
        " WHERE id = ?"
    )
    for article in newest[:3]:
        row = conn.execute("SELECT title FROM articles WHERE id = ?", (article,)).fetchone()
        new, added = _changed(str(row["title"]))
        conn.execute(revise, (new, added, added, now, article))
    conn.execute(
        "UPDATE articles SET copy_of = ?1 WHERE id = (SELECT max(id) FROM articles WHERE id <> ?1"
        " AND copy_of IS NULL AND source_name <> (SELECT source_name FROM articles WHERE id = ?1)"
        " AND id NOT IN (SELECT copy_of FROM articles WHERE copy_of > 0))",
        (newest[0],),
    )
    conn.execute("UPDATE articles SET withdrawn = ? WHERE id = ?", (now, newest[4]))
    conn.execute("UPDATE articles SET held = 'unsure: a list' WHERE id = ?", (newest[5],))
    conn.executemany(
        "INSERT INTO instruments(code, exchange, symbol, name, first_seen, last_seen)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("600519.XSHG", "XSHG", "600519", "贵州茅台", now, now),
            ("AAPL.XNAS", "XNAS", "AAPL", "Apple", now, now),
        ],
    )
    conn.executemany(
        "INSERT OR IGNORE INTO mentions VALUES (?, ?, '', 'bracket', 1)",
        [(article, code) for article in newest for code in ("600519.XSHG", "AAPL.XNAS")][:-2],
    )
    _trouble(conn, newest[0], now)


def _trouble(conn: sqlite3.Connection, article: int, now: str) -> None:
    """The article's source failed for a while, and lost something."""
    source = conn.execute("SELECT source_id FROM articles WHERE id = ?", (article,)).fetchone()
    conn.execute(
        "INSERT INTO gaps(source_id, started, ended, why, missing, detail) VALUES"
        " (?, ?, ?, 'overflow', 12, '3 found by https://a.example/sitemap.xml')",
        (source[0], now, now),
    )
    conn.executemany(
        "INSERT INTO health_changes(source_id, at, was, status, reason) VALUES (?, ?, ?, ?, ?)",
        [
            (source[0], now, *step)
            for step in (("ok", "failing", "HTTP 503"), ("failing", "ok", ""))
        ],
    )


def _changed(title: str) -> tuple[str, str]:
    """Give what a headline may have been changed to, and a paragraph that came."""
    if title[0] > "\u2e80":
        first = title.split(" ")[0]
        return f"{first} 相关部门回应", "\n\n相关部门表示，将依法依规推进有关工作。"
    return f"{title}, regulator says", "\n\nThe regulator said it would follow the matter."


def _put_hostile(conn: sqlite3.Connection) -> None:
    """An article and an outlet of which everything wants to be more than text."""
    now = str(conn.execute("SELECT max(first_seen) FROM articles").fetchone()[0])
    source = conn.execute("SELECT source_id FROM gaps").fetchone()
    conn.execute(
        "INSERT INTO articles(url, source_id, source_name, title, author, published,"
        " published_from, fetched, checked, first_seen, version_seen, language, section, summary,"
        " tags, text, markdown, word_count, content_hash, text_hash)"
        " VALUES ('javascript:alert(7)', ?, ?, ?, ?, ?, 'meta', ?, ?, ?, ?, 'zh', ?, ?, ?, ?, ?,"
        " 200, 'h', 'h')",
        (
            *(source[0], HOSTILE, HOSTILE, HOSTILE, now, now, now, now, now, HOSTILE, HOSTILE),
            *('["<script>alert(8)</script>"]', BODY, BODY),
        ),
    )


@contextmanager
def served_newsroom(folder: Path) -> Iterator[Room]:
    config = folder / "web.toml"
    config.write_text(CONFIG, encoding="utf-8")
    log = folder / "serve.log"  # a pipe that nobody reads would stop the server when it is full
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "crawler.run.cli", "serve", "--port", "0"],
            cwd=ROOT,
            env={
                **os.environ,
                "BROADSHEET_CONFIG": str(config),
                "BROADSHEET_DATA": str(folder),
            },
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        home = f"http://127.0.0.1:{_port(process, log)}"
        with closing(connect(folder / "archive.db", readonly=True)) as conn:
            yield Room(home, _pages(conn))
    finally:
        process.terminate()
        process.wait(timeout=30)


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Wait until the server listens, and give its port."""
    for _ in range(1200):
        text = log.read_text("utf-8")
        found = re.search(r"http://\S+?:(\d+)/", text)
        if found is not None and "Uvicorn running" in text:
            return int(found[1])
        assert process.poll() is None, text
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens: {log.read_text('utf-8')}")


def _pages(conn: sqlite3.Connection) -> dict[str, str]:
    """Give the address of one page of each kind, by the name of its picture."""

    def one(sql: str, *values: object) -> str:
        row = conn.execute(sql, values).fetchone()
        assert row is not None, sql
        return str(row[0])

    revised = "SELECT id FROM articles WHERE revision > 1 AND language = ? ORDER BY id DESC LIMIT 1"
    found = conn.execute("SELECT id FROM articles WHERE url LIKE 'javascript:%'").fetchone()
    hostile = str(found[0]) if found else "0"  # it has none where it is shown to people
    changed = one("SELECT article_id FROM superseded ORDER BY id DESC LIMIT 1")
    story = one("SELECT copy_of FROM articles WHERE copy_of > 0 GROUP BY 1 ORDER BY count(*) DESC")
    day = one("SELECT substr(max(published), 1, 10) FROM articles WHERE id <> ?", hostile)
    seen = one("SELECT max(first_seen) FROM articles")
    english = conn.execute(revised, ("en",)).fetchone()
    article = one("SELECT id FROM articles WHERE language = 'zh' AND id <> ?", hostile)
    return {
        "front": "/",
        "front-as-of": f"/?as_of={seen}",
        "day": f"/-/day/{day}",
        "day-empty": "/-/day/1999-01-01",
        "latest": "/-/latest",
        "latest-narrowed": "/-/latest?lang=zh",
        "front-narrowed": "/?lang=en",
        "nowhere": "/-/nowhere",
        "no-moment": "/-/latest?as_of=yesterday",
        "no-day": "/-/day/0001-01-01",
        "changes": "/-/changes",
        "search": f"/-/search?q={quote('银行 OR bank OR 公司')}",
        "search-help": "/-/search",
        "search-nothing": f"/-/search?q={quote('银行 source:nobody after:2026-11-20')}",
        "search-wrong": "/-/search?q=after:soon",
        "article-zh": f"/-/article/{article}",
        "article-en": f"/-/article/{english[0] if english else changed}",
        "article-hostile": f"/-/article/{hostile}",
        "article-feed": "/-/article/" + one("SELECT id FROM articles WHERE page_id IS NULL"),
        "article-withdrawn": "/-/article/"
        + one("SELECT id FROM articles WHERE withdrawn IS NOT NULL"),
        "article-held": "/-/article/" + one("SELECT id FROM articles WHERE held IS NOT NULL"),
        "article-missing": "/-/article/999999",
        "diff": f"/-/article/{changed}/diff",
        "story": f"/-/story/{story}",
        "source": "/-/source/" + one("SELECT source_id FROM gaps"),
        "source-missing": "/-/source/nobody",
        "sources": "/-/sources",
        "security": "/-/security/600519.XSHG",
        "security-missing": "/-/security/0000.XXXX",
        "securities": "/-/securities",
    }
