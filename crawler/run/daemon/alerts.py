"""Tell people when the health of a source changes, or news may be missing: by a command of theirs,
and by Apprise.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.model import HealthChange, SourceStatus
from archive.sources import health
from archive.upkeep.overview import Streak, failing_streaks
from config.model import HealthSettings
from crawler.run.daemon.channels import Alert, Channel, make_channels
from crawler.run.status.words import streak, with_reason

if TYPE_CHECKING:
    from crawler.fetch.crawl import Crawl

logger = logging.getLogger(__name__)

DIGEST_OVER = 10  # changes at once that are sent as one message: a dead network is one event
CLOCK_AGAIN_S = 86_400.0  # between two alerts of a wrong clock
PAUSES_S = (10.0, 60.0, 300.0, 1800.0)  # after each vain try but the last


@dataclass(slots=True)
class _Sending:
    """What was tried for a change. Mutable: one event loop owns it."""

    tries: int = 0
    not_before: float = 0.0  # monotonic
    reached: set[int] = field(default_factory=set)  # channels that took it, by position


class Alerts:
    """Sends each change of health once over every channel of `[health]`.

    A change counts as told when every channel took it, or after so many vain tries as there are
    pauses and one. Where no channel is set, the log's line is all there is. Raises ConfigError as
    `make_channels` does.
    """

    def __init__(
        self, crawl: Crawl, settings: HealthSettings, *, pauses_s: Sequence[float] = PAUSES_S
    ) -> None:
        self._crawl, self._settings, self._pauses_s = crawl, settings, pauses_s
        self._channels = make_channels(settings)
        self._sendings: dict[int, _Sending] = {}
        self._clock_told, self._clock_again = False, 0.0  # not before: monotonic

    @property
    def channels(self) -> Sequence[Channel]:
        return self._channels

    async def send_untold(self) -> int:
        """Send what is still to be told and due; give how many changes are told now."""
        await self._tell_of_the_clock()
        archive = self._crawl.house.archive
        untold = await archive.reader.run(health.untold, failing_after=self._settings.failing_after)
        ids = {change.id for change in untold}
        self._sendings = {i: sending for i, sending in self._sendings.items() if i in ids}
        due = [change for change in untold if self._is_due(change)]
        if not due:
            return 0
        streaks = await archive.reader.run(failing_streaks)
        alerts = {change.id: self._alert(change, streaks) for change in due}
        for channel in range(len(self._channels)):
            await self._send(channel, due, alerts)
        settled = [change.id for change in due if self._is_settled(change, alerts[change.id])]
        if settled:
            await archive.writer.run(health.told, settled, now=self._crawl.clock.now())
        return len(settled)

    async def _tell_of_the_clock(self) -> None:
        """Once when this machine's clock is found to be wrong; again after it was right, at most
        once a day: servers that agree now and then must not call somebody each time."""
        verdict = self._crawl.own_clock.verdict
        if not (verdict.is_off and verdict.certain):
            self._clock_told = self._clock_told and verdict.is_off
        elif not self._clock_told:
            self._clock_told, now = True, self._crawl.clock.monotonic()
            if now < self._clock_again:
                return
            self._clock_again = now + CLOCK_AGAIN_S
            await self.send(verdict.words())

    async def send(self, words: str) -> None:
        """Tell something that is about no source, once."""
        for channel in self._channels:
            await channel.send(Alert(message=words, changes=()))

    def _is_due(self, change: HealthChange) -> bool:
        sending = self._sendings.get(change.id)
        return sending is None or self._crawl.clock.monotonic() >= sending.not_before

    def _alert(self, change: HealthChange, streaks: Mapping[str, Streak]) -> Alert:
        """Word the change; the first time it goes to the log too."""
        failing = streaks.get(change.source_id)
        words = failing and streak(failing.visits, failing.since, self._crawl.clock.now())
        message = describe(change, self._name(change), words or "")
        if change.id not in self._sendings:
            self._sendings[change.id] = _Sending()
            well = change.status is SourceStatus.OK and not change.is_gap
            level = logging.INFO if well else logging.WARNING
            logger.log(level, "%s", message)
        return Alert.of(change, message)

    def _name(self, change: HealthChange) -> str:
        """An outlet's name, with the id where several sources share it."""
        names = [source.name for source in self._crawl.config.source]
        if names.count(change.name) < 2 or change.name == change.source_id:
            return change.name
        return f"{change.name} ({change.source_id})"

    async def _send(
        self, channel: int, due: Sequence[HealthChange], alerts: dict[int, Alert]
    ) -> None:
        waiting = [c.id for c in due if channel not in self._sendings[c.id].reached]
        if len(waiting) > DIGEST_OVER:
            together = Alert.digest([alerts[i] for i in waiting])
            if await self._channels[channel].send(together):
                for change_id in waiting:
                    self._sendings[change_id].reached.add(channel)
            return
        for change_id in waiting:
            if await self._channels[channel].send(alerts[change_id]):
                self._sendings[change_id].reached.add(channel)

    def _is_settled(self, change: HealthChange, alert: Alert) -> bool:
        """Say whether the change is told or given up; else plan its next try."""
        sending = self._sendings[change.id]
        missed = len(self._channels) - len(sending.reached)
        if missed and sending.tries < len(self._pauses_s):
            pause = self._pauses_s[sending.tries]
            sending.not_before = self._crawl.clock.monotonic() + pause
            sending.tries += 1
            return False
        if missed:
            logger.error("nobody was told after %d tries: %s", sending.tries + 1, alert.message)
        del self._sendings[change.id]
        return True


def describe(change: HealthChange, name: str, words: str) -> str:
    """Say a change in one line; `words` is how long it has failed, '' where nothing fails."""
    if change.is_gap:
        return f"{name}: {change.reason}"
    if change.status is SourceStatus.OK:
        return f"{name} is ok again (it was {change.was})"
    state = with_reason(change.status.value, change.reason or "")
    verb = "" if change.status is SourceStatus.MOVED else "is "
    is_failure = change.status in (SourceStatus.FAILING, SourceStatus.GONE)
    return f"{name} {verb}{state}" + (f" ({words})" if words and is_failure else "")
