"""The page of an article as it was received: its source, as plain text, never rendered."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress

from archive.errors import ArchiveError
from archive.folder import DataFolder
from archive.model import RawPage
from archive.pages.store import PageStore, page_of_version
from archive.web.face.answers import View, nothing_there
from archive.web.face.face import Face
from archive.web.reading.article import missing_article

_ARTICLE = "SELECT id, revision, version_seen, page_id FROM articles WHERE id = ?"
_SEEN = "SELECT seen FROM superseded WHERE article_id = ? AND number = ?"
# Those that pages are written in; some of Python's take a square of a text's length to decode
_DECLARED = re.compile(
    rb"""charset\s*=\s*["']?\s*(utf-?(?:8|16)|gb(?:k|2312|18030)|big5(?:-hkscs)?|euc-(?:jp|kr|tw)"""
    rb"""|shift[_-]jis|iso-8859-\d{1,2}|windows-\d{3,4}|koi8-[ru]|us-ascii)\b""",
    re.IGNORECASE,
)
_HEAD = 2048  # bytes in which a page declares its encoding


def received_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/page/ID?n=VERSION, the version of the page's moment where none is named."""
    article_id = int(face.asked["article"])
    row = conn.execute(_ARTICLE, (article_id,)).fetchone()
    if row is None:
        return missing_article(conn, article_id)
    text = face.asked.get("n", "")
    number = int(text) if re.fullmatch("[1-9][0-9]{0,8}", text) else row["revision"]
    seen = row["version_seen"]
    if number != row["revision"]:
        former = conn.execute(_SEEN, (article_id, number)).fetchone()
        seen = former["seen"] if former else ""
    folder = DataFolder.of(conn)
    words = face.say("Of version {n} no page was kept here.", n=number)
    if not seen or not folder.pages.exists():
        return nothing_there("page", id=article_id, words=words)
    try:
        with closing(PageStore(folder.pages, readonly=True)) as store:
            is_current = number == row["revision"] and not face.as_of and row["page_id"]
            page = (
                store.read(row["page_id"])
                if is_current
                else page_of_version(store, article_id, seen)
            )
    except ArchiveError as error:
        return nothing_there("page", id=article_id, words=str(error))
    if page is None:
        return nothing_there("page", id=article_id, words=words)
    return View(file=_as_text(page).encode())


def _as_text(page: RawPage) -> str:
    """Decode a page as it says that it is written, else as UTF-8."""
    head = next((v for k, v in page.headers if k.lower() == "content-type"), "").encode()
    for place in (head, page.body[:_HEAD]):
        declared = _DECLARED.search(place)
        if declared:
            with suppress(LookupError, ValueError):
                return page.body.decode(declared[1].decode(), "replace")
    return page.body.decode("utf-8", "replace")
