"""The ways an alert goes out: a command of the user's, and whatever Apprise reaches."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from archive.database.times import to_text
from archive.errors import ConfigError
from archive.model import HealthChange
from config.model import HealthSettings
from crawler.fetch.safe_path import user_environment
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.terminal import printable_line

if TYPE_CHECKING:
    from apprise import Apprise

logger = logging.getLogger(__name__)

COMMAND_TIMEOUT_S = 30.0
GAP = "gap"  # the status of a change that tells no other one, but a gap
_LONGEST_VALUE = 1000  # characters of an environment variable


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """A change of health as commands get it."""

    source: str  # id
    name: str
    was: str
    status: str
    reason: str
    at: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is sent at once: one change of health, a digest of many, or events of the archive."""

    message: str
    changes: tuple[ToldChange, ...]
    events: tuple[Mapping[str, object], ...] = ()  # as `broadsheet changes --json` has them

    @classmethod
    def of(cls, change: HealthChange, message: str) -> Alert:
        made = ToldChange(
            source=change.source_id,
            name=change.name,
            was=change.was.value,
            status=GAP if change.is_gap else change.status.value,
            reason=change.reason or "",
            at=to_text(change.at),
            message=message,
        )
        return cls(message=message, changes=(made,))

    @classmethod
    def digest(cls, alerts: Sequence[Alert]) -> Alert:
        lines = "\n".join(f"- {alert.message}" for alert in alerts)
        return cls(
            message=f"The health of {counted(len(alerts), 'source')} has changed:\n{lines}",
            changes=tuple(change for alert in alerts for change in alert.changes),
        )


class Channel(Protocol):
    """Takes an alert to people; False: it did not arrive, and the log says why."""

    async def send(self, alert: Alert) -> bool: ...


class CommandChannel:
    """Runs `[health] command`, without a shell: a line of JSON on its standard input, variables
    beside it."""

    def __init__(self, command: Sequence[str], *, timeout_s: float = COMMAND_TIMEOUT_S) -> None:
        self._command, self._timeout_s = tuple(command), timeout_s

    async def send(self, alert: Alert) -> bool:
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            given.write(json.dumps(asdict(alert), ensure_ascii=False).encode() + b"\n")
            given.seek(0)
            problem = await self._run(alert, given, said)
            if problem:
                logger.error("[health] command: %s: %s", self._program, problem)
            return not problem

    @property
    def _program(self) -> str:
        """Its name alone: arguments may be secrets."""
        return Path(self._command[0]).name

    async def _run(self, alert: Alert, given: IO[bytes], said: IO[bytes]) -> str:
        """Run it to its end, and give what went wrong; '' when it exited with 0."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=given,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=said,
                env=user_environment() | _variables(alert),
                start_new_session=True,  # so that its children can be ended with it
            )
        except OSError as error:
            return f"it can't be started: {error.strerror}"
        try:
            code = await asyncio.wait_for(process.wait(), self._timeout_s)
        except TimeoutError:
            return f"it took over {self._timeout_s:.0f} s and was killed"
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        return f"exit code {code} {_last_line(said)}".strip() if code else ""


def _variables(alert: Alert) -> dict[str, str]:
    """Give what a short shell script needs; a digest names no single source."""
    values = {"message": alert.message, "changes": str(len(alert.changes))}
    if len(alert.changes) == 1:
        values = asdict(alert.changes[0]) | values
    return {
        f"BROADSHEET_{name.upper()}": value.replace("\0", "")[:_LONGEST_VALUE]
        for name, value in values.items()
    }


def _last_line(file: IO[bytes]) -> str:
    file.seek(max(0, file.seek(0, os.SEEK_END) - 500))
    lines = file.read().decode(errors="replace").strip().splitlines()
    return f"({printable_line(lines[-1])})" if lines else ""


def make_channels(settings: HealthSettings) -> list[Channel]:
    """Make the channels of `[health]`. The first address costs a second: Apprise is large.

    Raises ConfigError when the command is no program, when Apprise is missing, and for addresses
    that it doesn't know; these are named by their number, as each may hold a password.
    """
    problems = list(_command_problems(settings.command))
    services = _services(settings.notify, problems)
    if problems:
        raise ConfigError(problems)
    command: list[Channel] = [CommandChannel(settings.command)] if settings.command else []
    return [*command, *(NotifyChannel(s, n) for n, s in enumerate(services, start=1))]


def _command_problems(command: Sequence[str]) -> Iterator[str]:
    if command and shutil.which(command[0]) is None:
        yield f"[health] command: {command[0]} is no program that can be run"


def _services(addresses: Sequence[str], problems: list[str]) -> list[Apprise]:
    if not addresses:
        return []
    try:
        import apprise
    except ImportError:
        problems.append("[health] notify needs Apprise: pip install 'broadsheet[alerts]'")
        return []
    for name in ("apprise", "urllib3"):  # their messages show addresses
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    services = [apprise.Apprise() for _ in addresses]
    for number, (service, address) in enumerate(zip(services, addresses, strict=True), start=1):
        if not service.add(address):
            problems.append(f"[health] notify: address {number} is none that Apprise knows")
    return services


class NotifyChannel:
    """One Apprise address, called by its number: the address itself may hold a password."""

    def __init__(self, service: Apprise, number: int) -> None:
        self._service, self._number = service, number

    async def send(self, alert: Alert) -> bool:
        title = (
            "Broadsheet" if len(alert.changes) < 2 else f"Broadsheet: {len(alert.changes)} changes"
        )
        try:
            # Apprise bounds each request to a few seconds by itself; a reason may quote a page, so
            # that it has to be told that this is no HTML
            arrived = await asyncio.to_thread(
                self._service.notify, body=alert.message, title=title, body_format="text"
            )
        except Exception as error:  # a service's own bug must not stop the crawl
            logger.error("[health] notify: address %d: %s", self._number, type(error).__name__)
            return False
        if not arrived:
            logger.error("[health] notify: address %d did not take the message", self._number)
        return bool(arrived)
