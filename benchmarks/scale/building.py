"""An archive of as many articles as are asked for: announced, saved and filed as in a crawl."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.articles.save import save_article
from archive.database.connect import connect, transaction
from archive.entries.announcing import announce
from archive.entries.owed import owed
from archive.migrate import migrate
from archive.model import Article, Declaration, Entry, Validators, Visit
from archive.sources.declarations import declare
from tests.site.bulk import article_text

SOURCES, BATCH = 20, 100  # an outlet's window of learned lines is full from 1,000 articles on
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


class Builder:
    """Grows one archive, on from where it is. One source after the other announces BATCH articles,
    10 minutes apart."""

    def __init__(self, folder: Path) -> None:
        self._conn = connect(folder / "archive.db")
        self._conn.execute("PRAGMA synchronous = OFF")  # the disk's part is no archive's growth
        migrate(self._conn, FIRST)
        declare(self._conn, [_source(n) for n in range(SOURCES)], now=FIRST)
        self.articles = int(self._conn.execute("SELECT count(*) FROM articles").fetchone()[0])
        (folder / "broadsheet.toml").write_text(
            "".join(
                f'[[source]]\nid = "s{n}"\nname = "Outlet {n}"\nurl = "{_source(n).url}"\n'
                for n in range(SOURCES)
            )
        )

    def grow(self, articles: int) -> float:
        """Save articles until there are so many; give the milliseconds that each took."""
        began, before = time.process_time(), self.articles
        while self.articles < articles:
            self._announce_and_save(min(BATCH, articles - self.articles))
        grown = self.articles - before
        return (time.process_time() - began) * 1000 / grown if grown else 0.0

    def close(self) -> None:
        self._conn.close()

    def _announce_and_save(self, count: int) -> None:
        number = self.articles // BATCH % SOURCES
        now = FIRST + timedelta(minutes=10 * self.articles / BATCH)
        entries = [_entry(number, self.articles + n) for n in range(count)]
        read = Validators(url=_source(number).url)
        visit = Visit(source_id=f"s{number}", at=now, status=200, validators=read)
        with transaction(self._conn):
            announce(self._conn, visit, entries, now=now)
            host = f"o{number}.example.com"
            for entry in owed(self._conn, f"s{number}", host, now=now, limit=count):
                save_article(self._conn, _article(entry, now), entry=entry, now=now)
        self.articles += count


def _source(number: int) -> Declaration:
    home = f"https://o{number}.example.com"
    return Declaration(id=f"s{number}", name=f"Outlet {number}", url=f"{home}/feed", kind="feed")


def _entry(source: int, number: int) -> Entry:
    url = f"https://o{source}.example.com/{number}"
    return Entry(url=url, raw_url=url, guid=url)


def _article(entry: Entry, now: datetime) -> Article:
    title, paragraphs = article_text(int(entry.url.rpartition("/")[2]))
    text = "\n\n".join(paragraphs)
    return Article(
        url=entry.url,
        title=title,
        text=text,
        markdown=text,
        published=now,
        published_from="meta",
        language="en",
        authors=("Ada Lovelace",),
    )
