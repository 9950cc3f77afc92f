"""What follows from a page at the house: it is counted, logged, and told to who watches."""

from __future__ import annotations

import logging
from collections.abc import Callable

from archive.model import Article, EntryState, Rejection, Saved
from crawler.extract.body_rule import unmatched_rule
from crawler.fetch.house.closing import Ending
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tally import Tallies
from crawler.fetch.tasks import (
    Closed,
    Extracted,
    Fetching,
    NotModified,
    PageOutcome,
    Postponed,
    Recheck,
    Rejected,
)

logger = logging.getLogger(__name__)

Observer = Callable[[Fetching, Article | Rejection | Failed, Saved | EntryState], None]


class PageEnds:
    """`observers` are told of every page that ends (the page spider explains itself with one)."""

    def __init__(self, tallies: Tallies):
        self._tallies = tallies
        self.observers: list[Observer] = []

    def tell(self, task: Fetching, outcome: PageOutcome, ended: Ending) -> None:
        """Count what became of a page that was booked, and say it."""
        if isinstance(outcome, Extracted | Rejected) and outcome.raw:
            self._tallies.fetched(task.source.id)
        if isinstance(outcome, Extracted):
            self._tell_rule(task, outcome.article)
        if isinstance(task, Recheck):
            self._rechecked(task, ended)
        elif ended.saved is not None:
            self._tallies.saved(task.source.id, ended.saved)
        elif ended.state is not None:
            self._closed(task, outcome, ended.state, ended.reason)
        how = ended.saved or ended.state
        if how is not None and not isinstance(outcome, NotModified):
            for observer in self.observers:
                observer(task, _matter(outcome), how)

    def _tell_rule(self, task: Fetching, article: Article) -> None:
        """The first page of a source on which its rule for the body found nothing is told."""
        words = unmatched_rule(task.source.body, article)
        tally = self._tallies.of(task.source.id)
        if words and not tally.rule:
            tally.rule = words
            logger.warning("%s: %s (%s; said once)", task.source.id, words, task.url)

    def _closed(self, task: Fetching, outcome: PageOutcome, state: EntryState, reason: str) -> None:
        self._tallies.closed(task.source.id, state, reason)
        if isinstance(outcome, Postponed) and outcome.failed.internal:
            self._tallies.of(task.source.id).error = reason
        logger.info("%s %s: %s", state, task.url, reason)

    def _rechecked(self, task: Recheck, ended: Ending) -> None:
        source_id = task.source.id
        if ended.saved is not None and ended.saved.rejected is None:
            self._tallies.looked(source_id, ended.saved)
        elif ended.still_there is not None:
            self._tallies.looked(source_id, is_gone=not ended.still_there)
        if not ended.still_there and ended.reason:
            logger.info("looked again at %s: %s", task.url, ended.reason)


def _matter(outcome: Extracted | Rejected | Closed | Postponed) -> Article | Rejection | Failed:
    if isinstance(outcome, Extracted):
        return outcome.article
    return outcome.rejection if isinstance(outcome, Rejected) else outcome.failed
