"""A consumer that is killed again and again gets each event once, by its own cursor."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from archive.database.connect import connect, transaction
from tests.archive.making import make_archive, save

EVENTS, KILLS = 2_000, 20
# Writes the number of each event into a file, a line each, and begins behind the last whole one.
CONSUMER = """
import sys
from archive import open_archive
folder, got = sys.argv[1:]
with open(got, "a+b") as file:
    file.seek(0)
    whole = file.read().rpartition(b"\\n")[0].split(b"\\n")
    file.truncate(sum(len(line) + 1 for line in whole if line))
    since = int(whole[-1] or 0)
    with open_archive(folder) as archive:
        for change in archive.changes(since):
            file.write(b"%d\\n" % change.seq)
            file.flush()
"""


@pytest.mark.slow
def test_a_killed_consumer_gets_every_event_once(tmp_path: Path) -> None:
    make_archive(tmp_path).close()
    with closing(connect(tmp_path / "archive.db")) as conn, transaction(conn):
        save(conn, "1")
        for number in range(EVENTS):
            moment = "NULL" if number % 2 else "'2026-11-23T09:00:00Z'"
            conn.execute(f"UPDATE articles SET withdrawn = {moment}")
        total = int(conn.execute("SELECT max(seq) FROM changes").fetchone()[0])
    command = [sys.executable, "-P", "-c", CONSUMER, str(tmp_path), str(tmp_path / "got")]
    chance, killed = random.Random(7), 0
    while killed < KILLS:
        consumer = subprocess.Popen(command)
        begun = time.monotonic()
        wanted = chance.uniform(0.05, 0.4)
        while consumer.poll() is None and time.monotonic() - begun < wanted:
            time.sleep(0.005)
        consumer.kill()
        consumer.wait()
        killed += 1
    assert subprocess.run(command, check=False, timeout=60).returncode == 0
    got = [int(line) for line in (tmp_path / "got").read_text().split()]
    assert got == list(range(1, total + 1))
    assert total > EVENTS
