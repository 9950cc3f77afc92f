"""What a test gives a worker process to do."""

from __future__ import annotations

import os
import signal
import time


class Unportable(Exception):
    """Can't be unpickled: its arguments are not those that it was made of."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} {two}")
        self.pair = one, two

    def __repr__(self) -> str:
        return f"Unportable{self.pair}"


def double(number: int) -> int:
    return 2 * number


def nap(number: int) -> int:
    """Take a moment, so that others queue."""
    time.sleep(0.02)
    return number


def chew(seconds: float) -> float:
    """Use so much processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds


def stand_still() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail() -> None:
    raise ValueError("as it should")


def fail_unportably() -> None:
    raise Unportable(1, 2)


def hoard() -> int:
    return len(bytearray(8 * 2**30))
