"""The demo's sources, crawled twice: what was written in the newsroom is what is archived."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from archive.upkeep.verify.check import Scope, check
from tests.line.conftest import Desk, paths
from tests.site.demo import demo_config
from tests.site.process import running_site

# Announced by the demo's sources; the rest of the newsroom is for other tests.
_DEMO_CHANNELS = {
    "ledger-rss",
    "ledger-news",
    "ledger-archive",
    "haichuan-091",
    "jinling-gb2312",
    "jinling-json",
    "taiping-rdf",
    "taiping-jsonp",
    "wire-atom",
    "wire-jsonfeed",
    "wire-full",
    "magazine-sitemap",
}


@dataclass(kw_only=True)
class Crawled:
    conn: sqlite3.Connection
    articles: Path
    stories: list[dict]
    extras: list[dict]
    second_pass: list[str]
    output: str

    def article(self, url: str) -> sqlite3.Row | None:
        return self.conn.execute(
            "SELECT a.* FROM article_urls AS u JOIN articles AS a ON a.id = u.article_id"
            " WHERE u.url = ?",
            (url,),
        ).fetchone()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    desk = Desk(folder=tmp_path_factory.mktemp("newsroom"))
    with running_site() as site:
        desk.config.write_text(demo_config(site), encoding="utf-8")
        output = desk.crawl()
        site.clear_log()
        desk.crawl()
        second_pass = paths(site.requests())
        expected = site.expected()
    conn = sqlite3.connect(f"file:{desk.data}/archive.db?mode=ro", uri=True)
    conn.row_factory = sqlite3.Row
    yield Crawled(
        conn=conn,
        articles=desk.data / "articles",
        stories=[e for e in expected if "slug" in e and e["state"] == "archived"],
        extras=[e for e in expected if "slug" not in e],
        second_pass=second_pass,
        output=output,
    )
    conn.close()


def _announced(crawled: Crawled) -> list[tuple[dict, sqlite3.Row]]:
    pairs = [(story, crawled.article(story["url"])) for story in crawled.stories]
    return [(story, article) for story, article in pairs if article is not None]


def test_every_story_that_a_demo_source_announces_is_archived(crawled: Crawled) -> None:
    missing = [
        story["slug"]
        for story in crawled.stories
        if set(story["announced_by"]) & _DEMO_CHANNELS and crawled.article(story["url"]) is None
    ]
    assert missing == []
    assert len(_announced(crawled)) == 56


def test_titles_are_those_of_the_stories(crawled: Crawled) -> None:
    wrong = [
        (story["slug"], article["title"])
        for story, article in _announced(crawled)
        if article["title"] != story["title"]
    ]
    assert wrong == []


def test_times_are_those_of_the_stories(crawled: Crawled) -> None:
    wrong = []
    for story, article in _announced(crawled):
        told = datetime.fromisoformat(story["published"]).astimezone(UTC)
        kept = datetime.fromisoformat(article["published"])
        if abs((told - kept).total_seconds()) >= 60:  # pages name minutes
            wrong.append((story["slug"], story["published"], article["published"]))
    assert wrong == []


def test_authors_are_those_of_the_stories(crawled: Crawled) -> None:
    wrong = [
        (story["slug"], story["authors"], article["author"])
        for story, article in _announced(crawled)
        if article["author"] != ("、" if story["language"] == "zh" else ", ").join(story["authors"])
    ]
    assert wrong == []


def test_texts_run_from_the_first_sentence_to_the_last(crawled: Crawled) -> None:
    def squeezed(text: str) -> str:
        return "".join(text.split())

    wrong = [
        story["slug"]
        for story, article in _announced(crawled)
        if not squeezed(article["text"]).startswith(squeezed(story["first"])[:20])
        or not squeezed(article["text"]).endswith(squeezed(story["last"])[-12:])
    ]
    assert wrong == []


def test_languages_are_told_apart(crawled: Crawled) -> None:
    wrong = [
        (story["slug"], article["language"])
        for story, article in _announced(crawled)
        if article["language"] != story["language"]
    ]
    assert wrong == []


def test_every_entry_is_archived_or_has_a_reason(crawled: Crawled) -> None:
    unexplained = crawled.conn.execute(
        "SELECT url, state FROM entries WHERE (state = 'archived') <> (article_id IS NOT NULL)"
        " AND state <> 'copy' OR state <> 'archived' AND coalesce(reason, '') = ''"
    ).fetchall()
    assert [tuple(row) for row in unexplained] == []


def test_every_kind_of_source_brings_articles(crawled: Crawled) -> None:
    kinds = crawled.conn.execute(
        "SELECT DISTINCT s.kind FROM sources AS s JOIN entries AS e ON e.source_id = s.id"
        " WHERE e.article_id IS NOT NULL ORDER BY 1"
    ).fetchall()
    assert [row[0] for row in kinds] == ["feed", "json", "listing", "sitemap"]


def test_the_second_pass_asks_for_no_article(crawled: Crawled) -> None:
    pages = {story["path"] for story in crawled.stories} | {e["path"] for e in crawled.extras}
    assert [path for path in crawled.second_pass if path in pages] == []


def test_every_markdown_file_gives_back_its_row(crawled: Crawled) -> None:
    rows = crawled.conn.execute("SELECT * FROM stories").fetchall()
    assert len(list(crawled.articles.rglob("*.md"))) == len(rows)
    for row in rows:
        text = (crawled.articles / row["markdown_path"]).read_text(encoding="utf-8")
        head = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))
        date = datetime.strptime(head["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        assert head["title"] == row["title"]
        assert head["author"] == (row["author"] or row["source_name"])
        assert head["categories"][1] == row["source_name"]
        assert date == datetime.fromisoformat(row["published"])
        assert head["link"] == row["url"]
        assert head["lang"] == row["language"]
        assert head["revision"] == row["revision"]


def test_raw_pages_are_kept_and_linked(crawled: Crawled) -> None:
    folder = crawled.articles.parent
    pages = sqlite3.connect(folder / "pages.db")
    linked, refused = pages.execute("SELECT count(article_id), count(*) FROM pages").fetchone()
    pages.close()
    assert linked >= 44
    assert refused > linked


def test_every_article_read_from_a_page_names_it(crawled: Crawled) -> None:
    folder = crawled.articles.parent
    named = {tuple(r) for r in crawled.conn.execute("SELECT page_id, id FROM articles")}
    pages = sqlite3.connect(folder / "pages.db")
    linked = set(pages.execute("SELECT id, article_id FROM pages WHERE article_id IS NOT NULL"))
    pages.close()
    assert {(page, article) for page, article in named if page is not None} <= linked
    assert len(linked) >= 44


def test_a_full_check_finds_that_all_agrees(crawled: Crawled) -> None:
    what = Scope(data=crawled.articles.parent, directory=crawled.articles, full=True)
    assert list(check(what, now=datetime.now(UTC))) == []


def test_tags_are_lists(crawled: Crawled) -> None:
    for row in crawled.conn.execute("SELECT tags FROM articles"):
        assert isinstance(json.loads(row["tags"]), list)
