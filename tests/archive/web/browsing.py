"""A real Datasette on an archive, asked over its own client."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from datasette.app import Datasette

SHANGHAI = {"plugins": {"broadsheet": {"timezone": "Asia/Shanghai"}}}


def get_pages(
    archive: sqlite3.Connection | Path,
    *paths: str,
    language: str = "en",
    metadata: dict[str, Any] | None = None,
) -> list[Any]:
    """Give the answers to `paths`, asked one after another by a browser of that language."""
    file = archive
    if isinstance(archive, sqlite3.Connection):
        file = archive.execute("PRAGMA database_list").fetchone()["file"]

    async def ask() -> list[Any]:
        datasette = Datasette([str(file)], metadata=metadata or SHANGHAI)
        try:
            await datasette.invoke_startup()
            headers = {"accept-language": language}
            return [await datasette.client.get(path, headers=headers) for path in paths]
        finally:
            for database in datasette.databases.values():
                database.close()
            datasette.executor.shutdown()

    return asyncio.run(ask())
