"""What looking for copies costs in an archive that holds a million fingerprints."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import date

from archive.copies.fingerprints import Words, bands
from archive.copies.matches import find_story
from archive.copies.members import member_of
from archive.database.connect import transaction
from benchmarks.copies.grammar import TOPICS, draw_names, write
from benchmarks.copies.measuring import NEWEST

BAND_BITS = 62
DAYS = 365  # over which the stored articles were published
_FIRST_DAY = (NEWEST.date() - date(1970, 1, 1)).days - DAYS
_BATCH = 10_000
_INSERT = "INSERT OR IGNORE INTO near_bands(band, day, article_id) VALUES (?, ?, ?)"


def fill(conn: sqlite3.Connection, stored: int) -> float:
    """Store bands of articles that don't exist, most of them rare, and give CPU ms an article.

    One in twenty fills in a form: it shares four bands with an archived article and all that fill
    in the same one.
    """
    rng, began = random.Random(1), time.process_time()
    prints = conn.execute("SELECT fingerprint FROM articles WHERE fingerprint <> '' LIMIT 100")
    forms = [list(bands(row[0])[:4]) for row in prints]
    for first in range(0, stored, _BATCH):
        rows = _rows(range(first, min(first + _BATCH, stored)), forms, rng)
        with transaction(conn):
            conn.executemany(_INSERT, list(rows))
    return (time.process_time() - began) * 1000 / stored


def _rows(
    numbers: range, forms: list[list[int]], rng: random.Random
) -> Iterator[tuple[int, int, int]]:
    for number in numbers:
        form = rng.choice(forms) if rng.random() < 0.05 else []
        values = [*form, *(rng.getrandbits(BAND_BITS) for _ in range(12 - len(form)))]
        day = _FIRST_DAY + rng.randrange(DAYS)
        for value in values:
            yield value, day, 1_000_000_000 + number


def lookup_ms(conn: sqlite3.Connection, ids: list[int]) -> float:
    """Look for the story of archived articles once more; CPU ms each."""
    members = [member_of(conn, article_id) for article_id in ids]
    began = time.process_time()
    for member in members:
        find_story(conn, member, member.fingerprint)
    return (time.process_time() - began) * 1000 / len(members)


def fingerprint_ms(count: int = 300) -> float:
    """Make fingerprints and bands of generated stories; CPU ms each."""
    rng = random.Random(2)
    texts = []
    for number in range(count):
        language = ("zh", "en")[number % 2]
        texts.append(write(language, rng.choice(TOPICS), rng, draw_names(language, rng)).text)
    began = time.process_time()
    for text in texts:
        bands(Words.of(text).fingerprint)
    return (time.process_time() - began) * 1000 / count


def megabytes(conn: sqlite3.Connection) -> float:
    """What the bands take in the file."""
    pages = conn.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'near_bands'").fetchone()[0]
    return float(pages or 0) / 1e6
