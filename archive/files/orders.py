"""The Markdown files follow the database: what is owed, writing it, rebuilding all of it.

A row of `files` is an order: the hash of what should lie at a path, and of what was written
there. Orders change in the transaction that changes the article; files are written afterwards,
and can be rebuilt byte for byte from the database alone.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from archive.database.connect import transaction
from archive.errors import ArchiveError
from archive.files.contents import LatestContents, file_hash
from archive.files.disk import sync_folder, write_whole
from archive.files.frontmatter import render
from archive.files.posts import PLACEHOLDER_IMAGE, FileSettings, gather_post, new_path

BATCH = 200  # orders looked at, or rendered in one transaction, at a time
_OWED = """
    SELECT path, article_id, wanted_hash FROM files
    WHERE (wanted_hash IS NOT written_hash OR wanted_hash IS NULL) AND path > :after
    ORDER BY path LIMIT :batch
"""
_WRITTEN = """
UPDATE files SET written_hash = :written,
  wanted_hash = iif(wanted_hash = :ordered, :written, wanted_hash) WHERE path = :path
"""
_REMOVED = "DELETE FROM files WHERE path = :path AND wanted_hash IS :ordered"
_VERBATIM = """
SELECT content FROM verbatim_posts AS p WHERE article_id = ? AND NOT EXISTS (
  SELECT 1 FROM revisions WHERE article_id = p.article_id AND kind NOT IN ('first', 'extraction'))
"""
_ordered = LatestContents(64)  # a group's are written right after its transaction
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # no other file would fare better


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What `write_owed` did: files written, files removed, and what stays owed, with the reason."""

    count: int = 0
    removed: int = 0
    problems: tuple[str, ...] = ()  # one sentence for each failure, naming its path
    refused: tuple[str, ...] = ()  # their paths

    @property
    def failed(self) -> int:
        return len(self.problems)


class Done(NamedTuple):
    """An order that the disk now agrees with."""

    path: str
    ordered: str | None  # its wanted_hash, as it was
    written: str | None  # hash of what lies there now; None: nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """What `carry_out` did, and what `note_done` is still to be told."""

    done: tuple[Done, ...]
    written: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What `render_all` found and did."""

    stories: int  # files that the archive wants
    written: Written


def set_settings(
    conn: sqlite3.Connection,
    *,
    markdown: bool,
    body: str,
    placeholder_image: str = PLACEHOLDER_IMAGE,
) -> bool:
    """Store what files depend on besides their article: whether there are any, and their form.

    True where it changed: files written before have the old form until `render_all`.
    """
    before = FileSettings.read(conn)
    after = replace(before, enabled=markdown, body=body, placeholder_image=placeholder_image)
    after.store(conn)
    return before != after


def lead_to_images(
    conn: sqlite3.Connection, *, keep: bool, link: str, markdown_dir: Path, images: Path
) -> None:
    """Store what files put before the name of a kept picture, where any is or will be (`keep`):
    `link` as the user has it, else the way from a file of `markdown_dir` to the folder `images`."""
    if not keep and conn.execute("SELECT 1 FROM images WHERE state = 'kept'").fetchone() is None:
        return
    way = os.path.relpath(images.absolute(), markdown_dir.absolute() / "2021" / "12")
    link = link or f"{quote(Path(way).as_posix())}/"
    replace(FileSettings.read(conn), images=link).store(conn)


def want_file(conn: sqlite3.Connection, article_id: int) -> None:
    """Order the article's file as it should be now; called in the transaction that changed it.

    A copy, one that is held, or no longer there, gets its file removed. The path is fixed the
    first time and kept for ever.
    """
    article = conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    if article is None or article["copy_of"] is not None or article["held"] is not None:
        conn.execute("UPDATE files SET wanted_hash = NULL WHERE article_id = ?", (article_id,))
        return
    settings = FileSettings.read(conn)
    if settings.enabled:
        _order(conn, article, settings)


def write_owed(conn: sqlite3.Connection, directory: Path) -> Written:
    """Write and remove the files that are owed; not inside a transaction.

    A file that the file system refuses is counted, named, and stays owed; the others are still
    written. A full or read-only disk ends the pass.
    """
    return _carry_out(conn, directory, _owed(conn), lambda done: note_done(conn, [done]))


def carry_out(conn: sqlite3.Connection, directory: Path, *, besides: Collection[str]) -> CarriedOut:
    """Do what `write_owed` does without noting it: `note_done` does, in a later transaction.

    `besides`: paths that are left as they are. A process that is killed in between writes the
    same files again.
    """
    done: list[Done] = []
    folders: set[Path] = set()  # of many files one, as a rule: a sync is most of what a file takes
    orders = (order for order in _owed(conn) if order["path"] not in besides)
    written = _carry_out(conn, directory, orders, done.append, sync=folders.add)
    for folder in folders:
        try:
            sync_folder(folder)
        except OSError as error:
            written = _refused(written, _problem(folder, error), done, directory, folder)
    refused = frozenset(written.refused)
    return CarriedOut(done=tuple(d for d in done if d.path not in refused), written=written)


def _refused(
    written: Written, problem: str, done: Iterable[Done], directory: Path, folder: Path
) -> Written:
    """A folder's names may be lost in a power cut: none of its orders is done."""
    lost = [order for order in done if (directory / order.path).parent == folder]
    there = sum(order.written is not None for order in lost)
    return Written(
        count=written.count - there,
        removed=written.removed - (len(lost) - there),
        problems=(*written.problems, problem),
        refused=(*written.refused, *(order.path for order in lost)),
    )


def note_done(conn: sqlite3.Connection, done: Iterable[Done]) -> None:
    """Note what lies on the disk now; an order that has changed meanwhile stays owed.

    Where only a setting has, the file is what it now wants.
    """
    for order in done:
        conn.execute(_REMOVED if order.written is None else _WRITTEN, order._asdict())


def _carry_out(
    conn: sqlite3.Connection,
    directory: Path,
    orders: Iterable[sqlite3.Row],
    note: Callable[[Done], None],
    *,
    sync: Callable[[Path], None] = sync_folder,
) -> Written:
    count = removed = 0
    problems: list[str] = []
    refused: list[str] = []
    safe: set[Path] = set()
    for order in orders:
        try:
            done = _make_true(conn, _safe_path(directory, order["path"], safe), order, sync)
        except (OSError, ArchiveError) as error:
            problems.append(_problem(directory / order["path"], error))
            refused.append(order["path"])
            if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
                break
        else:
            note(done)
            count += done.written is not None
            removed += done.written is None
    return Written(count=count, removed=removed, problems=tuple(problems), refused=tuple(refused))


def count(conn: sqlite3.Connection) -> int:
    """Count the files that were written."""
    return int(
        conn.execute("SELECT count(*) FROM files WHERE written_hash IS NOT NULL").fetchone()[0]
    )


def files_left(conn: sqlite3.Connection) -> int:
    """Count the files that are still to be written or removed."""
    return sum(1 for _ in _owed(conn))


def render_all(conn: sqlite3.Connection, directory: Path) -> Rendered:
    """Rebuild every file from the database: not inside a transaction.

    Orders are computed anew; a file that is missing or differs on disk is written again, one
    that is right is left alone, and nothing that the archive did not write is touched.
    """
    for ids in _batches(conn):
        with transaction(conn):
            for article_id in ids:
                want_file(conn, article_id)
    stories = _recheck(conn, directory)
    return Rendered(stories=stories, written=write_owed(conn, directory))


def write_posts(conn: sqlite3.Connection, directory: Path, stories: Iterable[sqlite3.Row]) -> int:
    """Write the posts of some stories into another folder; give their number."""
    settings, written = FileSettings.read(conn), 0
    for story in stories:
        path = _safe_path(directory, story["markdown_path"] or new_path(story))
        write_whole(path, file_content(conn, story, settings))
        written += 1
    return written


def _order(conn: sqlite3.Connection, article: sqlite3.Row, settings: FileSettings) -> None:
    path = article["markdown_path"]
    if path is None:
        path = _free_path(conn, article)
        conn.execute("UPDATE articles SET markdown_path = ? WHERE id = ?", (path, article["id"]))
    wanted = _ordered.keep(file_content(conn, article, settings))
    conn.execute(
        "INSERT INTO files (path, article_id, wanted_hash) VALUES (?, ?, ?)"
        " ON CONFLICT (path) DO UPDATE"
        " SET article_id = excluded.article_id, wanted_hash = excluded.wanted_hash",
        (path, article["id"], wanted),
    )


def _free_path(conn: sqlite3.Connection, article: sqlite3.Row) -> str:
    """Choose a path; its own may be that of the story that it led once, which keeps it."""
    first = path = new_path(article)
    taken = "SELECT 1 FROM files WHERE path = ? AND article_id <> ?"
    number = 1
    while conn.execute(taken, (path, article["id"])).fetchone() is not None:
        number += 1
        path = f"{first.removesuffix('.md')}-{number}.md"
    return path


def file_content(conn: sqlite3.Connection, article: sqlite3.Row, settings: FileSettings) -> bytes:
    """Give the file's bytes: an imported post as it came, while its article is as it came."""
    if article["withdrawn"] is None:
        kept = conn.execute(_VERBATIM, (article["id"],)).fetchone()
        if kept is not None:
            return bytes(kept["content"])
    return render(gather_post(conn, article, settings)).encode()


def _owed(conn: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    """Yield what is owed, by path. A page at a time, as rows change while they are read."""
    path = ""
    while True:
        orders = conn.execute(_OWED, {"after": path, "batch": BATCH}).fetchall()
        if not orders:
            return
        yield from orders
        path = orders[-1]["path"]


def _make_true(
    conn: sqlite3.Connection,
    path: Path,
    order: sqlite3.Row,
    sync: Callable[[Path], None],
) -> Done:
    """Make the disk what the order says; give what is to be noted."""
    wanted = written = order["wanted_hash"]
    content = _ordered.find(wanted)
    if content is None and (content := _content_now(conn, order)) is not None:
        written = file_hash(content)
    if content is None:
        _remove(path, sync)
        return Done(order["path"], wanted, None)
    write_whole(path, content, sync=sync)
    return Done(order["path"], wanted, written)


def _content_now(conn: sqlite3.Connection, order: sqlite3.Row) -> bytes | None:
    """What a file that is wanted is to hold; None for one that is not."""
    if order["wanted_hash"] is None:
        return None
    article = conn.execute(
        "SELECT * FROM articles WHERE id = ? AND copy_of IS NULL AND held IS NULL",
        (order["article_id"],),
    ).fetchone()
    return None if article is None else file_content(conn, article, FileSettings.read(conn))


def _safe_path(directory: Path, name: str, safe: set[Path] | None = None) -> Path:
    """Give the file's place, or refuse one that a hostile name or a link leads out of `directory`.

    Names of ours can't; a database that comes from somewhere else, or a folder replaced by a
    link, can. `safe`: folders that were looked at, of many files one as a rule; it grows.
    """
    path, parts = directory / name, name.split("/")
    plain = name.endswith(".md") and "\0" not in name and not any(p[:1] in ("", ".") for p in parts)
    looked_at = set[Path]() if safe is None else safe
    if plain and path.parent not in looked_at and _is_inside(path.parent, directory):
        looked_at.add(path.parent)
    if not plain or path.parent not in looked_at:
        raise ArchiveError(
            f"{path} would lie outside {directory}: not written; remove the link,"
            " or correct the path in table files"
        )
    return path


def _is_inside(folder: Path, directory: Path) -> bool:
    # realpath: half of what Path.resolve takes
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(directory))


def _remove(path: Path, sync: Callable[[Path], None]) -> None:
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync(path.parent)


def _recheck(conn: sqlite3.Connection, directory: Path) -> int:
    """Compare every order with the disk, and note what really lies there. Count the files wanted.

    What can't be read is taken as missing: writing it will say what is wrong.
    """
    count, last = 0, ""
    while wanted := conn.execute(
        "SELECT path, wanted_hash FROM files WHERE wanted_hash IS NOT NULL AND path > ?"
        " ORDER BY path LIMIT ?",
        (last, BATCH),
    ).fetchall():
        found = [
            (hash_ if _hash_on_disk(directory, path) == hash_ else None, path)
            for path, hash_ in wanted
        ]
        with transaction(conn):
            conn.executemany("UPDATE files SET written_hash = ? WHERE path = ?", found)
        count, last = count + len(wanted), wanted[-1]["path"]
    return count


def _hash_on_disk(directory: Path, name: str) -> str | None:
    try:
        return file_hash(_safe_path(directory, name).read_bytes())
    except (OSError, ArchiveError):
        return None


def _batches(conn: sqlite3.Connection) -> Iterator[list[int]]:
    """Yield the ids of all articles, and of orders whose article is gone, some at a time."""
    last = -1
    while True:
        rows = conn.execute(
            "SELECT id FROM (SELECT id FROM articles UNION SELECT article_id FROM files)"
            " WHERE id > ? ORDER BY id LIMIT ?",
            (last, BATCH),
        ).fetchall()
        if not rows:
            return
        yield [row[0] for row in rows]
        last = rows[-1][0]


def _problem(path: Path, error: OSError | ArchiveError) -> str:
    if isinstance(error, ArchiveError):
        return str(error)
    return f"{path}: {error.strerror or error}; the file stays owed until it can be written"
