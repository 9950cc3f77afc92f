"""`broadsheet export`: articles as files for other programs."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from archive.folder import DataFolder
from archive.images.responses import image_responses
from archive.images.store import ImageStore
from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.date_options import MomentOption, as_of_option
from crawler.run.terminal.plurals import counted

if TYPE_CHECKING:
    import sqlite3

    from archive.upkeep.export import ExportSelection

FEED_ITEMS = 100  # of rss, atom and json, unless --limit says otherwise
_TEXTS = ("jsonl", "csv")
_FEEDS = ("rss", "atom", "json")
_RAW_PAGES = "warc holds raw pages: choose by --source and --since"
_ROWS = (*_TEXTS, "parquet")
_FOLDERS = ("parquet", "hexo")


@click.command()
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice([*_TEXTS, *_FEEDS, *_FOLDERS, "warc"]),
    help="rss, atom and json (JSON Feed) hold the newest; parquet and hexo are folders; warc holds"
    " the raw pages and kept pictures.",
)
@click.option(
    "--since",
    type=MomentOption(),
    metavar="DATE",
    help="Published on that day (UTC) or later; a time with its zone or a duration (30d) as well.",
)
@click.option("--until", type=MomentOption(), metavar="DATE", help="Published before that day.")
@click.option("--source", metavar="ID", help="Of this source only.")
@click.option("--query", default="", metavar="QUERY", help="Only what `search` finds.")
@click.option("--all", "copies", is_flag=True, help="Copies at other outlets too.")
@click.option(
    "--limit", type=click.IntRange(min=1), help=f"Items of a feed.  [default: {FEED_ITEMS}]"
)
@click.option("--title", help="Title of a feed.")
@click.option("--versions", is_flag=True, help="Every version of an article, not the newest.")
@click.option(
    "--changes-since",
    metavar="SEQ",
    type=click.IntRange(min=0),
    help="Only articles that something happened to after this number (`broadsheet changes`).",
)
@as_of_option
@click.argument("out", metavar="OUT")
@pass_context
def export(
    context: Context,
    form: str,
    since: datetime | None,
    until: datetime | None,
    source: str | None,
    query: str,
    copies: bool,
    limit: int | None,
    title: str | None,
    versions: bool,
    changes_since: int | None,
    as_of: datetime | None,
    out: str,
) -> None:
    """Write articles to OUT, the oldest first; `-` is standard output (not for folders, warc).

    A file is complete or not there: it is written under another name first. An older file of that
    name is replaced, a folder is not.
    """
    from archive.upkeep.export import ExportSelection

    if limit is not None and form not in _FEEDS:
        raise Failure(f"--limit is for feeds ({', '.join(_FEEDS)})", exit_code=2)
    if versions and form not in _ROWS:
        raise Failure(f"--versions is for rows ({', '.join(_ROWS)})", exit_code=2)
    _require_place(form, out)
    selection = ExportSelection(
        since=since,
        until=until,
        source=source,
        query=query,
        copies=copies,
        versions=versions,
        changes_since=changes_since,
    )
    with context.reading(as_of) as connection:
        _require_source(connection, source)
        if form in _TEXTS:
            count = _write_text(connection, selection, form, out)
        elif form in _FEEDS:
            count = _write_feed(context, connection, selection, form, out, limit, title)
        elif form == "warc":
            count = _write_warc(context, connection, selection, as_of, Path(out))
        else:
            count = _write_folder(connection, selection, form, Path(out))
    unit = "response" if form == "warc" else "version" if versions else "article"
    where = "standard output" if out == "-" else out
    context.errors.print(f"{counted(count, unit)} in {where}")


def _require_place(form: str, out: str) -> None:
    if out == "-" and form not in (*_TEXTS, *_FEEDS):
        raise Failure(f"{form} can't go to standard output: name a file or folder", exit_code=2)
    if form not in _FOLDERS and Path(out).is_dir():
        raise Failure(f"{out} is a folder: name a file", exit_code=2)


def _require_source(connection: sqlite3.Connection, source: str | None) -> None:
    from archive.sources.declarations import source_states
    from crawler.run.terminal.context import unknown_source

    known = [state.id for state in source_states(connection)]
    if source is not None and source not in known:
        raise unknown_source(source, known)


def _write_text(
    connection: sqlite3.Connection, selection: ExportSelection, form: str, out: str
) -> int:
    from archive.upkeep.export import records, write_csv, write_jsonl

    write = write_csv if form == "csv" else write_jsonl
    found = records(connection, selection)
    first = list(islice(found, 1))  # a query that can't be read is told before anything is written
    # Excel takes a CSV for UTF-8 only with a byte order mark, and others pass over it.
    with _text_file(out, encoding="utf-8-sig" if form == "csv" else "utf-8") as file:
        return write(file, chain(first, found))


def _write_feed(
    context: Context,
    connection: sqlite3.Connection,
    selection: ExportSelection,
    form: str,
    out: str,
    limit: int | None,
    title: str | None,
) -> int:
    from archive.upkeep.export import newest
    from archive.upkeep.feeds import FeedHead, atom, json_feed, rss
    from crawler.text.image_addresses import image_url

    found = newest(connection, selection, limit or FEED_ITEMS)
    named = title or (f"Broadsheet: {selection.query}" if selection.query else "Broadsheet")
    channel = FeedHead(
        title=named, link="http://127.0.0.1:8001/", now=context.now(), picture_of=image_url
    )
    writers: dict[str, Callable[..., str]] = {"rss": rss, "atom": atom, "json": json_feed}
    with _text_file(out) as file:
        file.write(writers[form](channel, found))
    return len(found)


def _write_warc(
    context: Context,
    connection: sqlite3.Connection,
    selection: ExportSelection,
    as_of: datetime | None,
    out: Path,
) -> int:
    from archive.pages.store import PageStore
    from archive.pages.warcs import write_warc

    if selection.query or selection.until or as_of or selection.changes_since is not None:
        raise Failure(_RAW_PAGES, exit_code=2)
    folder = DataFolder(context.data)
    store = PageStore(folder.pages, readonly=True)
    pages = store.iterate(source_id=selection.source, since=selection.since)
    images = image_responses(
        connection,
        ImageStore(folder.images),
        source_id=selection.source,
        since=selection.since,
    )
    with _whole_file(out) as partial, open(partial, "wb") as file:
        responses = chain(pages, images)
        return write_warc(file, responses, gzip=out.suffix == ".gz", made=context.now())


def _write_folder(
    connection: sqlite3.Connection, selection: ExportSelection, form: str, out: Path
) -> int:
    from archive.files.orders import write_posts
    from archive.upkeep.export import records, rows
    from crawler.run.formats.parquet_out import write_parquet

    with _new_folder(out) as folder:
        if form == "parquet":
            return write_parquet(folder, records(connection, selection))
        return write_posts(connection, folder, rows(connection, replace(selection, copies=False)))


@contextmanager
def _text_file(out: str, encoding: str = "utf-8") -> Iterator[TextIO]:
    if out == "-":
        if isinstance(sys.stdout, io.TextIOWrapper):  # a file's encoding, not the terminal's
            sys.stdout.reconfigure(encoding=encoding)
        yield sys.stdout
        return
    with (
        _whole_file(Path(out)) as partial,
        open(partial, "w", encoding=encoding, newline="") as file,
    ):
        yield file


@contextmanager
def _whole_file(out: Path) -> Iterator[Path]:
    """Give the path of a file that takes OUT's name once it is written."""
    partial = out.with_name(f"{out.name}.part")
    try:
        yield partial
        descriptor = os.open(partial, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        os.replace(partial, out)
    except OSError as error:
        raise Failure(f"{out} can't be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """Give a folder that takes OUT's name once it is whole."""
    if out.exists():
        raise Failure(f"{out} is there already: name a new folder", exit_code=2)
    partial = out.with_name(f"{out.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        yield partial
        partial.rename(out)
    except OSError as error:
        raise Failure(f"{out} can't be written: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
