"""A picture that is kept here: its file, by an address of ours, as nothing but a picture."""

from __future__ import annotations

import sqlite3

from archive.folder import DataFolder
from archive.images.rows import KeptImage, kept_images
from archive.images.store import NAME, ImageStore, file_of
from archive.web.face.answers import View, nothing_there
from archive.web.face.face import Face

HEADERS = {
    # whatever the bytes are, they run nothing, ask for nothing, and are in no other site's page
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=31536000, immutable",  # its name says what is in it
}
_TYPE = "SELECT type FROM images WHERE state = 'kept' AND sha256 = ? LIMIT 1"


def picture_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/image/NAME, for a name that a row has."""
    found = NAME.fullmatch(face.asked["name"])
    digest = found["folder"] + found["rest"] if found else ""
    row = conn.execute(_TYPE, (digest,)).fetchone()
    file = file_of(digest, row["type"]) if row is not None else None
    if file is None or file.name != face.asked["name"]:
        return nothing_there("page", words=face.say("No such picture is kept here."))
    try:
        body = ImageStore(DataFolder.of(conn).images).read(file.name)
    except OSError:
        return nothing_there("page", words=face.say("No such picture is kept here."))
    return View(file=body, content_type=file.type, headers=HEADERS)


def pictures_of(conn: sqlite3.Connection, article_id: int, face: Face) -> dict[str, KeptImage]:
    """Give the pictures of an article that its page shows, by their addresses."""
    return dict(kept_images(conn, article_id)) if face.images == "kept" else {}
