"""What a command costs: CPU of its whole tree of processes, wall time, peak memory.

    .venv/bin/python -P -m benchmarks.cpu [--log FILE] [NAME=VALUE ...] -- COMMAND ...

One line of JSON: `exit` (the command's exit code, and this program's), `cpu_s` (user and system),
`waited_s` (of it, what the command itself and the processes it waited for took), `wall_s`,
`peak_mb` (resident, of the tree, looked at ten times a second) and `pss_mb` (the same, where memory
that several processes share counts once; looked at once a second). This process is the tree's
subreaper: what the command leaves behind (a forkserver, its workers) becomes its child, is waited
for and counts, where `time` would miss it. Compare figures of one and the same run of a machine,
as ratios. Linux only.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

_SET_CHILD_SUBREAPER = 36  # of prctl(2)
_LOOK_S = 0.1
_LOOKS_TO_SHARED = 10  # the kernel adds up every page of a process for it
_PAGE_BYTES = resource.getpagesize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command took, with everything it started."""

    exit: int
    cpu_s: float
    waited_s: float
    wall_s: float
    peak_mb: int
    pss_mb: int


def cost(command: Sequence[str], env: Mapping[str, str], log: IO[bytes]) -> Cost:
    """Run a command to its end, and to that of every process it leaves behind.

    Counts all children of this process that ended before, too: one measurement a process.
    """
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    memory = _Memory()
    began = time.monotonic()
    with subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
    ) as process:
        memory.start()
        code = process.wait()
    waited = _children_s()
    _wait_for_orphans()
    memory.stop()
    return Cost(
        exit=code,
        cpu_s=round(_children_s(), 2),
        waited_s=round(waited, 2),
        wall_s=round(time.monotonic() - began, 1),
        peak_mb=memory.peak >> 20,
        pss_mb=memory.peak_shared >> 20,
    )


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wait_for_orphans() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


class _Memory:
    """Watches how much memory the processes below this one hold at once."""

    def __init__(self) -> None:
        self.peak = self.peak_shared = 0  # bytes
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        looks = 0
        while not self._ended.wait(_LOOK_S):
            resident = below(os.getpid())
            self.peak = max(self.peak, sum(resident.values()))
            looks += 1
            if looks % _LOOKS_TO_SHARED == 0:
                self.peak_shared = max(self.peak_shared, sum(map(shared_out, resident)))


def below(root: int) -> dict[int, int]:
    """Give the processes below one, with the bytes that each has resident."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    resident: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended in between
            continue
        process = int(stat.parent.name)
        children[int(fields[1])].append(process)
        resident[process] = int(fields[21]) * _PAGE_BYTES
    found, todo = {}, list(children[root])
    while todo:
        process = todo.pop()
        found[process] = resident[process]
        todo += children[process]
    return found


def shared_out(process: int) -> int:
    """Give a process' bytes, of what it shares with others its part (PSS); 0 when it has ended."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) << 10


def main() -> None:
    settings, command = _split(sys.argv[1:])
    if not command:
        sys.exit(__doc__)
    log = os.devnull
    if settings[:1] == ["--log"]:
        _, log, *settings = settings
    env = os.environ | dict(setting.split("=", 1) for setting in settings)
    with Path(log).open("wb") as file:
        found = cost(command, env, file)
    print(json.dumps(asdict(found)))
    sys.exit(found.exit)


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


if __name__ == "__main__":
    main()
