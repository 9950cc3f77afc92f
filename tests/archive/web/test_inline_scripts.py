"""Datasette's own pages run Datasette's scripts and no others."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from collections.abc import Iterator

import pytest

from tests.archive.stored import new_archive, put_article
from tests.archive.web.browsing import get_pages


@pytest.fixture
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    conn = new_archive(tmp_path_factory.mktemp("scripts") / "archive.db")
    put_article(conn)
    yield conn
    conn.close()


def test_every_script_in_line_is_allowed_by_its_hash(conn: sqlite3.Connection) -> None:
    pages = get_pages(
        conn,
        "/archive",
        "/archive/articles",
        "/archive/articles/896",
        "/archive?sql=select+1",
        "/archive/what_is_owed",
        "/archive/nothing",
    )
    seen = 0
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "'unsafe-inline'" not in policy.partition("style-src")[0]
        for script in re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
            seen += 1
        assert re.findall(r"<script [^>]*>[^<]+</script>|\son\w+=", page.text) == []
    assert seen >= 9
