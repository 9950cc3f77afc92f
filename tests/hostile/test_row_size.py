"""No row grows without bound, whoever saves it (row 12 of the hostile cases)."""

from __future__ import annotations

import sqlite3

import pytest

from archive.database.connect import transaction
from tests.archive.making import make_article, rows, save

MB = 1_000_000


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("text", "央" * 333_334, "text of 1,000,002 bytes, over 1,000,000"),
        ("markdown", "m" * (4 * MB + 1), "markdown of 4,000,001 bytes, over 4,000,000"),
        ("title", "t" * 10_001, "title of 10,001 bytes, over 10,000"),
        ("summary", "s" * 100_001, "summary of 100,001 bytes, over 100,000"),
        ("image", "https://a.example/" + "i" * 10_000, "image of 10,018 bytes, over 10,000"),
    ],
)
def test_what_is_too_large_for_a_row_is_refused_with_its_size(
    conn: sqlite3.Connection, field: str, value: str, told: str
) -> None:
    with transaction(conn):
        saved = save(conn, "a.html", **{field: value})
    assert (saved.article_id, str(saved.rejected)) == (None, f"too long: {told}")
    assert rows(conn, "SELECT state, reason FROM entries") == [("rejected", f"too long: {told}")]
    assert rows(conn, "SELECT count(*) FROM articles") == [(0,)]


def test_a_text_of_a_megabyte_is_stored(conn: sqlite3.Connection) -> None:
    text = " ".join(f"word{n}" for n in range(10 * MB))[:MB]
    with transaction(conn):
        saved = save(conn, "a.html", text=text)
    assert saved.article_id == 1
    assert make_article("a.html", text=text).text == text
