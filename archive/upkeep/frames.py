"""Articles as a table of pandas, Polars or Arrow: whichever is installed, with proper types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, get_args

from archive.articles.columns import Kind
from archive.database.times import from_text
from archive.errors import ExtraMissing
from archive.record import FIELDS, Record

if TYPE_CHECKING:
    import pyarrow as pa

Library = Literal["pandas", "polars", "pyarrow"]
_ROWS = 1000  # of a batch
# What may be missing, so that a column of NumPy's integers or booleans can't hold it.
_PANDAS = {Kind.NUMBER: "Int64", Kind.FLAG: "boolean", Kind.SHARE: "float64"}


def table_of(found: Iterable[Record], library: Library | None = None) -> Any:
    """Give a pandas.DataFrame, polars.DataFrame or pyarrow.Table, one column for each of FIELDS.

    Times are UTC timestamps, lists are lists, what is not known is missing. `library`: None for the
    first that is installed. Raises ExtraMissing where none is, or not that one.
    """
    libraries = get_args(Library)
    if library is not None and library not in libraries:
        raise ValueError(f"library is one of {', '.join(libraries)}")
    chosen = next((n for n in libraries if library in (None, n) and find_spec(n)), None)
    if chosen is None:
        raise ExtraMissing(
            f"a frame needs {library or 'pandas, polars or pyarrow'}: pip install"
            f" {library or 'pandas'}; Parquet files need nothing here (broadsheet export)"
        )
    return _MAKERS[chosen](found)


def arrow_schema() -> pa.Schema:
    """Give the columns of FIELDS with Arrow's types."""
    import pyarrow as pa

    types = {
        Kind.TIME: pa.timestamp("s", tz="UTC"),
        Kind.NUMBER: pa.int64(),
        Kind.FLAG: pa.bool_(),
        Kind.SHARE: pa.float64(),
        Kind.LIST: pa.list_(pa.string()),
    }
    return pa.schema([(name, types.get(kind, pa.string())) for name, kind in FIELDS.items()])


def arrow_batches(found: Iterable[Record], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield records as Arrow has them, a thousand at a time."""
    import pyarrow as pa

    rows = (_typed(record) for record in found)
    while batch := list(islice(rows, _ROWS)):
        yield pa.RecordBatch.from_pylist(batch, schema=schema)


def _typed(record: Record) -> dict[str, object]:
    return {
        name: _time(record[name]) if kind is Kind.TIME else record[name]
        for name, kind in FIELDS.items()
    }


def _time(text: object) -> datetime | None:
    return from_text(str(text)) if text else None


def _pandas_frame(found: Iterable[Record]) -> Any:
    import pandas as pd

    frame = pd.DataFrame([_typed(record) for record in found], columns=list(FIELDS))
    types: dict[str, Any] = {
        name: _PANDAS[kind] for name, kind in FIELDS.items() if kind in _PANDAS
    }
    times = [name for name, kind in FIELDS.items() if kind is Kind.TIME]
    types |= dict.fromkeys(times, "datetime64[s, UTC]")
    return frame.astype(types)


def _polars_frame(found: Iterable[Record]) -> Any:
    import polars as pl

    types: dict[Kind, Any] = {
        Kind.TIME: pl.Datetime("ms", "UTC"),
        Kind.NUMBER: pl.Int64,
        Kind.FLAG: pl.Boolean,
        Kind.SHARE: pl.Float64,
        Kind.LIST: pl.List(pl.String),
    }
    schema = {name: types.get(kind, pl.String) for name, kind in FIELDS.items()}
    return pl.DataFrame([_typed(record) for record in found], schema=schema)


def _arrow_table(found: Iterable[Record]) -> Any:
    import pyarrow as pa

    schema = arrow_schema()
    return pa.Table.from_batches(arrow_batches(found, schema), schema=schema)


_MAKERS = {"pandas": _pandas_frame, "polars": _polars_frame, "pyarrow": _arrow_table}
