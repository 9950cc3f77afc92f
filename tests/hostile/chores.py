"""What a test gives a worker process to do."""

from __future__ import annotations

import os
import signal
import time


def chew(seconds: float) -> float:
    """Use so much processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail() -> None:
    raise ValueError("as it should")


def hoard() -> int:
    return len(bytearray(8 * 2**30))
