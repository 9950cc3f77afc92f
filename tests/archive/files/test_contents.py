from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.files.bodies import markdown_body
from archive.files.orders import write_owed
from archive.files.posts import make_slug
from tests.archive.filing import PATH, SAMPLE_FILE, below, configure, front_matter, want
from tests.archive.stored import put_article, put_source

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
    put_article(conn, revision=2, version_seen="2021-12-11T08:00:00Z", version_kind="edit")
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
