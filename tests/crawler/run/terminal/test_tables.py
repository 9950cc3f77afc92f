"""Tables that fit: captures at 60, 80 and 120 columns, seen by eye, and rules for any width."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from crawler.run.terminal.tables import (
    FittedTable,
    TableColumn,
    fitted,
    identity,
    kept_columns,
    name,
    number,
    phrase,
)
from tests.crawler.run.terminal.drawn import IDS, TABLES, WIDTHS, captured

CAPTURES = Path(__file__).parent / "captures"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_drawn_as_captured(table: str, width: int) -> None:
    kept = (CAPTURES / f"{table}-{width}.txt").read_text(encoding="utf-8")
    assert captured(TABLES[table](width), width) == kept


@pytest.mark.parametrize("width", [60, 66, 72, 79, 80, 92, 100, 119, 120, 140])
@pytest.mark.parametrize("table", [t for t in TABLES if t != "sources-catalog"])
def test_at_any_width_lines_fit_and_ids_are_whole(table: str, width: int) -> None:
    shown = captured(TABLES[table](width), width)
    assert max(cell_len(line) for line in shown.splitlines()) <= width
    named = IDS if table != "copies-list" else ("104998", "104999")
    assert all(source_id in shown for source_id in named)


COLUMNS = (identity("id"), name("outlet"), identity("kind", 2), phrase("why", 1), number("n"))


def test_the_least_important_columns_go_first_and_those_without_a_number_never() -> None:
    natural = (10, 20, 7, 40, 5)
    assert kept_columns(COLUMNS, natural, 100) == [0, 1, 2, 3, 4]
    assert kept_columns(COLUMNS, natural, 57) == [0, 1, 3, 4]  # 10 + 12 + 12 + 5, three gaps of 3
    assert kept_columns(COLUMNS, natural, 47) == [0, 1, 4]
    assert kept_columns(COLUMNS, natural, 5) == [0, 1, 4]


def test_words_are_cut_before_names_are_folded_and_ids_never() -> None:
    natural = (10, 20, 7, 40, 5)
    assert fitted(natural, COLUMNS, 94) == [10, 20, 7, 40, 5]
    assert fitted(natural, COLUMNS, 70) == [10, 20, 7, 16, 5]
    assert fitted(natural, COLUMNS, 60) == [10, 14, 7, 12, 5]
    assert fitted(natural, COLUMNS, 40) == [10, 3, 7, 3, 5]


def test_what_went_is_named() -> None:
    table = FittedTable([identity("id"), TableColumn(heading="note", goes=1)], "`show` has all")
    table.add_row("stcn", "x" * 30)
    assert captured(table, 20) == ("id\n────\nstcn\nNo room for: note\n(`show` has all).\n")
    assert "No room" not in captured(table, 60)
