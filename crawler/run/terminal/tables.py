"""Tables that fit the terminal: the one place that renders them.

Where the room is too small, first the least important columns go, then words are cut with an
ellipsis, then names are folded; ids, numbers and times are never broken. What went is named below
the table: a pipe has all of it, and `--json` too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.table import Table
from rich.text import Text

ALWAYS = 0  # importance of a column that never goes
_GAP = 3  # cells between two columns
_ROOM = 12  # cells that a column of words or names needs to say anything

Cell = str | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """`goes`: ALWAYS, or its turn when the room is too small: the highest number goes first.

    `least`: how many cells of the widest one are enough; None: all of them.
    """

    heading: str
    goes: int = ALWAYS
    least: int | None = None
    folds: bool = False  # over several lines; else what is too long ends in an ellipsis
    right: bool = False


def identity(heading: str, goes: int = ALWAYS) -> TableColumn:
    """An id, a time, a word out of few: whole, or not at all."""
    return TableColumn(heading=heading, goes=goes)


def number(heading: str, goes: int = ALWAYS) -> TableColumn:
    return TableColumn(heading=heading, goes=goes, right=True)


def name(heading: str, goes: int = ALWAYS, least: int = _ROOM) -> TableColumn:
    """A name: on as many lines as it takes."""
    return TableColumn(heading=heading, goes=goes, least=least, folds=True)


def phrase(heading: str, goes: int = ALWAYS, least: int = _ROOM) -> TableColumn:
    """A sentence of which the beginning says most."""
    return TableColumn(heading=heading, goes=goes, least=least)


@dataclass(slots=True)
class FittedTable:
    """Rows under columns. It has the width of the console that prints it."""

    columns: Sequence[TableColumn]
    elsewhere: str = "--json has all"  # where those that went can be read
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    sections: set[int] = field(default_factory=set)  # numbers of rows with a line above them

    def add_row(self, *cells: Cell) -> None:
        assert len(cells) == len(self.columns)
        self.rows.append(cells)

    def add_section(self) -> None:
        """Draw a line below the rows so far."""
        self.sections.add(len(self.rows))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table | Text]:
        natural = [self._natural(n) for n in range(len(self.columns))]
        kept = kept_columns(self.columns, natural, options.max_width)
        chosen = [self.columns[n] for n in kept]
        widths = fitted([natural[n] for n in kept], chosen, options.max_width)
        yield self._table(kept, widths)
        gone = [c.heading for n, c in enumerate(self.columns) if n not in kept]
        if gone:
            yield Text(f"No room for: {', '.join(gone)} ({self.elsewhere}).", style="dim")

    def _natural(self, n: int) -> int:
        cells = (_plain(row[n]) for row in self.rows)
        return max([cell_len(self.columns[n].heading), *map(cell_len, cells)])

    def _table(self, kept: Sequence[int], widths: Sequence[int]) -> Table:
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for n, width in zip(kept, widths, strict=True):
            column = self.columns[n]
            table.add_column(
                column.heading,
                justify="right" if column.right else "left",
                width=width,
                no_wrap=not column.folds,
                overflow="fold" if column.folds else "ellipsis",
            )
        for number_of_row, row in enumerate(self.rows):
            if number_of_row in self.sections:
                table.add_section()
            table.add_row(*(row[n] for n in kept))
        return table


def kept_columns(columns: Sequence[TableColumn], natural: Sequence[int], room: int) -> list[int]:
    """Which columns stay in `room` cells; `natural` is how wide each would like to be."""
    kept = [*range(len(columns))]
    while _needed(kept, columns, natural) > room:
        may_go = [n for n in kept if columns[n].goes != ALWAYS]
        if not may_go:
            break
        kept.remove(max(may_go, key=lambda n: (columns[n].goes, n)))
    return kept


def fitted(natural: Sequence[int], columns: Sequence[TableColumn], room: int) -> list[int]:
    """Give each column its width: words are cut first, then names, the widest before the others."""
    widths, floors = [*natural], _floors(natural, columns)
    over = sum(widths) + _GAP * (len(widths) - 1) - room
    elastic = [n for n, column in enumerate(columns) if column.least is not None]
    cut = [n for n in elastic if not columns[n].folds]
    for may_give, least in ((cut, floors), (elastic, floors), (elastic, [1] * len(widths))):
        while over > 0 and (loose := [n for n in may_give if widths[n] > least[n]]):
            widths[max(loose, key=lambda n: widths[n])] -= 1
            over -= 1
    return widths


def _floors(natural: Sequence[int], columns: Sequence[TableColumn]) -> list[int]:
    pairs = zip(columns, natural, strict=True)
    return [w if c.least is None else min(w, max(c.least, cell_len(c.heading))) for c, w in pairs]


def _needed(kept: Sequence[int], columns: Sequence[TableColumn], natural: Sequence[int]) -> int:
    floors = _floors(natural, columns)
    return sum(floors[n] for n in kept) + _GAP * (len(kept) - 1)


def _plain(cell: Cell) -> str:
    return cell.plain if isinstance(cell, Text) else cell
