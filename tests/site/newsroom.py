"""The newsroom's memory: its clock, its stories as they stand, its log and its planned faults."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Condition, Lock

from .content import Story, load_stories
from .markup import Block, parse_blocks
from .outlets import Outlet

LOGGED_HEADERS = (
    "user-agent",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cookie",
    "if-none-match",
    "if-modified-since",
    "referer",
)
LOG_LIMIT = 20_000


@dataclass(slots=True)
class Newsroom:
    """Shared by all threads of all outlets; every change is made under `lock`."""

    start: datetime
    port: int = 0
    stories: dict[str, Story] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    delays: dict[tuple[str, str], float] = field(default_factory=dict)
    faults: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    robots: dict[str, tuple[int, str]] = field(default_factory=dict)
    moves: dict[tuple[str, str], str] = field(default_factory=dict)  # to where each path went
    visits: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    failing_percent: float = 0.0  # of all answers
    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # by way of failing
    log: deque[dict[str, object]] = field(default_factory=lambda: deque(maxlen=LOG_LIMIT))
    lock: Lock = field(default_factory=Lock)
    replanned: Condition = field(default_factory=Condition)  # a delay was
    _advanced: timedelta = timedelta(0)
    _began: float = field(default_factory=time.monotonic)
    _paths: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stories = load_stories(self.start)
        for story in self.stories.values():
            for part in range(1, len(story.parts) + 1):
                self._paths[story.outlet.key, story.part_path(part)] = (story.slug, part)

    def now(self) -> datetime:
        """The site's clock: the start, the time since, and what the control route added."""
        running = timedelta(seconds=time.monotonic() - self._began)
        return (self.start + running + self._advanced).replace(microsecond=0)

    def advance(self, by: timedelta) -> None:
        with self.lock:
            self._advanced += by

    def base(self, outlet: Outlet) -> str:
        return f"http://{outlet.address}:{self.port}"

    def url(self, story: Story) -> str:
        return self.base(story.outlet) + story.path

    def is_public(self, story: Story) -> bool:
        return story.published <= self.now() and story.slug not in self.withdrawn

    def of_outlet(self, key: str, *traits: str) -> list[Story]:
        """The public stories of an outlet, newest first; with `traits`, those that have one."""
        chosen = [
            story
            for story in self.stories.values()
            if story.outlet.key == key
            and self.is_public(story)
            and (not traits or story.traits & set(traits))
        ]
        return sorted(chosen, key=lambda story: (story.published, story.slug), reverse=True)

    def at(self, outlet: Outlet, path: str) -> tuple[Story, int] | None:
        """The story and its part at a path, withdrawn or not; None where there is none."""
        found = self._paths.get((outlet.key, path))
        if found is None:
            return None
        story = self.stories[found[0]]
        return (story, found[1]) if story.published <= self.now() else None

    def edit(self, slug: str, change: Mapping[str, object]) -> Story:
        """Change a story's `title`, `replace` [old, new] pairs, or `append` a paragraph.

        `silent` leaves its modification time alone. Raises KeyError for an unknown slug.
        """
        with self.lock:
            story = self.stories[slug]
            story = replace(
                story,
                title=str(change.get("title", story.title)),
                parts=_edited_parts(story, change),
                updated=story.updated if change.get("silent") else self.now(),
            )
            self.stories[slug] = story
            return story

    def plan_delay(self, address: str, path: str, seconds: float) -> None:
        """Every answer at that path, or with `*` of that host, waits so long, those that wait now
        included: 0 lets them go."""
        with self.replanned:
            self.delays[address, path] = seconds
            self.replanned.notify_all()

    def hold(self, address: str, path: str) -> None:
        """Return when the delay that is planned there is over."""
        began = time.monotonic()
        with self.replanned:
            while (left_s := began + self._delay_s(address, path) - time.monotonic()) > 0:
                self.replanned.wait(left_s)

    def _delay_s(self, address: str, path: str) -> float:
        return self.delays.get((address, path), self.delays.get((address, "*"), 0.0))

    def plan_faults(self, address: str, path: str, statuses: Iterable[int]) -> None:
        """The next answers at that path are these statuses, one each; then it works again."""
        with self.lock:
            self.faults[address, path] = list(statuses)

    def next_fault(self, address: str, path: str) -> int | None:
        with self.lock:
            planned = self.faults.get((address, path))
            return planned.pop(0) if planned else None

    def count_visit(self, address: str, path: str) -> int:
        """How often the path was asked for, this time included."""
        with self.lock:
            self.visits[address, path] += 1
            return self.visits[address, path]

    def record(
        self, address: str, method: str, path: str, headers: Mapping[str, str]
    ) -> dict[str, object]:
        """Log a request; the caller adds `status` and `bytes` when it has answered."""
        entry: dict[str, object] = {
            "host": address,
            "method": method,
            "path": path,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "monotonic": time.monotonic(),
            "status": None,
            "headers": {name: headers[name] for name in LOGGED_HEADERS if name in headers},
        }
        with self.lock:
            self.log.append(entry)
        return entry

    def logged(self) -> list[dict[str, object]]:
        """Every request so far, oldest first, but for those of the control routes."""
        with self.lock:
            entries = list(self.log)
        return [entry for entry in entries if not str(entry["path"]).startswith("/_")]

    def clear_log(self) -> None:
        with self.lock:
            self.log.clear()


def _edited_parts(story: Story, change: Mapping[str, object]) -> tuple[tuple[Block, ...], ...]:
    parts = story.parts
    for old, new in change.get("replace", ()):  # type: ignore[attr-defined]
        parts = tuple(
            tuple(replace(block, text=block.text.replace(old, new)) for block in part)
            for part in parts
        )
    if "append" in change:
        parts = (*parts[:-1], (*parts[-1], *parse_blocks(str(change["append"]))))
    return parts
