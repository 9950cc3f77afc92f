"""Carry the value of a further column, `dateline`, through every door, and print what each gives.

Run by test_article_columns.py in a process of its own, on a copy of the product that has it.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

import archive
from archive.articles.reextraction import Rereading, reread_article
from archive.errors import ExtraMissing
from archive.reader import open_archive
from archive.upkeep.export import ExportSelection, records, write_csv, write_jsonl
from crawler.run.cli import main
from crawler.run.formats.parquet_out import write_parquet
from tests.archive.making import LONG, NOW, cell, make_archive, make_article, make_entry, save
from tests.archive.upkeep.merge.two import bring
from tests.crawler.run.sample import CONFIG

LATER = NOW + timedelta(hours=1)
STORED = "SELECT dateline FROM articles WHERE id = ?"
Doors = dict[str, object]


def through_every_door(folder: Path) -> Doors:
    (folder / "data").mkdir()
    return {**writing(folder), **reading(folder)}


def writing(folder: Path) -> Doors:
    conn = make_archive(folder / "data")
    doors: Doors = {}
    save(conn, "1", dateline="Basel")
    doors["insert"] = cell(conn, STORED, 1)
    save(conn, "1", text=f"{LONG}更正。", dateline="Bern", now=LATER)
    doors["revise"] = cell(conn, STORED, 1)
    save(conn, "1", text=f"{LONG}又更正。", now=LATER)
    doors["revise in silence"] = cell(conn, STORED, 1)
    read = Rereading(page_id=1, entry=make_entry("1"), source_id="stcn", article_id=1)
    again = make_article("1", text=f"{LONG}又更正。", dateline="Biel")
    reread_article(conn, read, again, now=LATER, dry_run=False)
    doors["re-extract"] = cell(conn, STORED, 1)
    (folder / "theirs").mkdir()
    theirs = make_archive(folder / "theirs")
    save(theirs, "2", "Fed holds", "The Fed held rates. " * 30, dateline="Chur")
    theirs.close()
    bring(conn, folder / "theirs")
    doors["merge"] = cell(conn, STORED, 2)
    conn.close()
    return doors


def reading(folder: Path) -> Doors:
    conn = make_archive(folder / "data")
    lines, table = io.StringIO(), io.StringIO(newline="")
    write_jsonl(lines, records(conn, ExportSelection()))
    write_csv(table, records(conn, ExportSelection()))
    with open_archive(folder / "data") as opened:
        story = opened.get(1)
    return {
        "reader": story.dateline,
        "JSON lines": [json.loads(line)["dateline"] for line in lines.getvalue().splitlines()],
        "CSV": [row["dateline"] for row in csv.DictReader(table.getvalue().splitlines())],
        "Parquet": parquet(folder / "parquet", conn),
        "show": [line for line in shown(folder).splitlines() if line.startswith("dateline")],
        "show --json": json.loads(shown(folder, "--json"))["dateline"],
    }


def parquet(folder: Path, conn: sqlite3.Connection) -> list[object] | None:
    """None where the extra isn't installed."""
    folder.mkdir()
    try:
        write_parquet(folder, records(conn, ExportSelection()))
    except ExtraMissing:
        return None
    from pyarrow.parquet import read_table

    (file,) = folder.rglob("*.parquet")
    return list(read_table(file).column("dateline").to_pylist())


def shown(folder: Path, *options: str) -> str:
    config = folder / "broadsheet.toml"
    config.write_text(CONFIG, encoding="utf-8")
    where = ["--config", str(config), "--data", str(folder / "data")]
    return CliRunner().invoke(main, [*where, "show", "1", *options]).stdout


if __name__ == "__main__":
    print(json.dumps({"code": archive.__file__, **through_every_door(Path(sys.argv[1]))}))
