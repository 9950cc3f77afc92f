"""What a template is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .boilerplate import Links
from .content import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One page of a story. `others` are links to the outlet's other stories, newest first."""

    story: Story
    part: int
    base: str
    others: Links

    @property
    def url(self) -> str:
        """The canonical address of this part."""
        return self.base + self.story.part_path(self.part)

    @property
    def is_last(self) -> bool:
        return self.part == len(self.story.parts)

    @property
    def next_path(self) -> str:
        return "" if self.is_last else self.story.part_path(self.part + 1)

    @property
    def local(self) -> datetime:
        """When the story was published, on the outlet's own clock."""
        return self.story.published.astimezone(self.story.outlet.zone)

    @property
    def pagination(self) -> list[tuple[str, str]]:
        """(number, path) of every part; empty for a story of one part."""
        count = len(self.story.parts)
        return [(str(n), self.story.part_path(n)) for n in range(1, count + 1)] if count > 1 else []
