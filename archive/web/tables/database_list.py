"""The address /-/databases.json: Datasette's, without where on this machine an archive lies."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from datasette.views.special import JsonDataView  # type: ignore[import-untyped]

from archive.web.tables.metadata import shows_archive

PATTERN = r"^/-/databases(\.(?P<format>json))?$"


async def databases_page(datasette: Any, request: Any) -> Any:
    """Answer with Datasette's list; of an archive the file's name alone."""
    return await JsonDataView(datasette, "databases.json", partial(_listed, datasette)).get(request)


def _listed(datasette: Any) -> list[dict[str, Any]]:
    return [
        {**each, "path": Path(each["path"]).name}
        if each["path"] and shows_archive(datasette, each["name"])
        else each
        for each in datasette._connected_databases()
    ]
