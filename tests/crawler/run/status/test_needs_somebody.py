"""Which sources need somebody: one answer for the front page, the page of sources and `status`."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import NamedTuple

from archive.database.connect import transaction
from config.essentials import Essentials
from config.load import parse_config
from crawler.run.status.report import read_report
from tests.archive.making import LONG, NOW, make_archive, make_source, save
from tests.archive.web.browsing import SHANGHAI, Browser

FAILING_AFTER = 2.0


class Answers(NamedTuple):
    """What of the sources is told."""

    front: str
    sources: str
    troubled: list[str]  # by `status`


def _words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def ask(conn: sqlite3.Connection, ids: list[str], *, language: str = "en") -> Answers:
    tables = "".join(
        f'[[source]]\nid = "{i}"\nname = "{i}"\nurl = "https://{i}.example.com/"\n' for i in ids
    )
    health = f"[health]\nfailing_after = {FAILING_AFTER}\n"
    config = parse_config(health + tables, name="broadsheet.toml")
    report = read_report(conn, Essentials.of_model(config), holder=None, now=NOW)
    told = {"plugins": {"broadsheet": {**SHANGHAI["plugins"]["broadsheet"], "failing_after": 2.0}}}
    with Browser(conn, told) as browser:
        front = browser.get("/", language=language).text.partition('id="trouble"')[2]
        sources = browser.get("/-/sources", language=language).text.partition('class="lede"')[2]
    return Answers(
        front=_words(front.partition("</h2>")[2].partition("</section>")[0]),
        sources=_words("<" + sources.partition("</p>")[0]),
        troubled=[source.id for source in report.sources if source.troubled],
    )


def archive(folder: Path, **statuses: tuple[str, float]) -> sqlite3.Connection:
    """One with an article, and sources of these statuses and weighed failures."""
    conn = make_archive(folder, *(make_source(i) for i in statuses))
    save(conn, "1", "央行降准", LONG, source_id=next(iter(statuses)))
    with transaction(conn):
        for i, (status, failures) in statuses.items():
            conn.execute(
                "UPDATE sources SET status = ?, failures = ? WHERE id = ?", (status, failures, i)
            )
    return conn


def test_a_slow_source_is_well(tmp_path: Path) -> None:
    conn = archive(tmp_path, cold=("slow", 0))
    well = "The one source is well."
    assert ask(conn, ["cold"]) == Answers(well, well, [])
    well = "唯一的来源正常。"
    assert ask(conn, ["cold"], language="zh") == Answers(well, well, [])


def test_a_source_that_failed_too_seldom_or_moved_needs_nobody(tmp_path: Path) -> None:
    conn = archive(tmp_path, a=("ok", 0), b=("failing", 1.5), c=("moved", 0))
    none = "No source needs somebody."
    assert ask(conn, ["a", "b", "c"]) == Answers(none, none, [])


def test_the_others_do(tmp_path: Path) -> None:
    grave = ("failing", "gone", "blocked", "silent")
    ids = {status[0]: (status, FAILING_AFTER) for status in grave}
    conn = archive(tmp_path, a=("quiet", 0), **ids)
    front, sources, troubled = ask(conn, ["a", *ids])
    assert front == "4 of 5 need somebody: f failing g gone b blocked s silent"
    assert sorted(troubled) == ["b", "f", "g", "s"]
    usual = "The others answer, and bring news at their usual pace."
    assert sources == f"4 of 5 need somebody. {usual}"
