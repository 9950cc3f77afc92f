"""What each source has used of the workers, and how long it rests for that while others wait.

Pure: `now` is in seconds of a clock that never runs back. As pressure stall information has it,
what was used fades: after HALF_LIFE_S half of it counts.
"""

from __future__ import annotations

from dataclasses import dataclass

HALF_LIFE_S = 60.0
SLOW_S = 2.0  # a document or page that takes longer is slow: p99 of 150 real pages is 93 ms
REST = 9.0  # times what it took: a slow source has a tenth of a worker, as long as others wait
LONGEST_REST_S = 3600.0
SOURCES = 10_000  # whose use is remembered


@dataclass(slots=True)
class _Account:
    used: float = 0.0  # faded seconds, as of `at`
    at: float = 0.0
    rests_until: float = float("-inf")
    total: float = 0.0
    untold: str = ""  # why it rests, until somebody was told


class Accounts:
    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}

    def charge(self, source_id: str, seconds: float, *, now: float) -> None:
        """A task of the source took so many seconds of processor time."""
        account = self._accounts.setdefault(source_id, _Account(at=now))
        account.used, account.at = _faded(account, now) + seconds, now
        account.total += seconds
        if seconds > SLOW_S:
            rest = min(REST * seconds, LONGEST_REST_S)
            account.rests_until = max(account.rests_until, now) + rest
            account.rests_until = min(account.rests_until, now + LONGEST_REST_S)
            account.untold = (
                f"one of its documents or pages took {seconds:.0f} s to read: while others wait"
                f" it rests {account.rests_until - now:.0f} s"
            )
        if len(self._accounts) > SOURCES:
            del self._accounts[next(iter(self._accounts))]

    def used_s(self, source_id: str, *, now: float) -> float:
        """Seconds used lately."""
        account = self._accounts.get(source_id)
        return _faded(account, now) if account else 0.0

    def rest_s(self, source_id: str, *, now: float) -> float:
        """Seconds that a slow source still rests, while others wait; 0 for all others."""
        account = self._accounts.get(source_id)
        return max(0.0, account.rests_until - now) if account else 0.0

    def totals(self) -> dict[str, float]:
        """Seconds used since the beginning, by source."""
        return {source_id: account.total for source_id, account in self._accounts.items()}

    def untold(self, source_id: str) -> str:
        """Why a source was put to rest since this was last asked; '' where it was not."""
        account = self._accounts.get(source_id)
        if account is None:
            return ""
        words, account.untold = account.untold, ""
        return words


def _faded(account: _Account, now: float) -> float:
    used: float = account.used * 0.5 ** (max(0.0, now - account.at) / HALF_LIFE_S)
    return used
