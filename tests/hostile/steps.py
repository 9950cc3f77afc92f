"""Crash at every step: `python -P -m tests.hostile.steps [--every N] [--fault F] [CYCLE…]`.

A process under the shim (shim/faults.c, made by the machine's C compiler) forks for each step: one
child does a cycle and meets the fault at its n-th step, a second one looks at what is left. Steps
are counted first, by a cycle without a fault.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).parent / "shim" / "faults.c"
SHIM = "BROADSHEET_TEST_SHIM"
FAULTS = {"eio": 1, "enospc": 2, "lose": 3, "torn": 4}  # as in faults.c
CLEAN, FAILED, WRONG = 0, 3, 4  # exits of a child


def compile_shim(folder: Path) -> Path | None:
    """The shim, made by the machine's compiler; None where there is none, or no Linux."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        return None
    made = folder / "faults.so"
    command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, timeout=60)
    return made


def run_under_shim(shim: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Do what `main` does with these arguments in a process that has the shim loaded."""
    return subprocess.run(
        [sys.executable, "-P", "-c", _START.format(root=str(ROOT)), *arguments],
        env={**os.environ, "LD_PRELOAD": str(shim), SHIM: str(shim)},
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )


_START = (
    "import sys; sys.path.insert(0, {root!r}); from tests.hostile.steps import main; "
    "raise SystemExit(main(sys.argv[1:]))"
)


@dataclass(slots=True)
class Outcome:
    """What the steps of a cycle came to under one fault."""

    cycle: str
    fault: str
    steps: int  # that a whole cycle has
    tried: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.cycle} {self.fault}: {self.steps} steps counted, {self.tried} tried, "
            f"{self.tried - len({p.partition(':')[0] for p in self.problems})} passed"
        )


def try_steps(name: str, fault: str, *, every: int, folder: Path) -> Outcome:
    """Meet a fault at every n-th step of a cycle, in `folder`, which is made anew each time."""
    from tests.hostile.cycles import CYCLES, UNSAFE  # after the shim: it is what loads SQLite

    cycle, shim = (CYCLES | UNSAFE)[name], ctypes.CDLL(os.environ[SHIM])
    template = folder / "template"
    _in_child(lambda: cycle.prepare(template))
    outcome = Outcome(name, fault, _count(cycle, shim, template, folder))
    for step in range(1 + every // 2, outcome.steps + 1, every):
        outcome.tried += 1
        for problem in _try_step(cycle, shim, template, folder / "work", step, FAULTS[fault]):
            outcome.problems.append(f"step {step}: {problem}")
    return outcome


def _count(cycle: object, shim: ctypes.CDLL, template: Path, folder: Path) -> int:
    work, told = folder / "work", folder / "steps"
    _copy(template, work)

    def run() -> None:
        shim.shim_arm(str(work).encode(), ctypes.c_long(0), 0)
        cycle.run(work, lambda _: None)  # type: ignore[attr-defined]
        steps = shim.shim_steps()
        shim.shim_disarm()
        told.write_text(str(steps))

    status, output = _in_child(run)
    assert status == CLEAN, output
    return int(told.read_text())


def _try_step(
    cycle: object, shim: ctypes.CDLL, template: Path, work: Path, step: int, fault: int
) -> Iterator[str]:
    _copy(template, work)
    told = work.with_name("told")
    told.unlink(missing_ok=True)

    def run() -> None:
        with told.open("a") as reports:

            def report(what: str) -> None:
                reports.write(f"{what}\n")
                reports.flush()

            shim.shim_arm(str(work).encode(), ctypes.c_long(step), fault)
            cycle.run(work, report)  # type: ignore[attr-defined]

    status, output = _in_child(run)
    if FAULTS["lose"] <= fault and status != -signal.SIGKILL:
        yield f"the process was to be killed, and ended with {status}: {output}"
    if status == WRONG:
        yield f"a fault ended in a traceback that is none of ours: {output}"
    for kept in work.rglob("*.kept-*"):
        kept.unlink()
    reported = set(told.read_text().split()) if told.exists() else set()

    def look() -> None:
        for problem in cycle.problems(work, reported):  # type: ignore[attr-defined]
            print(problem, flush=True)

    status, output = _in_child(look)
    if status != CLEAN:
        yield f"the next start fails: {output}"
    elif output:
        yield output


def _copy(template: Path, work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(template, work)


def _in_child(work: Callable[[], None]) -> tuple[int, str]:
    """Do it in a fork of this process; its exit status (negative: a signal) and what it printed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        os._exit(_status_of(work))
    os.close(writer)
    with os.fdopen(reader, errors="replace") as output:
        printed = output.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), printed.strip()[-2000:]


def _status_of(work: Callable[[], None]) -> int:
    from tests.hostile.crawl_cycle import FAILED as EXPECTED

    try:
        work()
    except EXPECTED:
        traceback.print_exc()
        return FAILED
    except BaseException:
        traceback.print_exc()
        return WRONG
    finally:
        sys.stdout.flush()
    return CLEAN


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.hostile.steps")
    parser.add_argument("cycles", nargs="*")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--fault", action="append", choices=sorted(FAULTS))
    given = parser.parse_args(arguments)
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # a disk syncs for real, and slowly
    with tempfile.TemporaryDirectory(prefix="steps-", dir=memory) as name:
        folder = Path(name)
        if SHIM not in os.environ:
            shim = compile_shim(folder)
            if shim is None:
                print("no C compiler here: nothing was tried")
                return 1
            done = run_under_shim(shim, *arguments)
            print(done.stdout + done.stderr)
            return done.returncode
        return _report(given, folder)


def _report(given: argparse.Namespace, folder: Path) -> int:
    from tests.hostile.cycles import CYCLES

    wrong = 0
    for name in given.cycles or CYCLES:
        for fault in given.fault or FAULTS:
            place = folder / f"{name}-{fault}"
            place.mkdir()
            begun = time.process_time()
            outcome = try_steps(name, fault, every=given.every, folder=place)
            shutil.rmtree(place)
            print(outcome, f"({time.process_time() - begun:.0f} s of CPU here)", flush=True)
            for problem in outcome.problems:
                print(f"  {problem}", flush=True)
            wrong += len(outcome.problems)
    return min(wrong, 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
