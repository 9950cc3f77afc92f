"""A process of ours dies with the one that it works for, however that one ended."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.process import BaseProcess

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
ORPHANED = 1  # exit code


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the thread ends that forked this process (Linux; nothing
    elsewhere). No regular expression that holds the interpreter can put it off."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def die_with_starter() -> None:
    """End when the process ends that asked the fork server for this one: a pipe between the two
    closes. The fork server may outlive it for a moment, or be stopped."""
    starter = multiprocessing.parent_process()
    if starter is not None:
        threading.Thread(target=_outlive_not, args=(starter,), daemon=True).start()


def _outlive_not(starter: BaseProcess) -> None:
    starter.join()
    os._exit(ORPHANED)
