"""`broadsheet stats`: the archive in numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.folder import ARCHIVE, IMAGES, PAGES, DataFolder
from crawler.run.terminal.context import Context, pass_context
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.tables import FittedTable, name, number
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from archive.images.rows import ImageTotals
    from archive.upkeep.overview import Overview


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@pass_context
def stats(context: Context, as_json: bool) -> None:
    """Count articles per source, day and language, entries per state and reason, and bytes."""
    with context.reader() as archive:
        counts = archive.stats()
    sizes = _sizes(context, counts.images)
    if as_json:
        click.echo(json.dumps(_fields(counts, sizes), ensure_ascii=False, indent=2))
        return
    context.console.print(
        f"{counted(counts.articles, 'article')} ({counted(counts.stories, 'story')}, "
        f"{counted(counts.copies, 'copy')}), {counted(counts.revisions, 'version')}"
        f"{_pictures(counts.images)}, in {context.data}"
    )
    for table in _tables(counts, sizes):
        if table.rows:
            context.console.print()
            context.console.print(table)


def _pictures(images: ImageTotals) -> str:
    """Say how many are kept, where any is met at all."""
    if not (images.files or images.owed or images.refused):
        return ""
    owed, refused = f"{images.owed:,} owed", f"{images.refused:,} refused"
    return f", {counted(images.files, 'picture')} ({owed}, {refused})"


def _sizes(context: Context, images: ImageTotals) -> dict[str, int]:
    """Bytes on disk; what SQLite has written ahead counts as the database's."""
    kept = {IMAGES: images.bytes} if images.files else {}
    return {
        ARCHIVE: _database_bytes(context.archive_path),
        PAGES: _database_bytes(DataFolder(context.data).pages),
        "markdown": sum(f.stat().st_size for f in context.markdown_dir.rglob("*.md")),
        **kept,
    }


def _database_bytes(path: Path) -> int:
    parts = (path, path.with_name(f"{path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.is_file())


def _fields(counts: Overview, sizes: dict[str, int]) -> dict[str, object]:
    images = counts.images
    return {
        "articles": counts.articles,
        "stories": counts.stories,
        "copies": counts.copies,
        "revisions": counts.revisions,
        "sources": dict(counts.by_source),
        "languages": dict(counts.by_language),
        "days": dict(counts.by_day),
        "entries": [
            {"state": str(state), "reason": reason, "count": count}
            for state, reason, count in counts.by_state
        ],
        "images": {"kept": images.files, "owed": images.owed, "refused": images.refused},
        "bytes": sizes,
    }


def _tables(counts: Overview, sizes: dict[str, int]) -> Iterable[FittedTable]:
    yield _table(["source"], "articles", counts.by_source)
    yield _table(["language"], "articles", counts.by_language)
    yield _table(["published on"], "articles", counts.by_day)
    yield _table(["state", "reason"], "entries", counts.by_state)
    megabytes = FittedTable([name("on disk"), number("MB")])
    for file, size in sizes.items():
        megabytes.add_row(file, f"{size / 1e6:,.1f}")
    yield megabytes


def _table(text: Sequence[str], counts: str, rows: Iterable[tuple[object, ...]]) -> FittedTable:
    """Tabulate rows of words that end with a count; an empty word is shown as a dash."""
    table = FittedTable([*map(name, text), number(counts)])
    for *words, count in rows:
        table.add_row(*(printable_line(str(word)) or "-" for word in words), f"{count:,}")
    return table
