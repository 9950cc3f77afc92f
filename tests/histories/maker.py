"""Builds a world piece by piece: outlets, stories, what addresses answer, lines of feeds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.histories.words import Pen, as_text, slug_of
from tests.histories.world import (
    DAY,
    FOREVER,
    HOUR,
    MINUTE,
    START,
    Notice,
    Outlet,
    Parting,
    Story,
    Turn,
    Version,
    World,
)


class Maker:
    """Mutable while a world is made; `world` gives the finished one."""

    def __init__(self, seed: int):
        self.seed, self.rng = seed, Random(seed)
        self.outlets: dict[str, Outlet] = {}
        self.stories: dict[str, Story] = {}
        self.turns: dict[str, list[Turn]] = {}
        self.notices: dict[str, list[Notice]] = {}
        self.partings: list[Parting] = []
        self.polls: tuple[datetime, ...] = ()
        self.sleeps: tuple[tuple[datetime, datetime], ...] = ()
        self._serial = self.rng.randint(1000, 8000)

    # Small things that every plot needs

    def pen(self, outlet: Outlet) -> Pen:
        return Pen(self.rng, chinese=outlet.chinese)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def moment(self, least: float = -4.0) -> datetime:
        """A minute of the days that are polled closely."""
        hours = (self.polls[self.active - 1] - START) / HOUR
        return START + timedelta(minutes=int(self.rng.uniform(least, hours - 0.5) * 60))

    def later(self, at: datetime, least: float = 0.5, most: float = 12.0) -> datetime:
        return at + timedelta(minutes=int(self.rng.uniform(least, most) * 60))

    def next_serial(self) -> int:
        self._serial += self.rng.randint(1, 9)
        return self._serial

    def version(self, outlet: Outlet, at: datetime, title: str, lines: Sequence[str]) -> Version:
        return Version(at=at, title=title, text=as_text(tuple(lines), chinese=outlet.chinese))

    def versions(self, outlet: Outlet, at: datetime, title: str = "") -> tuple[Version, ...]:
        """A story of one version, of its own words."""
        pen = self.pen(outlet)
        return (self.version(outlet, at, title or pen.title(), pen.sentences()),)

    def url(self, outlet: Outlet, title: str, folder: str = "news") -> str:
        """A new address, as the outlet makes them."""
        number = self.next_serial()
        if outlet.address == "hash":
            return f"{outlet.home}#/detail/{number}"
        if outlet.address == "aspx":
            return f"{outlet.home}article.aspx?ref={number}"
        if outlet.address == "slug" and not outlet.chinese:
            return f"{outlet.home}{folder}/{slug_of(title)}-{number % 97}"
        return f"{outlet.home}{folder}/{number}.html"

    def guid(self, outlet: Outlet, url: str) -> str:
        """A guid that belongs to this address alone."""
        return "" if outlet.sessions else url

    def own_guid(self) -> str:
        return f"id-{self.next_serial()}"

    # What the plots add

    def story(
        self,
        outlet: Outlet,
        plot: str,
        versions: tuple[Version, ...],
        published: datetime | None = None,
        **more: object,
    ) -> Story:
        number = sum(s.outlet == outlet.id for s in self.stories.values()) + 1
        name = f"{outlet.id}/{number}"
        authors = (self.pen(outlet).name(),) if self.chance(0.7) else ()
        made = Story(
            id=name,
            outlet=outlet.id,
            plot=plot,
            kin=name,
            published=published or versions[0].at,
            versions=versions,
            authors=authors,
        )
        made = replace(made, **more)
        self.stories[name] = made
        return made

    def show(self, url: str, at: datetime, story: Story, **more: str) -> None:
        """From then on the address shows the story."""
        outlet = self.outlets[story.outlet]
        claims = {"self": url, "front": outlet.home, "section": outlet.home + "news"}
        claim = more.pop("canonical", claims.get(outlet.canonical, ""))
        self.turn(url, Turn(at=at, form="shows", story=story.id, canonical=claim, **more))

    def turn(self, url: str, turn: Turn) -> None:
        turns = self.turns.setdefault(url, [])
        turns.append(turn)
        turns.sort(key=lambda t: t.at)

    def lead(self, url: str, at: datetime, to: str) -> None:
        self.turn(url, Turn(at=at, form="leads", to=to))

    def list(
        self,
        story: Story,
        url: str,
        *,
        at: datetime | None = None,
        until: datetime = FOREVER,
        guid: str | None = None,
        by: Outlet | None = None,
        **more: object,
    ) -> None:
        """A line in the feed of the story's outlet, or of another (`by`)."""
        outlet = by or self.outlets[story.outlet]
        notice = Notice(
            at=at or story.published,
            until=until,
            rank=story.published,
            url=url,
            guid=self.guid(outlet, url) if guid is None else guid,
            story=story.id,
            **more,
        )
        self.notices.setdefault(outlet.id, []).append(notice)

    def publish(self, story: Story, url: str, guid: str | None = None, **more: object) -> None:
        """At one address for good, and in the feed."""
        self.show(url, story.published, story)
        self.list(story, url, guid=guid, **more)

    def part(self, evidence: str, stories: Sequence[Story]) -> None:
        """One after the other two stories that this evidence must not join."""
        for one, other in itertools.pairwise(stories):
            self.partings.append(Parting(evidence=evidence, one=one.id, other=other.id))

    # The clock

    def set_clock(self, polls: int) -> None:
        """Polls close together, with a sleep now and then; then two a day for four days."""
        now, moments, sleeps = START, [START], []
        for _ in range(polls - 1):
            gap = timedelta(minutes=self.rng.randint(25, 240))
            if self.chance(0.12):
                gap = timedelta(minutes=self.rng.randint(8 * 60, 26 * 60))
                sleeps.append((now + MINUTE, now + gap))
            now += gap
            moments.append(now)
        self.active = polls
        moments += [now + n * timedelta(hours=12) + MINUTE for n in range(1, 10)]
        self.polls, self.sleeps = tuple(moments), tuple(sleeps)

    def world(self) -> World:
        return World(
            seed=self.seed,
            outlets=self.outlets,
            stories=self.stories,
            turns=self.turns,
            notices=self.notices,
            partings=tuple(self.partings),
            polls=self.polls,
            sleeps=self.sleeps,
        )


def day_of(number: int) -> timedelta:
    return number * DAY
