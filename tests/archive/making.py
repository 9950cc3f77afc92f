"""Values for the archive's tests, with defaults that no test depends on."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.articles.save import save_article
from archive.entries.announcing import Planner, announce
from archive.entries.owed import file_entry, owed_hosts
from archive.entries.owed import owed as owed_entries
from archive.model import Article, Declaration, Entry, Plan, Saved, Validators, Visit
from archive.sources.declarations import declare, source_states
from tests.archive.empty import empty_archive

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG = "央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。" * 10


def make_archive(path: Path, *sources: Declaration) -> sqlite3.Connection:
    conn = empty_archive(path / "archive.db", NOW)
    conn.execute("PRAGMA synchronous = OFF")  # no test of ours cuts the power
    declare(conn, sources or (make_source("stcn"),), now=NOW)
    return conn


def make_source(id: str, **changes: object) -> Declaration:
    """A feed at the host `<id>.example.com`, of an outlet of its own."""
    url = f"https://{id}.example.com/rss"
    return replace(Declaration(id=id, name=f"Outlet {id}", url=url, kind="feed"), **changes)


def make_entry(path: str, **changes: object) -> Entry:
    url = path if "://" in path else f"https://stcn.example.com/{path}"
    return replace(Entry(url=url, raw_url=url), **changes)


def make_visit(
    source_id: str = "stcn",
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    validators_url: str = "",
    **changes: object,
) -> Visit:
    visit = Visit(source_id=source_id, at=NOW, status=200)
    if etag or last_modified or validators_url:
        url = validators_url or f"https://{source_id}.example.com/rss"
        read = Validators(url=url, etag=etag, last_modified=last_modified)
        visit = replace(visit, validators=read)
    return replace(visit, **changes)


def make_plan(**changes: object) -> Planner:
    """A planner that gives the same plan whatever it is asked."""
    plan = Plan(next_due=NOW + HOUR, interval_s=3600, rhythm="{}")
    return lambda _state, _new, _cap_s: replace(plan, **changes)


def make_article(
    path: str, title: str = "央行降准", text: str = LONG, **changes: object
) -> Article:
    url = path if "://" in path else f"https://stcn.example.com/{path}"
    article = Article(url=url, title=title, text=text, markdown=text)
    return replace(article, **({"published": NOW, "published_from": "meta"} | changes))


def announce_one(conn: sqlite3.Connection, entry: Entry, source_id: str = "stcn") -> Entry:
    """Announce an entry at NOW and return it as it is handed out."""
    announce(conn, make_visit(source_id), [entry], now=NOW)
    return next(e for e in all_owed(conn) if e.url == entry.url and e.source_id == source_id)


def all_owed(conn: sqlite3.Connection) -> list[Entry]:
    ids = [state.id for state in source_states(conn)]
    return [
        entry
        for source_id, host in owed_hosts(conn, ids)
        for entry in owed_entries(conn, source_id, host, now=None, limit=1000)
    ]


def save(
    conn: sqlite3.Connection,
    path: str,
    title: str = "央行降准",
    text: str = LONG,
    *,
    announced: str = "",
    source_id: str = "stcn",
    now: datetime = NOW,
    learn: bool = True,
    page_id: int | None = None,
    **changes: object,
) -> Saved:
    """File an entry whose page is at its own URL, and save the article made of it."""
    entry = file_entry(conn, make_entry(path, title=announced), source_id, now=now)
    entry = replace(entry, title=announced or entry.title)
    article = make_article(path, title, text, **changes)
    return save_article(conn, article, entry=entry, now=now, learn=learn, page_id=page_id)


def rows(conn: sqlite3.Connection, sql: str, *values: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.execute(sql, values)]


def cell(conn: sqlite3.Connection, sql: str, *values: object) -> object:
    return conn.execute(sql, values).fetchone()[0]
