"""What the tests of the Markdown files share: orders, settings, and looking at the result."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import yaml

from archive.database.connect import transaction
from archive.files.orders import set_settings, want_file
from tests.archive.stored import put_article

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
