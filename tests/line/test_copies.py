"""A story that two outlets of the newsroom print is one story with one file."""

from __future__ import annotations

from tests.line.conftest import Desk
from tests.site.demo import demo_config
from tests.site.process import Site

_COPIES = """
SELECT s.source_name, c.source_name, s.url, c.url, s.markdown_path
FROM articles AS c JOIN articles AS s ON s.id = c.copy_of
"""


def test_a_syndicated_story_is_archived_twice_and_written_once(site: Site, desk: Desk) -> None:
    desk.config.write_text(demo_config(site), encoding="utf-8")
    said = desk.crawl("haichuan-list", "jinling-json")
    ((story, copy, story_url, copy_url, path),) = desk.rows(_COPIES)
    assert {story, copy} == {"海川财经网", "金陵证券报"}
    assert len(desk.files()) == desk.one("SELECT count(*) FROM stories")
    text = (desk.data / "articles" / path).read_text(encoding="utf-8")
    assert (f"\nlink: {story_url}\n" in text, f"\nalso:\n - {copy_url}\n" in text) == (True, True)
    assert "near copies" in said
    named = desk.one(
        "SELECT origin FROM articles WHERE source_name = '海川财经网' AND origin <> ''"
    )
    assert named == "金陵证券报"
