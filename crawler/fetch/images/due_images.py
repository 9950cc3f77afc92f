"""The pictures of archived articles that are still to be fetched; all but a few stay in SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from archive.database.read_connection import ReadConnection
from archive.database.writer import Writer
from archive.images.rows import DueImage, due_images, put_off_image, raise_image
from config.model import Source
from crawler.fetch.desk import Room
from crawler.fetch.http.clock import Clock
from crawler.fetch.tasks import ImageTask

CANDIDATES = 64  # pictures in memory that wait for room, some more with one host's


class DueImages:
    """Handed out like rechecks, on hosts that nothing else is asked of, and after all else: no
    article waits for a picture. With `max_bytes` 0 none is kept, and what is owed waits.

    Host after host has its turn; which hosts owe something is asked for again when a picture has
    ended, and by `refresh`.
    """

    def __init__(
        self,
        reader: ReadConnection,
        writer: Writer,
        clock: Clock,
        live: Callable[[], bool],
        *,
        max_bytes: int,
        delay_s: float,
    ):
        self._reader, self._writer, self._clock = reader, writer, clock
        self._max_bytes, self._delay_s, self._live = max_bytes, delay_s, live
        self._sources: dict[str, Source] = {}
        self._waiting: dict[int, DueImage] = {}
        self._flying: set[int] = set()
        self._after = ""  # the host that was looked at last
        self._may_owe = bool(max_bytes)

    def set_sources(self, sources: Iterable[Source]) -> None:
        self._sources = {source.id: source for source in sources}
        self._waiting = {i: w for i, w in self._waiting.items() if w.source_id in self._sources}
        self.refresh()

    def refresh(self) -> None:
        """Time has passed, an article was archived, or the sources are others."""
        self._may_owe = bool(self._max_bytes)

    async def next(self, room: Room) -> ImageTask | None:
        """Hand out a picture that is due, on a host that nothing else is asked of."""
        if self._may_owe and len(self._waiting) <= CANDIDATES // 2:
            await self._load()
        for image in tuple(self._waiting.values()):
            hold_s = room.hold_s(image.host)
            if hold_s:
                await self._put_off(image, hold_s)
            elif room.takes_recheck(image.host, image.source_id):
                task = await self._take(image)
                if task is not None:
                    return task
        return None

    async def _load(self) -> None:
        """Host after host, until some of them owe what is due, or none is left."""
        found: list[DueImage] = []
        while self._may_owe and not found:
            self._may_owe = False  # an article that is archived meanwhile makes it true again
            found, self._after = await self._reader.run(
                due_images,
                tuple(self._sources),
                now=self._clock.now(),
                after=self._after,
                exclude=self._flying | self._waiting.keys(),
            )
            self._may_owe = self._may_owe or bool(self._after)
        self._waiting |= {i.id: i for i in found if i.source_id in self._sources}

    async def _take(self, image: DueImage) -> ImageTask | None:
        del self._waiting[image.id]
        attempt = await self._writer.run(raise_image, image.id)
        if attempt is None:  # its article was forgotten
            return None
        self._flying.add(image.id)
        return ImageTask(
            source=self._sources[image.source_id],
            attempt=attempt,
            delay_s=self._delay_s,
            live=self._live,
            image_id=image.id,
            address=image.url,
            page=image.page,
            max_bytes=self._max_bytes,
        )

    async def _put_off(self, image: DueImage, wait_s: float) -> None:
        """Ask when the host may be asked again."""
        del self._waiting[image.id]
        now, wait = self._clock.now(), timedelta(seconds=wait_s)
        reason = "its host asked to be left alone"
        await self._writer.run(put_off_image, image.id, reason, now=now, wait=wait, counts=False)

    def ended(self, task: ImageTask) -> None:
        """It is out no more, however it ended."""
        self._flying.discard(task.image_id)
        self.refresh()

    def __bool__(self) -> bool:
        """True while any picture waits, or may."""
        return bool(self._waiting) or self._may_owe
