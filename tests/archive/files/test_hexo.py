"""Real Hexo reads our files: it drops a post it can't read, and still ends with exit code 0."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.files.bodies import html_body, markdown_body
from archive.files.frontmatter import Post, render, yaml_lines
from archive.files.posts import make_slug

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
]

PACKAGE = {
    "name": "hexo-site",
    "version": "0.0.0",
    "private": True,
    "hexo": {"version": ""},
    "dependencies": {
        "hexo": "8.1.2",
        "hexo-generator-index": "4.0.0",
        "hexo-generator-category": "2.0.0",
        "hexo-generator-tag": "2.0.0",
        "hexo-renderer-marked": "7.0.1",
        "hexo-renderer-ejs": "2.0.0",
    },
}
# No `timezone`: with one that differs from TZ, Hexo moves every date.
CONFIG = """\
title: t
url: http://example.com
permalink: :year/:month/:day/:title/
theme: probe
highlight: {enable: false}
syntax_highlighter: ''
index_generator: {per_page: 0}
"""
LAYOUTS = {
    "layout": "<%- body %>",
    "post": "<h1><%= page.title %></h1><div id=body><%- page.content %></div>",
    "index": (
        "<% page.posts.each(function(p){ %><!--POST<%- Buffer.from(JSON.stringify({"
        "source:p.source,title:p.title,date:p.date.toISOString(),path:p.path,"
        "updated:p.updated.toISOString(),link:p.link,author:p.author,headimg:p.headimg,"
        "content:p.content,categories:p.categories.map(c=>c.name)})).toString('base64')"
        " %>--><% }) %>"
    ),
}

TITLES = [
    "Fed: rates up",
    "[快讯] A股收盘",
    "@home",
    "> quoted",
    "`code`",
    "% of GDP",
    "* star",
    "| pipe",
    "! bang",
    "- dash",
    "? question",
    "# hash",
    "null",
    "&amp",
    "2021-12-09",
    "{{ x }}",
    "{% x %}",
    "It's \"over\" for 'them'",
    "tab\there and\nline end",
    "bell\x07 and nul\x00",
    "back\\slash \\n",
    "separator\u2028here",
    "---",
    "600519",
]
BODIES = [
    "{% x %}",
    "{{ x }} and {# x #}",
    "a `{% x %}` and #} too",
    "a{#b{..}}",
    '```\n{"a": {%22}}}\n```',
    "---\ntitle: forged\n---\n",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "Text\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "a\r\nb\x00c",
]
CATEGORIES = [
    ("金融", "证券时报网", "要闻"),
    ("no", "600519", "2021-12-10"),
    ("Fed: up", "# hash", "a, b"),
    ("{{ x }}", "'quoted'", "- dash"),
]
# What YAML 1.1 and js-yaml read differently, or as something else, when it is not quoted.
AUTHORS = [
    *["0o17", "0x1F", "1e3", "12:30:45", "1_000", ".5", "+1", ".inf", ".NaN", "NaN", "Infinity"],
    *["y", "No", "NULL", "~", "=", "<<", "2021-12-09T14:42:00Z", "a: b", "a:b", "a #b", "a#b"],
    *[
        "36氪",
        "Reuters, Inc.",
        "[x]",
        "x]",
        "-x",
        "...",
        "《财经》",
        "O'Neil",
        "\U0001f4c8 Markets",
    ],
]


def posts() -> list[Post]:
    """Every title with every body, categories in turn; one post a minute."""
    start = datetime(2021, 12, 9, 14, 42, tzinfo=UTC)
    pairs = [(title, body) for title in TITLES for body in BODIES]
    return [
        Post(
            title=title,
            categories=CATEGORIES[n % len(CATEGORIES)],
            image=f"https://img.example/{n}.jpg",
            author=AUTHORS[n % len(AUTHORS)],
            date=start + timedelta(minutes=n),
            link=f"https://news.example/{n}",
            source="news-example",
            updated=start + timedelta(minutes=n + 1),
            revision=1,
            lang="zh",
            body=(html_body if n % 3 == 0 else markdown_body)(body),
        )
        for n, (title, body) in enumerate(pairs)
    ]


def write_site(site: Path, written: list[Post]) -> None:
    layout = site / "themes" / "probe" / "layout"
    layout.mkdir(parents=True)
    (site / "_config.yml").write_text(CONFIG)
    for name, template in LAYOUTS.items():
        (layout / f"{name}.ejs").write_text(template)
    for n, post in enumerate(written):
        slug = make_slug(post.title, post.link)
        path = site / "source" / "_posts" / f"{post.date:%Y/%m/%Y-%m-%d}-{n}-{slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render(post).encode())


def install_hexo(cache: Path) -> Path:
    """Install Hexo once, and use it again in later runs."""
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (cache / "package.json").write_text(json.dumps(PACKAGE))
        if not (cache / "node_modules" / "hexo" / "package.json").exists():
            command = ["npm", "install", "--no-audit", "--no-fund", "--silent"]
            done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=400)
            if done.returncode:
                pytest.skip(f"npm can't install Hexo: {done.stderr[-300:]}")
    return cache / "node_modules"


def generate(site: Path, modules: Path) -> str:
    (site / "package.json").write_text(json.dumps(PACKAGE))
    (site / "node_modules").symlink_to(modules)
    done = subprocess.run(
        [str(modules / ".bin" / "hexo"), "generate"],
        cwd=site,
        env={**os.environ, "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    log = done.stdout + done.stderr
    assert done.returncode == 0, log
    assert not re.search(r"ERROR|FATAL|YAMLException", log), log
    return (site / "public" / "index.html").read_text()


def test_every_hostile_post_survives_hexo_and_gives_back_its_row(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    written = posts()
    write_site(tmp_path, written)
    index = generate(tmp_path, install_hexo(pytestconfig.cache.mkdir("hexo")))
    found = [json.loads(base64.b64decode(x)) for x in re.findall(r"<!--POST([\w+/=]+)-->", index)]

    assert len(found) == 240
    assert len({post["path"] for post in found}) == 240
    by_link = {post["link"]: post for post in found}
    for post in written:
        got = by_link[post.link]
        assert [got["title"]] == yaml_lines([post.title])
        assert got["categories"] == list(post.categories)
        assert got["author"] == post.author
        assert got["headimg"] == post.image
        assert got["date"] == f"{post.date:%Y-%m-%dT%H:%M:%S}.000Z"
        assert got["updated"] == f"{post.updated:%Y-%m-%dT%H:%M:%S}.000Z"
        assert "<script" not in got["content"]
        assert 'href="javascript:' not in got["content"]
