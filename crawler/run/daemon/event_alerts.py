"""Tell programs of the archive's events, as they come, over the channels of `[health]`."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from archive.asof.changes import change_fields, follow_from, followed_to, new_changes
from archive.model import Change, ChangeKind
from crawler.run.daemon.channels import Alert, Channel
from crawler.run.terminal.plurals import counted

if TYPE_CHECKING:
    from crawler.fetch.crawl import Crawl

logger = logging.getLogger(__name__)

MOST = 100  # events of one message
_LONGEST_PAUSE_S = 1800.0


class EventAlerts:
    """Sends each event of some kinds over every channel, in order; the first time what comes from
    then on.

    How far it came is kept in the archive once all channels took a message: one that failed gets it
    again, so a program that wants each event once goes by its `seq`.
    """

    def __init__(self, crawl: Crawl, kinds: Collection[str], channels: Sequence[Channel]) -> None:
        self._crawl, self._channels = crawl, channels
        self._kinds = [ChangeKind(kind) for kind in kinds]
        self._took: dict[int, int] = {}  # by channel: the last event that it took
        self._pause_s = 0.0
        self._not_before = 0.0  # monotonic
        if self._kinds and self._channels:  # before the first visit: what it brings is new
            crawl.house.archive.writer.call(follow_from)

    async def send_new(self) -> int:
        """Send what is new; give how many events all channels have now."""
        if not (self._kinds and self._channels):
            return 0
        archive, clock = self._crawl.house.archive, self._crawl.clock
        if clock.monotonic() < self._not_before:
            return 0
        changes = await archive.reader.run(new_changes, self._kinds, MOST)
        if not changes:
            return 0
        last = changes[-1].seq
        alert = _alert(changes)
        for number, channel in enumerate(self._channels):
            if self._took.get(number, 0) < last and await channel.send(alert):
                self._took[number] = last
        if any(self._took.get(n, 0) < last for n in range(len(self._channels))):
            self._pause_s = min(max(10.0, 2 * self._pause_s), _LONGEST_PAUSE_S)
            self._not_before = clock.monotonic() + self._pause_s
            return 0
        self._pause_s = 0.0
        await archive.writer.run(followed_to, last)
        return len(changes)


def _alert(changes: Sequence[Change]) -> Alert:
    lines = "\n".join(
        f"- {change.seq} {change.kind.value}: article {change.article_id}" for change in changes
    )
    return Alert(
        message=f"{counted(len(changes), 'event')} in the archive:\n{lines}",
        changes=(),
        events=tuple(map(change_fields, changes)),
    )
