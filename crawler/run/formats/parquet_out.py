"""Articles as Parquet, a folder for each month, as DuckDB, pandas and Spark read them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from archive.errors import ExtraMissing
from archive.record import Record
from archive.upkeep.frames import arrow_batches, arrow_schema

MONTH = "published_month"  # the partition: OUT/published_month=2021-12/articles.parquet


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
    schema, count = arrow_schema(), 0
    for month, records in groupby(found, key=lambda record: str(record["published"])[:7]):
        (folder / f"{MONTH}={month}").mkdir()
        with pq.ParquetWriter(folder / f"{MONTH}={month}" / "articles.parquet", schema) as writer:
            for batch in arrow_batches(records, schema):
                writer.write_batch(batch)
                count += batch.num_rows
    return count
