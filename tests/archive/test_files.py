from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from archive.bodies import markdown_body
from archive.connect import transaction
from archive.files import render_all, set_settings, want_file, write_owed
from archive.posts import make_slug
from tests.archive.stored import new_archive, put_article, put_source

PATH = "2021/12/2021-12-09-896-t20211209-4567.md"
SAMPLE_FILE = """\
---
title: '人工智能_国家队_再扩容：郑州入围，东北城市首次入列'
categories: 
 - 金融
 - 证券时报网
 - 要闻
headimg: 'https://picsum.photos/400/300?random=896'
author: 证券时报网
comments: false
date: Thu, 09 Dec 2021 14:42:00 GMT
thumbnail: 'https://picsum.photos/400/300?random=896'
link: https://news.example.cn/djjd/202112/t20211209_4567.html
source: stcn
updated: Thu, 09 Dec 2021 14:42:00 GMT
revision: 1
securities: []
also: []
lang: zh
disableNunjucks: true
---

国家新一代人工智能创新发展试验区再添新军。
"""  # noqa: W291


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    conn = new_archive(tmp_path / "archive.db")
    yield conn
    conn.close()


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return tmp_path / "articles"


def want(conn: sqlite3.Connection, *article_ids: int) -> None:
    with transaction(conn):
        for article_id in article_ids:
            want_file(conn, article_id)


def configure(conn: sqlite3.Connection, **changed: object) -> bool:
    values = {"markdown": True, "body": "markdown", "placeholder_image": "/blank.png", **changed}
    with transaction(conn):
        return set_settings(conn, **values)


def put_many(conn: sqlite3.Connection, ids: range) -> None:
    for n in ids:
        put_article(conn, id=n, url=f"https://news.example.cn/{n}.html")
    want(conn, *ids)


def below(directory: Path) -> list[str]:
    return sorted(str(p.relative_to(directory)) for p in directory.rglob("*") if p.is_file())


def front_matter(text: str) -> dict[str, object]:
    return dict(yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n")))


# What a file says


def test_sample_article_becomes_the_sample_file(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    written = write_owed(conn, posts)
    assert (written.count, written.failed) == (1, 0)
    assert (posts / PATH).read_text() == SAMPLE_FILE


def test_byline_image_section_and_update_of_the_article_are_used(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_article(
        conn,
        author="王小明、李华",
        image="https://img.example.cn/1.jpg",
        section="科技",
        updated="2021-12-10T01:00:00Z",
    )
    want(conn, 896)
    write_owed(conn, posts)
    values = front_matter((posts / PATH).read_text())
    assert values["author"] == "王小明、李华"
    assert values["headimg"] == values["thumbnail"] == "https://img.example.cn/1.jpg"
    assert values["categories"] == ["金融", "证券时报网", "科技"]
    assert values["updated"] == "Fri, 10 Dec 2021 01:00:00 GMT"


def test_english_article_without_a_section_is_news(conn: sqlite3.Connection, posts: Path) -> None:
    put_article(conn, title="Fed holds rates", language="en", category="Finance")
    want(conn, 896)
    write_owed(conn, posts)
    text = (posts / "2021/12/2021-12-09-896-fed-holds-rates.md").read_text()
    assert "\ncategories: \n - Finance\n - 证券时报网\n - News\n" in text


def test_placeholder_image_takes_the_id_mod_1000(conn: sqlite3.Connection, posts: Path) -> None:
    configure(conn, placeholder_image="/img/{n}.png")
    put_article(conn, id=12345)
    want(conn, 12345)
    write_owed(conn, posts)
    (path,) = posts.rglob("*.md")
    assert "\nheadimg: '/img/345.png'\n" in path.read_text()


def test_copies_and_securities_are_listed(conn: sqlite3.Connection, posts: Path) -> None:
    put_article(conn)
    put_source(conn, "sina", "新浪财经")
    put_article(conn, id=900, url="https://sina.example/b", source_id="sina", copy_of=896)
    put_article(conn, id=899, url="https://sina.example/a", source_id="sina", copy_of=896)
    conn.executemany(
        "INSERT INTO mentions VALUES (896, ?, ?, 'exchange', ?)",
        [("000001.XSHE", "平安银行", 1), ("600519.XSHG", "贵州茅台", 3)],
    )
    want(conn, 896, 899, 900)
    write_owed(conn, posts)
    values = front_matter((posts / PATH).read_text())
    assert values["also"] == ["https://sina.example/a", "https://sina.example/b"]
    assert values["securities"] == ["600519.XSHG", "000001.XSHE"]
    assert below(posts) == [PATH]


def test_revised_article_without_a_claim_says_when_the_change_was_seen(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_article(conn, revision=2)
    conn.execute(
        "INSERT INTO revisions VALUES (896, 2, '2021-12-11T08:00:00Z', 'edit', '', '', '', '')"
    )
    want(conn, 896)
    write_owed(conn, posts)
    assert "\nupdated: Sat, 11 Dec 2021 08:00:00 GMT\nrevision: 2\n" in (posts / PATH).read_text()


def test_html_body_has_the_form_of_the_sample(conn: sqlite3.Connection, posts: Path) -> None:
    configure(conn, body="html")
    put_article(conn, markdown="第一段 **重点**\n\n第二段")
    want(conn, 896)
    write_owed(conn, posts)
    assert (
        (posts / PATH)
        .read_text()
        .endswith(
            "\n---\n\n<div>   \n<p>第一段 <strong>重点</strong></p>\n<p>第二段</p>\n"
            "                  \n</div>\n            "
        )
    )


@pytest.mark.parametrize("body", ["markdown", "html"])
def test_hostile_html_is_text_in_either_form(
    conn: sqlite3.Connection, posts: Path, body: str
) -> None:
    configure(conn, body=body)
    put_article(conn, markdown="<script>alert(1)</script> [x](JavaScript:y) <b onclick=x>b</b>")
    want(conn, 896)
    write_owed(conn, posts)
    link = {"markdown": "[x](#JavaScript:y)", "html": "[x](JavaScript:y)"}[body]
    text = (posts / PATH).read_text()
    assert f"&lt;script>alert(1)&lt;/script> {link} &lt;b onclick" in text.replace("&gt;", ">")


@pytest.mark.parametrize(
    "link",
    [
        "[x](javascript:a)",
        "[x]( <VBScript:a>)",
        "[x](&#106;avascript:a)",
        "[x](javascript&colon;a)",
        "[x](javascript\\:a)",
        "[x](<java\tscript:a>)",
        "[x]: javascript:a",
        "<javascript:a>",
        "[x](data:text/html,a)",
    ],
)
def test_link_to_a_script_is_broken(link: str) -> None:
    assert len(markdown_body(link)) == len(link) + 2
    assert "#" in markdown_body(link).replace("&#", "")


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://a.example/javascript:a)",
        "![x](data:image/png;base64,AA==)",
        "Write `javascript:` in code, and javascript: in words.",
        "[note]: the footnote",
    ],
)
def test_ordinary_markdown_is_kept_as_stored(text: str) -> None:
    assert markdown_body(text) == text + "\n"


def test_html_sample_in_a_code_block_is_kept(conn: sqlite3.Connection, posts: Path) -> None:
    put_article(conn, markdown="```\n<div>{% x %}</div>\n```\n\n<https://a.example/> & 3 < 5")
    want(conn, 896)
    write_owed(conn, posts)
    assert (
        (posts / PATH)
        .read_text()
        .endswith("\n---\n\n```\n<div>{% x %}</div>\n```\n\n<https://a.example/> & 3 < 5\n")
    )


def test_blank_line_in_code_does_not_end_the_html(conn: sqlite3.Connection, posts: Path) -> None:
    configure(conn, body="html")
    put_article(conn, markdown="```\na\n\n# b\n```")
    want(conn, 896)
    write_owed(conn, posts)
    assert "<pre><code>a&#10;\n# b\n</code></pre>" in (posts / PATH).read_text()


# Its name


@pytest.mark.parametrize(
    ("title", "url", "slug"),
    [
        ("Fed holds rates", "https://a.example/x", "fed-holds-rates"),
        ("Ｆｅｄ café: 2.5%", "https://a.example/x", "fed-cafe-2-5"),
        ("央行降准", "https://a.example/2021/rrr-cut.shtml", "rrr-cut"),
        ("A股收盘", "https://a.example/2021/1234567.html?id=2", "1234567"),
        ("央行降准", "https://a.example/%E5%A4%AE%E8%A1%8C/", "article"),
        ("央行降准", "https://a.example/", "article"),
        ("央行", "https://a.example/..%2F..%2Fetc%2Fpasswd", "etc-passwd"),
        ("word " * 30, "https://a.example/", "word" + "-word" * 11),
        ("x" * 80, "https://a.example/", "x" * 60),
    ],
)
def test_slug_comes_of_the_title_else_of_the_address(title: str, url: str, slug: str) -> None:
    assert make_slug(title, url) == slug


@given(st.text(), st.text())
def test_slug_is_always_a_safe_file_name(title: str, segment: str) -> None:
    slug = make_slug(title, f"https://a.example/{segment}")
    assert 1 <= len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_path_stays_when_title_and_date_change(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    conn.execute("UPDATE articles SET title = 'New title', published = '2022-01-01T00:00:00Z'")
    want(conn, 896)
    write_owed(conn, posts)
    assert below(posts) == [PATH]
    assert "\ntitle: 'New title'\n" in (posts / PATH).read_text()


def test_path_is_noted_on_the_article(conn: sqlite3.Connection) -> None:
    want(conn, put_article(conn))
    assert conn.execute("SELECT markdown_path FROM articles").fetchone()[0] == PATH


# Orders


def test_order_carries_the_hash_of_the_file(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    expected = hashlib.sha256(SAMPLE_FILE.encode()).hexdigest()
    assert tuple(conn.execute("SELECT * FROM files").fetchone()) == (PATH, 896, expected, None)
    write_owed(conn, posts)
    assert tuple(conn.execute("SELECT * FROM files").fetchone()) == (PATH, 896, expected, expected)


def test_order_is_undone_with_the_transaction(conn: sqlite3.Connection) -> None:
    put_article(conn)
    conn.execute("BEGIN IMMEDIATE")
    want_file(conn, 896)
    conn.execute("ROLLBACK")
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0
    assert conn.execute("SELECT markdown_path FROM articles").fetchone()[0] is None


def test_copy_gets_no_file(conn: sqlite3.Connection) -> None:
    put_article(conn)
    put_article(conn, id=897, url="https://b.example/1", copy_of=896)
    want(conn, 897)
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0


def test_no_file_is_ordered_where_markdown_is_off(conn: sqlite3.Connection) -> None:
    configure(conn, markdown=False)
    want(conn, put_article(conn))
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0


def test_story_that_becomes_a_copy_loses_its_file_and_regains_it(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_article(conn, id=1, url="https://a.example/1")
    want(conn, put_article(conn))
    write_owed(conn, posts)
    conn.execute("UPDATE articles SET copy_of = 1 WHERE id = 896")
    want(conn, 896)
    assert write_owed(conn, posts).removed == 1
    assert below(posts) == []
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0
    conn.execute("UPDATE articles SET copy_of = NULL WHERE id = 896")
    want(conn, 896)
    write_owed(conn, posts)
    assert below(posts) == [PATH]


def test_file_of_a_deleted_article_is_removed(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    with transaction(conn):
        conn.execute("DELETE FROM articles WHERE id = 896")
        want_file(conn, 896)
    assert write_owed(conn, posts).removed == 1
    assert below(posts) == []


def test_order_for_a_file_that_was_never_written_is_dropped_with_its_article(
    conn: sqlite3.Connection, posts: Path
) -> None:
    want(conn, put_article(conn))
    conn.execute("DELETE FROM articles WHERE id = 896")
    want(conn, 896)
    write_owed(conn, posts)
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0


def test_settings_say_whether_they_changed(conn: sqlite3.Connection) -> None:
    assert configure(conn) is True
    assert configure(conn) is False
    assert configure(conn, body="html") is True


# Writing


def test_nothing_is_written_twice(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    assert write_owed(conn, posts).count == 0


def test_limit_bounds_a_pass_and_the_rest_stays_owed(conn: sqlite3.Connection, posts: Path) -> None:
    put_many(conn, range(1, 6))
    assert write_owed(conn, posts, limit=2).count == 2
    assert write_owed(conn, posts).count == 3


def test_one_article_can_be_written_before_the_others(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_many(conn, range(1, 4))
    assert write_owed(conn, posts, article_id=2).count == 1
    assert below(posts) == ["2021/12/2021-12-09-2-2.md"]


def test_more_orders_than_a_batch_are_all_written(conn: sqlite3.Connection, posts: Path) -> None:
    put_many(conn, range(1, 206))
    assert write_owed(conn, posts).count == 205
    assert len(below(posts)) == 205


def test_file_that_can_not_be_written_is_named_and_stops_no_other(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_many(conn, range(1, 4))
    blocked = posts / "2021/12/2021-12-09-2-2.md"
    blocked.mkdir(parents=True)
    written = write_owed(conn, posts)
    assert (written.count, written.failed) == (2, 1)
    assert written.problems == (
        f"{blocked}: Is a directory; the file stays owed until it can be written",
    )
    blocked.rmdir()
    assert write_owed(conn, posts).count == 1
    assert len(below(posts)) == 3  # and no temporary file


def test_temporary_file_of_a_killed_process_is_replaced(
    conn: sqlite3.Connection, posts: Path
) -> None:
    want(conn, put_article(conn))
    left = (posts / PATH).with_name(".2021-12-09-896-t20211209-4567.md.tmp")
    left.parent.mkdir(parents=True)
    left.write_text("half a fi")
    write_owed(conn, posts)
    assert below(posts) == [PATH]


def test_folder_that_is_a_link_leads_no_file_outside(
    conn: sqlite3.Connection, posts: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    posts.mkdir()
    (posts / "2021").symlink_to(outside)
    want(conn, put_article(conn))
    written = write_owed(conn, posts)
    assert written.failed == 1
    assert written.problems[0].startswith(f"{posts}/{PATH} would lie outside {posts}")
    assert below(outside) == []


@pytest.mark.parametrize(
    "name", ["../x.md", "/tmp/x.md", "2021/../../x.md", "a/.x.md", "x.txt", "a//x.md", "x\0.md"]
)
def test_hostile_path_in_the_database_is_refused(
    conn: sqlite3.Connection, posts: Path, name: str
) -> None:
    put_article(conn)
    conn.execute("INSERT INTO files VALUES (?, 896, 'x', NULL)", (name,))
    assert write_owed(conn, posts).failed == 1
    assert not posts.exists() or below(posts) == []


def test_hostile_path_is_not_removed_either(
    conn: sqlite3.Connection, posts: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.md").write_text("mine")
    conn.execute("INSERT INTO files VALUES ('../mine.md', 1, NULL, 'x')")
    assert write_owed(conn, posts).failed == 1
    assert (tmp_path / "mine.md").read_text() == "mine"


def test_link_at_the_place_of_a_file_is_replaced_not_followed(
    conn: sqlite3.Connection, posts: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.md").write_text("mine")
    (posts / PATH).parent.mkdir(parents=True)
    (posts / PATH).symlink_to(tmp_path / "mine.md")
    want(conn, put_article(conn))
    write_owed(conn, posts)
    assert (tmp_path / "mine.md").read_text() == "mine"
    assert (posts / PATH).read_text() == SAMPLE_FILE


@pytest.mark.parametrize("article_id", [None, 5])
def test_what_is_owed_is_found_by_an_index(
    conn: sqlite3.Connection, article_id: int | None
) -> None:
    from archive import files

    query = files._OWED if article_id is None else files._OWED_OF_ARTICLE
    values = {"after": "", "article_id": article_id, "batch": 9}
    plan = conn.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchone()["detail"]
    assert ("files_owed" if article_id is None else "files_article") in plan


# Rebuilding


def test_lost_and_changed_files_are_rebuilt_byte_for_byte(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_many(conn, range(1, 4))
    write_owed(conn, posts)
    before = {name: (posts / name).read_bytes() for name in below(posts)}
    lost, changed, _ = (posts / name for name in before)
    lost.unlink()
    changed.write_text("edited")
    rendered = render_all(conn, posts)
    assert (rendered.stories, rendered.written.count) == (3, 2)
    assert {name: (posts / name).read_bytes() for name in below(posts)} == before


def test_all_files_come_back_from_the_database_alone(
    conn: sqlite3.Connection, posts: Path, tmp_path: Path
) -> None:
    put_many(conn, range(1, 206))
    write_owed(conn, posts)
    elsewhere = tmp_path / "elsewhere"
    assert render_all(conn, elsewhere).written.count == 205
    assert below(elsewhere) == below(posts)
    assert all((elsewhere / n).read_bytes() == (posts / n).read_bytes() for n in below(posts))


def test_rebuilding_touches_nothing_of_the_users(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    (posts / "2021/12").mkdir(parents=True)
    (posts / "2021/12/my-own.md").write_text("mine")
    render_all(conn, posts)
    assert (posts / "2021/12/my-own.md").read_text() == "mine"
    assert below(posts) == [PATH, "2021/12/my-own.md"]


def test_rebuilding_applies_new_settings_once(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    configure(conn, body="html")
    assert render_all(conn, posts).written.count == 1
    assert "<div>   \n" in (posts / PATH).read_text()
    assert render_all(conn, posts).written.count == 0


def test_rebuilding_orders_files_for_stories_that_have_none(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_article(conn)
    assert render_all(conn, posts).written.count == 1
    assert (posts / PATH).read_text() == SAMPLE_FILE


def test_rebuilding_removes_the_file_of_a_vanished_article(
    conn: sqlite3.Connection, posts: Path
) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    conn.execute("DELETE FROM articles")
    assert render_all(conn, posts).written.removed == 1
    assert below(posts) == []
