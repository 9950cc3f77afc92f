"""Peak memory and processor time of a process and of each that it has started, main and workers
apart. Linux: the kernel's own high-water mark (VmHWM), so that no peak falls between two looks.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

_LOOK_S = 0.25
_KB_PER_MB = 1024


@dataclass(slots=True)
class Peaks:
    """Looks at the family of `pid` until `stop`, from a thread of its own."""

    pid: int
    main_mb: float = 0.0
    worker_mb: float = 0.0  # of the largest process that it started
    _cpu_s: dict[int, float] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, pid: int) -> Self:
        watched = cls(pid)
        threading.Thread(target=watched._watch, daemon=True).start()
        return watched

    def stop(self) -> None:
        self._ended.set()

    @property
    def main_cpu_s(self) -> float:
        return self._cpu_s.get(self.pid, 0.0)

    @property
    def workers_cpu_s(self) -> float:
        return sum(self._cpu_s.values()) - self.main_cpu_s

    def look(self) -> None:
        """Where a process ends during the look, what was seen of it before counts."""
        with suppress(psutil.Error, OSError):
            main = psutil.Process(self.pid)
            self.main_mb = max(self.main_mb, self._seen(main))
            for child in main.children(recursive=True):
                with suppress(psutil.Error, OSError):
                    self.worker_mb = max(self.worker_mb, self._seen(child))

    def _seen(self, process: psutil.Process) -> float:
        """Note the processor time of a process; give its peak."""
        times = process.cpu_times()
        self._cpu_s[process.pid] = times.user + times.system
        status = Path(f"/proc/{process.pid}/status").read_text()
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / _KB_PER_MB
        return 0.0  # a zombie has no memory any more

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_S):
            self.look()
