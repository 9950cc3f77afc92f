"""The archive that a careful reader would have kept: what the checks must not blame."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict

from archive.database.connect import transaction
from archive.database.times import to_text
from tests.histories.line import Run
from tests.histories.world import Story

_ARTICLE = """
INSERT INTO articles(url, source_id, source_name, title, published, published_from, fetched,
  checked, version_seen, text, markdown, word_count, content_hash, text_hash, withdrawn, revision)
VALUES (?, ?, '', ?, ?, 'meta', ?, ?, ?, ?, '', 0, '', '', ?, ?)
"""
_REVISION = """
INSERT INTO superseded(article_id, number, seen, kind, title, text, markdown, content_hash)
VALUES (?, ?, ?, 'edit', ?, ?, '', '')
"""
_ENTRY = """
INSERT INTO entries(source_id, guid, url, raw_url, host, announced, not_before, state, reason)
VALUES (?, ?, ?, ?, '', ?, ?, 'rejected', 'no page of it came')
"""


def make_ideal(run: Run) -> None:
    """Replace what the archive holds by one row for each story that was listed, with all of its
    versions that were shown or announced; and a word for those that had no page."""
    shown: dict[str, set[int]] = defaultdict(set)
    for page in run.shown:
        if page.form in ("page", "feed") and page.story:
            shown[page.story].add(page.version)
    run.vanished.clear()
    run.restless.clear()
    run.requests.clear()
    with transaction(run.conn):
        for table in ("article_urls", "entries", "articles"):
            run.conn.execute(f"DELETE FROM {table}")
        _name_gaps(run)
        for story in run.world.stories.values():
            if any(story.id in polled.stories for polled in run.polled):
                _keep(run, story, shown[story.id] | _told_by_feed(run, story))


def _keep(run: Run, story: Story, numbers: set[int]) -> None:
    conn, at = run.conn, to_text(run.end)
    newest = story.versions[max(numbers)]
    lines = [n for n in run.world.notices[story.outlet] if n.story == story.id]
    url = f"{lines[0].url}#{story.id}"
    if story.plot == "down before":
        for line in lines:
            conn.execute(_ENTRY, (story.outlet, line.guid, url, line.url, at, at))
        return
    withdrawn = at if story.plot == "withdrawn" else None
    day, text = to_text(story.published), story.stub or newest.text
    kept = list(
        dict.fromkeys((v.title, v.text) for v in map(story.versions.__getitem__, sorted(numbers)))
    )
    values = (url, story.outlet, newest.title, day, at, at, at, text, withdrawn, len(kept))
    row = conn.execute(_ARTICLE, values).lastrowid
    for number, (title, told) in enumerate(kept[:-1], start=1):
        conn.execute(_REVISION, (row, number, at, title, story.stub or told))


def _told_by_feed(run: Run, story: Story) -> set[int]:
    """The versions whose title a feed gave: a careful reader went and read them."""
    given = {p.stories[story.id] for p in run.polled if story.id in p.stories}
    told = {n for n, version in enumerate(story.versions) if version.title in given}
    return told or {len(story.versions) - 1}


def _name_gaps(run: Run) -> None:
    """One gap from the first visit to the last of each source, where the archive knows gaps: that
    says too much, and is said of no window."""
    try:
        run.conn.execute("DELETE FROM gaps")
        run.conn.execute("UPDATE sources SET listing = ?", (json.dumps({"windowless": "ideal"}),))
    except sqlite3.OperationalError:
        return
