"""What was archived, on its way to the plugins."""

from __future__ import annotations

from archive.database.read_connection import ReadConnection
from archive.model import Saved, Verdict
from archive.record import article_record
from crawler.plugins import Plugins

_TOLD = (Verdict.NEW, Verdict.REVISED)


async def tell_plugins(plugins: Plugins, reader: ReadConnection, saved: Saved | None) -> None:
    """Tell them of a new article or version; of nothing that is held back or refused."""
    if saved is None or not plugins:
        return
    is_told = saved.verdict in _TOLD and saved.rejected is None and not saved.held
    if not is_told or saved.article_id is None:
        return
    record = await reader.run(article_record, saved.article_id)
    if record is not None:
        await plugins.article_saved(record, str(saved.verdict))
