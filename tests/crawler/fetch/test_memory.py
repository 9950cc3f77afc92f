"""The limit is of what this process holds, not of what its parent once held."""

from __future__ import annotations

import subprocess
import sys

MEASURED = """
from types import SimpleNamespace
from scrapy.settings import Settings
from crawler.fetch.watch.memory import ResidentMemory
settings = Settings({"MEMUSAGE_ENABLED": True, "MEMUSAGE_LIMIT_MB": 1024})
memory = ResidentMemory(SimpleNamespace(settings=settings, stats=None, signals=SimpleNamespace(
    connect=lambda *_, **__: None)))
before = memory.get_virtual_size()
held = bytearray(64 << 20)
print(before >> 20, (memory.get_virtual_size() - before) >> 20)
"""
# Holds 400 MB for a moment, then starts the other.
PARENT = f"""
import subprocess, sys
held = bytearray(400 << 20)
print(subprocess.run([sys.executable, "-P", "-c", {MEASURED!r}], capture_output=True, text=True))
"""


def test_a_large_parent_is_not_counted_and_what_is_held_is() -> None:
    parent = subprocess.run(
        [sys.executable, "-P", "-c", PARENT], capture_output=True, text=True, check=True, timeout=60
    )
    before, grown = parent.stdout.split("stdout='")[1].split("\\n")[0].split()
    assert 10 < int(before) < 300
    assert 60 <= int(grown) <= 70
