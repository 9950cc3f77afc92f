"""Articles as Parquet, a folder for each month, as DuckDB, pandas and Spark read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from archive.articles.columns import Kind
from archive.database.times import from_text
from archive.errors import ExtraMissing
from archive.upkeep.export import FIELDS, Record

if TYPE_CHECKING:
    import pyarrow as pa

MONTH = "published_month"  # the partition: OUT/published_month=2021-12/articles.parquet
_ROWS = 1000  # of a batch


def write_parquet(folder: Path, found: Iterable[Record]) -> int:
    """Write a partitioned dataset into a new folder; give the number of articles.

    Times are UTC timestamps, lists are lists. `found` comes in the order of publication, so that
    one file is open at a time. Raises ExtraMissing without the extra `parquet`.
    """
    try:
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ExtraMissing(
            "Parquet needs the package pyarrow: pip install 'broadsheet[parquet]'"
        ) from error
    schema, count = _schema(), 0
    for month, records in groupby(found, key=lambda record: str(record["published"])[:7]):
        (folder / f"{MONTH}={month}").mkdir()
        with pq.ParquetWriter(folder / f"{MONTH}={month}" / "articles.parquet", schema) as writer:
            for batch in _batches(records, schema):
                writer.write_batch(batch)
                count += batch.num_rows
    return count


def _batches(found: Iterable[Record], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    records = iter(found)
    while rows := [_row(record) for record in islice(records, _ROWS)]:
        yield pa.RecordBatch.from_pylist(rows, schema=schema)


def _row(record: Record) -> dict[str, object]:
    return {
        name: _time(record[name]) if kind is Kind.TIME else record[name]
        for name, kind in FIELDS.items()
    }


def _time(text: object) -> datetime | None:
    return from_text(None if text is None else str(text))


def _schema() -> pa.Schema:
    import pyarrow as pa

    types = {
        Kind.TIME: pa.timestamp("s", tz="UTC"),
        Kind.NUMBER: pa.int64(),
        Kind.FLAG: pa.bool_(),
        Kind.SHARE: pa.float64(),
        Kind.LIST: pa.list_(pa.string()),
    }
    return pa.schema([(name, types.get(kind, pa.string())) for name, kind in FIELDS.items()])
