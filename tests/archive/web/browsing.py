"""A real Datasette on an archive, asked over its own client."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from datasette.app import Datasette

SHANGHAI = {"plugins": {"broadsheet": {"timezone": "Asia/Shanghai"}}}


class Browser:
    """One that stays open: each start of Datasette takes a quarter of a second."""

    def __init__(
        self, archive: sqlite3.Connection | Path, metadata: dict[str, Any] | None = None
    ) -> None:
        file = archive
        if isinstance(archive, sqlite3.Connection):
            file = archive.execute("PRAGMA database_list").fetchone()["file"]
        self._runner = asyncio.Runner()
        self._datasette = Datasette([str(file)], metadata=metadata or SHANGHAI)
        self._runner.run(self._datasette.invoke_startup())

    def get(self, path: str, *, language: str = "en") -> Any:
        headers = {"accept-language": language}
        return self._runner.run(self._datasette.client.get(path, headers=headers))

    def post(self, path: str) -> Any:
        return self._runner.run(self._datasette.client.post(path))

    def head(self, path: str) -> Any:
        return self._runner.run(self._datasette.client.head(path))

    def close(self) -> None:
        for database in self._datasette.databases.values():
            database.close()
        self._datasette.executor.shutdown()
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def get_pages(
    archive: sqlite3.Connection | Path,
    *paths: str,
    language: str = "en",
    metadata: dict[str, Any] | None = None,
) -> list[Any]:
    """Give the answers to `paths`, asked one after another by a browser of that language."""
    with Browser(archive, metadata) as browser:
        return [browser.get(path, language=language) for path in paths]
