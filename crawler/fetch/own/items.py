"""Scrapy items of what was archived, for `-o FILE` and for pipelines of a person's own: the record
of the article, flat, and what the archive did with it."""

from __future__ import annotations

from scrapy.crawler import Crawler

from archive.model import Article, EntryState, Rejection, Saved
from archive.record import Record, article_record
from crawler.fetch.desk_local import LocalDesk
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tasks import Fetching, Task


class Items:
    """Made where somebody takes them: a read of the archive for each article."""

    def __init__(self, desk: LocalDesk):
        self._desk = desk
        self._saved: dict[Task, Saved] = {}
        desk.pages.observers.append(self._note)

    def _note(
        self, task: Fetching, what: Article | Rejection | Failed, how: Saved | EntryState
    ) -> None:
        if isinstance(how, Saved) and how.article_id is not None and how.rejected is None:
            self._saved[task] = how

    async def item(self, task: Task) -> dict[str, object] | None:
        """The item of a task that has ended; None where it brought no article."""
        saved = self._saved.pop(task, None)
        if saved is None or saved.article_id is None or saved.held:
            return None
        record: Record | None = await self._desk.archive.reader.run(
            article_record, saved.article_id
        )
        return None if record is None else {"verdict": str(saved.verdict), **record}


def are_wanted(crawler: Crawler) -> bool:
    """Whether a feed (`-o`) or a further pipeline takes items."""
    settings = crawler.settings
    return bool(settings.getdict("FEEDS")) or len(settings.getdict("ITEM_PIPELINES")) > 1
