"""The tools of `broadsheet mcp`, over standard input and output."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.asof.past_moments import read_past
from archive.errors import BroadsheetError, ExtraMissing
from archive.model import ChangeKind
from archive.reader import open_archive
from config.moments import moment_of, read_since
from crawler.run.assistants.answers import Answer, Answers
from crawler.run.assistants.quotations import Quoter

if TYPE_CHECKING:
    from mcp.server import MCPServer

_ABOUT = (
    "A news archive that says what was known when: articles with every version, who carried them,"
    " when each was first seen, and what may be missing. Times are UTC. `first_seen` is when this"
    " archive had an article; `published` is the site's claim. `as_of` asks the archive as it stood"
    " at a moment: a time with its zone (2026-11-23T09:30+08:00), a day (its beginning in UTC) or"
    " an age (36h). "
)


class Tools:
    """The questions that an assistant may put; the archive is opened anew for each."""

    def __init__(self, archive: Path, now: Callable[[], datetime]) -> None:
        self._archive = archive
        self._now = now
        self.quoter = Quoter.new()

    def search(
        self, query: str, limit: int = 10, copies: bool = False, as_of: str | None = None
    ) -> Answer:
        """Search titles and texts: all words must occur. "phrase", OR, -without, prefix*, title:…
        source:… author:… lang:zh code:… after:2026-11-01 before:… seen-after:… seen-before:….
        Chinese needs no spaces. Gives stories; with `copies` other outlets' copies, too."""
        with self._answers(as_of) as answers:
            return answers.search(query, limit, copies=copies)

    def article(
        self, article: str, version: int | None = None, offset: int = 0, as_of: str | None = None
    ) -> Answer:
        """Read an article by its id or address: its newest version, or the one of that number.
        A long text comes in parts: go on with `offset` = `next_offset`."""
        with self._answers(as_of) as answers:
            return answers.article(article, version, offset)

    def story(self, article: str, as_of: str | None = None) -> Answer:
        """Who carried a story and when each was first seen, its versions, and the stories that say
        the contrary. `article`: the id or address of any of its articles."""
        with self._answers(as_of) as answers:
            return answers.story(article)

    def changes(
        self,
        since: int = 0,
        kinds: Sequence[ChangeKind] = (),
        limit: int = 100,
        as_of: str | None = None,
    ) -> Answer:
        """The archive's numbered events after the number `since`, oldest first: new articles,
        edits, withdrawals, copies. Go on with `since` = `next_since`."""
        with self._answers(as_of) as answers:
            return answers.changes(since, kinds, limit)

    def coverage(
        self, sources: Sequence[str] = (), since: str = "7d", as_of: str | None = None
    ) -> Answer:
        """What sources announced per day and what came of it, and the gaps: whether something may
        be missing. `since`: a day, a time with its zone or an age."""
        with self._answers(as_of) as answers:
            try:
                begun = moment_of(read_since(since), self._now())
            except ValueError as error:
                raise ValueError(f"since {error}") from error
            return answers.coverage(sources, begun)

    def securities(self, code: str = "", limit: int = 10, as_of: str | None = None) -> Answer:
        """The stories that mention a security (300778.XSHE, AAPL.XNAS); without a code, the
        securities that are mentioned, the most mentioned first."""
        with self._answers(as_of) as answers:
            return answers.securities(code, limit)

    @property
    def all(self) -> list[Callable[..., Answer]]:
        return [
            *(self.search, self.article, self.story),
            *(self.changes, self.coverage, self.securities),
        ]

    @contextmanager
    def _answers(self, as_of: str | None) -> Iterator[Answers]:
        """Open the archive; what can't be answered is told as a tool's error, in a sentence."""
        from mcp.server.mcpserver.exceptions import ToolError

        try:
            with open_archive(self._archive, self._moment(as_of)) as archive:
                yield Answers(archive, self.quoter)
        except (BroadsheetError, ValueError) as error:
            raise ToolError(str(error)) from error
        except sqlite3.Error as error:
            raise ToolError(f"{self._archive} can't be read: {error}") from error

    def _moment(self, as_of: str | None) -> datetime | None:
        if not as_of:
            return None
        try:
            return read_past(as_of, self._now())
        except ValueError as error:
            raise ValueError(f"as_of {error}") from error


def make_server(tools: Tools, version: str) -> MCPServer[Any]:
    """Make the server. Raises ExtraMissing without the extra `mcp`."""
    try:
        from mcp.server import MCPServer
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise ExtraMissing(
            "broadsheet mcp needs the package mcp: pip install 'broadsheet[mcp]'"
        ) from error
    server = MCPServer[Any](
        "broadsheet",
        version=version,
        instructions=_ABOUT + tools.quoter.instructions,
        log_level="WARNING",
    )
    harmless = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for tool in tools.all:
        server.tool(annotations=harmless)(tool)
    return server
