"""Every way in which the world fails us: a file, a lock, a site, a word of the user's.

    BroadsheetError
    ├── ArchiveError
    │   ├── ArchiveDamaged
    │   └── QueryError
    ├── ArchiveLocked
    ├── BrokerError
    ├── CannotListen
    ├── ConfigError
    ├── ExtraMissing
    ├── ForeignMessage
    ├── KeyFileError
    ├── MarketError
    ├── NoWorkers
    ├── RuleError
    ├── UnknownSource
    ├── UnreadableList
    ├── UnreadablePost
    ├── UnusableArgument
    └── UnusablePlugin

Each says in its message what failed and what to do; a command prints it and exits (`crawler.run.
group`). What passes between two functions and is always caught (`Damaged`, `TooLarge`), what Scrapy
must know (`IgnoreRequest`) and our bugs are none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class BroadsheetError(Exception):
    """The world failed us. The message names what and says what to do."""

    exit_code: ClassVar[int] = 1  # of the command that it ends

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, a line each."""
        return (str(self),)


class ArchiveError(BroadsheetError):
    """The archive can't be used as it is (missing, newer than the program, not an archive), or
    doesn't hold what was asked for."""


class ArchiveDamaged(ArchiveError):
    """SQLite says that a file of the archive is damaged: `broadsheet verify --repair`."""


class QueryError(ArchiveError):
    """A query that can't be answered as it stands; the message says what to change."""


class ArchiveLocked(BroadsheetError):
    """Another process holds `<data>/lock`; the message names its pid and command."""

    exit_code = 4


class BrokerError(BroadsheetError):
    """The broker of a distributed crawl (Redis) can't be used as it is: not reached, another
    daemon's, of another release; or the optional package is not installed."""


class ForeignMessage(BroadsheetError):
    """What lies on the desk is of another version, or no message of ours; the text says which."""


class CannotListen(BroadsheetError):
    """An address of `[daemon] status` or `[websub] listen` is taken, or not this machine's."""


class ConfigError(BroadsheetError):
    """The configuration can't be used.

    `problems` has all of them, each with its place; `advice` says what to do; str() is the report.
    """

    exit_code = 2

    def __init__(self, problems: Sequence[str], advice: str = "") -> None:
        self._problems = tuple(problems)
        self.advice = advice or "Mend this and run the command again; nothing was changed."
        super().__init__(self._problems, self.advice)

    @property
    def problems(self) -> tuple[str, ...]:
        return self._problems

    def __str__(self) -> str:
        count = "a problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        rows = "".join(f"\n  {problem}" for problem in self.problems)
        return f"The configuration has {count}:{rows}\n{self.advice}"


class KeyFileError(BroadsheetError):
    """The key that signs WebSub callbacks can't be read or made."""


class MarketError(BroadsheetError):
    """No trading hours to be had: says of which exchange, and what to do."""


class NoWorkers(BroadsheetError):
    """The system gives no process to parse in: too little memory, or too many processes."""


class ExtraMissing(BroadsheetError):
    """The optional package is not installed."""


class RuleError(BroadsheetError):
    """A rule of `[source.list]` that can't be read or matched nothing; the message names it."""


class UnknownSource(BroadsheetError):
    """A source named by `-a source=` is not in the config."""


class UnreadableList(BroadsheetError):
    """A file that is no list of sources (OPML); the message says why, without its path."""


class UnreadablePost(BroadsheetError):
    """A file that is no post; the message says why, without its path."""


class UnusableArgument(BroadsheetError):
    """A spider argument (`-a name=value`) that can't be used; the message names it."""


class UnusablePlugin(BroadsheetError):
    """Code of a person's own (`[crawl] plugins`) that can't be loaded; the message names it."""

    exit_code = 2
