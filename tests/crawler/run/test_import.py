"""`broadsheet import`: what was written elsewhere comes in, and out again byte for byte."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from archive.database.connect import connect
from tests.crawler.run.sample import Broadsheet

# The form of the user's earlier site: a blank line first, no link, a body of HTML in a <div>.
SAMPLE = """
---
title: '央行\u201c降准\u201d落地：释放资金约1.2万亿'
categories: 
 - 金融
 - 证券时报网
 - 要闻
headimg: 'https://picsum.photos/400/300?random=896'
author: 证券时报网
comments: false
date: Thu, 09 Dec 2021 14:42:00 GMT
thumbnail: 'https://picsum.photos/400/300?random=896'
---

<div>   
<p>中国人民银行周四宣布，下调金融机构存款准备金率0.5个百分点。</p>

<p>分析人士认为，此举有助于降低企业融资成本。</p>
                  
</div>
            """.encode()  # noqa: W291, W293


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    folder = tmp_path / "posts"
    (folder / "2021").mkdir(parents=True)
    (folder / "2021" / "央行.md").write_bytes(SAMPLE)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.md")}


def test_a_post_of_the_sample_s_form_comes_back_byte_for_byte(
    broadsheet: Broadsheet, posts: Path, data: Path
) -> None:
    result = broadsheet("import", str(posts))
    assert result.exit_code == 0, result.output
    assert files(data / "articles") == files(posts)


def test_it_is_an_article_that_is_found(broadsheet: Broadsheet, posts: Path) -> None:
    broadsheet("import", str(posts))
    (hit,) = json.loads(broadsheet("search", "融资成本", "--json").stdout)
    article = json.loads(broadsheet("show", str(hit["id"]), "--json").stdout)
    wanted = {
        "url": "post:证券时报网/2021/央行.md",
        "title": "央行\u201c降准\u201d落地：释放资金约1.2万亿",
        "source_name": "证券时报网",
        "published": "2021-12-09T14:42:00Z",
        "published_claimed": "Thu, 09 Dec 2021 14:42:00 GMT",
        "author": "",
        "image": "",
        "category": "金融",
        "section": "要闻",
        "language": "zh",
        "text": "中国人民银行周四宣布，下调金融机构存款准备金率0.5个百分点。\n\n"
        "分析人士认为，此举有助于降低企业融资成本。",
    }
    assert {key: article[key] for key in wanted} == wanted


def test_importing_again_adds_nothing(broadsheet: Broadsheet, posts: Path, data: Path) -> None:
    broadsheet("import", str(posts))
    result = broadsheet("import", str(posts))
    assert result.output.startswith("0 posts imported, 1 known already, 0 refused, 0 unreadable;")
    with closing(connect(data / "archive.db", readonly=True)) as conn:
        assert conn.execute("SELECT count(*) FROM articles").fetchone()[0] == 1


def test_our_own_files_come_back_byte_for_byte_in_another_archive(
    broadsheet: Broadsheet, archive: Path, data: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    result = broadsheet("import", str(data / "articles"), "--data", str(other))
    assert result.exit_code == 0, result.output
    assert files(other / "articles") == files(data / "articles")
    with closing(connect(other / "archive.db", readonly=True)) as conn:
        rows = conn.execute("SELECT id, url FROM sources JOIN (SELECT 1) ORDER BY id").fetchall()
        urls = conn.execute("SELECT url FROM articles ORDER BY url").fetchall()
    assert [row["id"] for row in rows] == ["ledger", "stcn"]
    assert [row["url"] for row in urls] == [
        "https://ledger.example/markets/yields",
        "https://news.stcn.example/a/1",
    ]


def test_what_is_no_post_is_named_and_the_others_come_in(
    broadsheet: Broadsheet, posts: Path
) -> None:
    (posts / "readme.md").write_text("# no front matter", encoding="utf-8")
    (posts / "bad.md").write_text("---\ntitle: [\n---\nx", encoding="utf-8")
    (posts / "undated.md").write_bytes(SAMPLE.replace(b"Thu, 09 Dec 2021 14:42:00 GMT", b"soon"))
    (posts / "gbk.md").write_bytes(SAMPLE.decode().encode("gb18030"))
    (posts / ".hidden.md").write_text("x", encoding="utf-8")
    result = broadsheet("import", str(posts))
    assert result.exit_code == 1
    lines = [line.removeprefix(f"{posts}/") for line in result.stderr.splitlines()]
    assert [line.partition(": ")[0] for line in lines] == [
        *("bad.md", "gbk.md", "readme.md", "undated.md"),
    ]
    assert lines[2] == "readme.md: no front matter between two lines of ---"
    assert lines[3] == "undated.md: no date: 'soon'"
    assert result.stdout.startswith("1 post imported, 0 known already, 0 refused, 4 unreadable;")
