"""What fetches, reads and stores takes the time from a Clock, or as an argument."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.rules.trees import tree_of

ROOT = Path(__file__).resolve().parents[2]
CLOCK = "crawler/fetch/http/clock.py"
ITS_OWN = "crawler/run/"  # the terminal and the service manager wait by the machine's time
READS = {"now", "utcnow", "today", "monotonic", "perf_counter", "time", "monotonic_ns", "time_ns"}


def readings(tree: ast.AST) -> list[str]:
    """Name every call of the machine's clock: of the module time, of datetime's and date's own."""
    called = [
        f"{ast.unparse(node)} in line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in READS
        and ast.unparse(node.value) in {"time", "datetime", "date", "datetime.datetime"}
    ]
    imported = [
        f"{ast.unparse(node)} in line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "time"
        and READS & {alias.name for alias in node.names}
    ]
    return called + imported


def test_the_rule_sees_every_way_to_ask_the_time() -> None:
    code = "time.monotonic()\ndatetime.now(UTC)\nself._clock.now()\nf = time.time\ndate.today()"
    assert len(readings(ast.parse(code))) == 4
    assert len(readings(ast.parse("from time import monotonic, sleep"))) == 1


def test_only_the_clock_reads_the_machine_s_time() -> None:
    found = {}
    for package in ("archive", "config", "crawler", "spiders"):
        for path in (ROOT / package).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if name != CLOCK and not name.startswith(ITS_OWN):
                found[name] = readings(tree_of(path))
    assert {name: reads for name, reads in found.items() if reads} == {}
