"""What each host does: known to the server that does it and to the check that expects it."""

from __future__ import annotations

from dataclasses import dataclass

RETRY_AFTER_S = 1
HANG = 0  # in place of a status: no answer at all
_ROUND = 6  # visits after which a host of a faulty sort fails again
_GONE_FROM = 4
_SORT = {0: 410, 1: 301, 2: 301, 3: 429, 4: 429, 5: 503, 6: 503, 7: HANG, 8: 500}
_SORTS = 30


@dataclass(frozen=True, slots=True)
class Host:
    number: int

    @property
    def id(self) -> str:
        return f"h{self.number:03d}"

    @property
    def address(self) -> str:
        return f"127.1.{self.number // 200}.{self.number % 200 + 1}"

    @property
    def sort(self) -> int:
        """What its feed answers beside 200 and 304; those are all that most hosts know."""
        return _SORT.get(self.number % _SORTS, 200)

    @property
    def lasts(self) -> bool:
        """False for one that says 410 some day, and that nothing is announced on."""
        return self.sort != 410

    def fault(self, visit: int) -> int | None:
        """The answer to the nth request for its feed, None where that is 200 or 304.

        What the crawler itself asks for once more (500, no answer) comes twice in a row.
        """
        if self.sort == 410:
            return 410 if visit >= _GONE_FROM else None
        if self.sort == 301:
            return 301
        if self.sort == 200 or visit % _ROUND < _ROUND - (1 if self.sort in (429, 503) else 2):
            return None
        return self.sort


def make_hosts(count: int) -> tuple[Host, ...]:
    return tuple(Host(number) for number in range(count))


def page_fault(article: int, request: int) -> int | None:
    """The answer to the nth request (from 0) for an article's page, None where that is 200."""
    if article % 200 == 5:
        return 410
    if article % 50 == 41:
        return 301
    first = {7: 503, 19: 404}.get(article % 50) or (HANG if article % 100 == 33 else None)
    tries = 2 if first == HANG else 1
    return first if request < tries else None


def is_kept(article: int) -> bool:
    """False for the articles that are gone before they are fetched."""
    return page_fault(article, 99) != 410
