"""No suggestions of facets for an archive: to make them Datasette groups all rows by each column,
3.5 s of CPU a page at 100,000 articles. Those that are declared, and any `?_facet=`, are made."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]

from archive.web.tables.metadata import shows_archive


@hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def register_facet_classes() -> Generator[None, Any, None]:
    outcome = yield
    outcome.force_result(
        [[_without_suggestions(kind) for kind in kinds] for kinds in outcome.get_result()]
    )


def _without_suggestions(kind: Any) -> Any:
    async def suggest(facet: Any) -> Any:
        if shows_archive(facet.ds, facet.database):
            return []
        return await kind.suggest(facet)

    return type(kind.__name__, (kind,), {"suggest": suggest})
