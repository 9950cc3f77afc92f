"""Archived articles are looked at again: what was edited, taken down or left alone meanwhile."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.line.conftest import Desk, feed, stop, wait_until
from tests.site.process import Site, running_site

pytestmark = pytest.mark.slow

# The folders of the newsroom's addresses are the days on which its clock, the machine's, began.
ENDINGS = {
    "edited": "/101014.shtml",
    "withdrawn": "/101035.shtml",
    "left alone": "/bulk/0",
    "refused": "/101049.shtml",
}


@dataclass(kw_only=True)
class Looked:
    """What the archive said before the look and after it, and what was asked for."""

    first: dict[str, sqlite3.Row]
    second: dict[str, sqlite3.Row]
    asked: list[dict]
    desk: Desk


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    desk = Desk(folder=tmp_path_factory.mktemp("looks"))
    with running_site() as site:
        desk.configure(
            feed(site, "haichuan", "/rss/091.xml", "s", "exclude = ['/101042']", 'since = "all"'),
            feed(site, "plain", "/bulk/feed.xml?n=1", "b"),
            crawl='look_again = ["1h", "30d"]',
        )
        desk.crawl()
        _let_two_hours_pass(desk)
        first = _articles(desk)
        site.post({"do": "edit", "story": "auto-export", "append": "本报随后更正了上述数字。"})
        site.post({"do": "withdraw", "story": "port-merger"})
        refused = {"do": "fail", "host": "haichuan", "path": _path(first["refused"])}
        site.post(refused | {"statuses": [403]})
        site.clear_log()
        desk.crawl()
        asked = site.requests()
    return Looked(first=first, second=_articles(desk), asked=asked, desk=desk)


def _let_two_hours_pass(desk: Desk) -> None:
    conn = sqlite3.connect(desk.data / "archive.db")
    earlier = "strftime('%Y-%m-%dT%H:%M:%SZ', {}, '-2 hours')".format
    times = ", ".join(f"{name} = {earlier(name)}" for name in ("fetched", "checked", "next_check"))
    with conn:
        conn.execute(f"UPDATE articles SET {times}")
    conn.close()


def _articles(desk: Desk) -> dict[str, sqlite3.Row]:
    conn = sqlite3.connect(f"file:{desk.data}/archive.db?mode=ro", uri=True)
    conn.row_factory = sqlite3.Row
    with conn:
        rows = conn.execute("SELECT * FROM articles").fetchall()
    conn.close()
    return {what: row for what, end in ENDINGS.items() for row in rows if row["url"].endswith(end)}


def _path(article: sqlite3.Row) -> str:
    return urlsplit(article["url"]).path


def _answers(looked: Looked) -> dict[str, int]:
    asked = {request["path"]: request["status"] for request in looked.asked}
    return {what: asked[_path(article)] for what, article in looked.first.items()}


def test_each_article_is_asked_for_again_with_its_validators(looked: Looked) -> None:
    assert _answers(looked) == {
        "edited": 200,
        "withdrawn": 410,
        "left alone": 304,
        "refused": 403,
    }


def test_an_edit_is_a_revision_and_its_file_is_rewritten(looked: Looked) -> None:
    edited = looked.second["edited"]
    markdown = (looked.desk.data / "articles" / edited["markdown_path"]).read_text()
    assert edited["revision"] == 2
    assert edited["text"].endswith("本报随后更正了上述数字。")
    assert "本报随后更正了上述数字。" in markdown
    assert "\nrevision: 2\n" in markdown


def test_what_was_taken_down_is_marked_and_kept(looked: Looked) -> None:
    before, after = looked.first["withdrawn"], looked.second["withdrawn"]
    assert after["withdrawn"] == after["checked"] > before["checked"]
    assert after["text"] == before["text"]
    assert (looked.desk.data / "articles" / after["markdown_path"]).is_file()


def test_what_did_not_change_is_only_checked(looked: Looked) -> None:
    before, after = dict(looked.first["left alone"]), dict(looked.second["left alone"])
    assert after.pop("attempt") > before.pop("attempt")
    assert after.pop("checked") > before.pop("checked")
    assert after.pop("next_check") > before.pop("next_check")
    assert after == before


def test_a_refusal_leaves_an_article_as_it_is(looked: Looked) -> None:
    before, after = dict(looked.first["refused"]), dict(looked.second["refused"])
    assert after.pop("attempt") > before.pop("attempt")
    assert after.pop("next_check") > before.pop("next_check")
    assert after == before


def test_looks_double_nothing(looked: Looked) -> None:
    assert looked.desk.one("SELECT count(*) FROM articles") == 4
    assert looked.desk.one("SELECT count(*) FROM entries WHERE state = 'archived'") == 4
    assert looked.desk.rows("SELECT article_id FROM revisions WHERE number > 1") == [
        (looked.first["edited"]["id"],)
    ]


def test_looks_are_counted(looked: Looked) -> None:
    counters = json.loads(str(looked.desk.one("SELECT counters FROM runs WHERE id = 2")))
    counted = {name: counters[name] for name in ("checked", "revised", "withdrawn", "unchanged")}
    assert counted == {"checked": 3, "revised": 1, "withdrawn": 1, "unchanged": 0}


def test_the_raw_page_of_a_look_is_kept_where_it_made_a_revision(looked: Looked) -> None:
    conn = sqlite3.connect(looked.desk.data / "pages.db")
    kept = conn.execute("SELECT count(*) FROM pages GROUP BY article_id ORDER BY 1").fetchall()
    conn.close()
    assert kept == [(1,), (1,), (1,), (2,)]


@pytest.mark.slow
def test_the_daemon_sees_an_article_go_and_come_back(site: Site, desk: Desk) -> None:
    desk.configure(
        feed(site, "haichuan", "/rss/091.xml", "s", 'since = "all"'),
        crawl='look_again = ["1s", "8s", "15s", "22s", "29s", "36s", "30d"]',
    )
    process = desk.start("daemon")
    marked = "SELECT id FROM articles WHERE withdrawn IS NOT NULL"
    wait_until(lambda: desk.one("SELECT count(*) FROM articles") == 4, process)
    site.post({"do": "withdraw", "story": "port-merger"})
    wait_until(lambda: desk.one(marked), process)
    site.post({"do": "restore", "story": "port-merger"})
    wait_until(lambda: not desk.one(marked), process)
    out, err = stop(process)
    assert process.returncode == 0, out + err
    assert desk.one("SELECT max(revision) FROM articles") == 1
