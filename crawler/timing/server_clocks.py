"""Our own clock beside those of the servers: what their answers' Date says, over several of them.

Pure: samples in, a verdict out. One server proves nothing, its clock may be the wrong one; several
that agree with each other do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from crawler.text.dates import http_date
from crawler.timing.offset_words import hours_or_days

Way = Literal["behind", "ahead"]

HOSTS = 5  # of domains of their own: whom so many tell the same has a wrong clock
OFF = timedelta(hours=1)  # less does no harm: a claim may lie so far ahead (design.md §5.3)
ALIKE = timedelta(minutes=10)  # from the middle one, by which those differ that agree
AGREEING = 2 / 3  # of all that were heard
FEWEST_REFUSED = 3  # domains: one or two may well have let their certificates run out
_AGE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockVerdict:
    """By how much the servers' clocks are ahead of ours: 0 where they are not, or don't agree.

    `certain`: enough hosts were heard. Where that is not so, what is told is good for the dates of
    those hosts alone. `certificates`: nobody told a time, but by our clock their certificates are
    not valid yet, or no more.
    """

    ahead: timedelta = timedelta(0)
    hosts: int = 0
    agreeing: int = 0
    certain: bool = False
    certificates: Way | None = None

    @property
    def is_off(self) -> bool:
        return self.way is not None

    @property
    def way(self) -> Way | None:
        """How our clock is wrong; None where it isn't."""
        if self.ahead:
            return "behind" if self.ahead > timedelta(0) else "ahead"
        return self.certificates

    def words(self) -> str:
        """Say what is wrong, and what to do; '' where nothing is."""
        if not self.is_off:
            return ""
        if not self.ahead:
            return (
                f"this machine's clock is {self.way}, as the certificates of"
                f" {self.agreeing} of {self.hosts} hosts tell: set it. Until then no source is"
                " blamed for them, and nothing is pruned"
            )
        return (
            f"this machine's clock is {hours_or_days(abs(self.ahead))} {self.way}, as"
            f" {self.agreeing} of {self.hosts} hosts tell: set it. Until then dates are judged"
            " by theirs, and nothing is pruned"
        )


RIGHT = ClockVerdict()


def ahead_of_us(date: str, age: str, *, now: datetime) -> timedelta | None:
    """By how much a server's clock is ahead of ours, as an answer's Date and Age say (RFC 9110
    §6.6.1, RFC 9111 §5.1); None where they say nothing."""
    sent = http_date(date)
    if sent is None or (age and not _AGE.fullmatch(age.strip())):
        return None
    return sent + timedelta(seconds=int(age or 0)) - now


def judge_clock(heard: Collection[timedelta], *, enough: int = HOSTS) -> ClockVerdict:
    """Judge by what each host tells (one value a host). `enough`: all there are, if fewer."""
    certain = len(heard) >= max(1, min(enough, HOSTS))
    if not heard:
        return RIGHT
    middle = timedelta(seconds=median(one.total_seconds() for one in heard))
    agreeing = sum(abs(one - middle) <= ALIKE for one in heard)
    needed = AGREEING * len(heard) if len(heard) >= HOSTS else len(heard)
    ahead = middle if abs(middle) > OFF and agreeing >= needed else timedelta(0)
    return ClockVerdict(ahead=ahead, hosts=len(heard), agreeing=agreeing, certain=certain)


def judge_certificates(refused: Mapping[str, Way], accepted: Collection[str]) -> ClockVerdict:
    """Judge by the certificates of domains: which our clock refuses, and how, and which not."""
    hosts = len(refused.keys() | set(accepted))
    ways: tuple[Way, ...] = ("behind", "ahead")
    for way in ways:
        agreeing = sum(told == way for told in refused.values())
        if agreeing >= max(FEWEST_REFUSED, AGREEING * hosts):
            return ClockVerdict(hosts=hosts, agreeing=agreeing, certain=True, certificates=way)
    return RIGHT
