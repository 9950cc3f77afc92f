"""A post of another archive keeps its bytes only where these can do no harm on a site."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.files.orders import write_owed
from archive.upkeep.merge.harmless_posts import is_harmless
from archive.upkeep.merge.merge import merge, opened
from archive.upkeep.merge.takedown import plan_takedown
from tests.archive.making import LONG, cell
from tests.archive.upkeep.merge.two import LATER, bring, fetch, folder_of

HEAD = "title: '央行“降准”落地'\ncategories: \n - 金融\n - 证券时报网\ncomments: false"


def post(body: str = "<p>Rates.</p>", head: str = HEAD) -> bytes:
    return f"\n---\n{head}\n---\n\n{body}\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        post(
            "<div>   \n<p>下调0.5个百分点。</p>\n\n<p>a < b & c</p>\n                  \n</div>\n"
        ),
        post('<a href="https://a.cn/1" target="_blank">x</a><img src="/i/1.png" alt="x">'),
        post("**Rates** fall, see [there](https://a.cn) and <https://b.cn/>.\n\n1 < 2"),
        post(head=f"{HEAD}\nheadimg: 'https://picsum.photos/400/300?random=896'\nalso: []"),
        post().replace(b"\n", b"\r\n"),
    ],
)
def test_text_and_plain_tags_are_harmless(content: bytes) -> None:
    assert is_harmless(content)


@pytest.mark.parametrize(
    "content",
    [
        b"---\n\n---\npermalink: /index.html\n---\nhello\n",
        b"--- \ntitle: a [x](javascript:alert(1))\n---\nhello\n",
        post(head="title: a [x](javascript:alert(1))"),
        post(head="categories:\n - a: !!js/function 'function(){}'"),
        post(head="categories:\n - - !!js/function 'function(){}'"),
        post("<script>steal()</script>"),
        post("<scr<p>ipt>steal()</scr</p>ipt>"),
        post("<p onclick=steal()>x</p>"),
        post('<p class="a" onclick="steal()">x</p>'),
        post('<img src="x" onerror="steal()">'),
        post('<img src="//evil.example/pixel.png">'),
        post('<a href="javascript:steal()">x</a>'),
        post('<a href="&#106;avascript:steal()">x</a>'),
        post('<iframe src="https://evil.example/"></iframe>'),
        post("<!-- <p> -->"),
        post("<div><https://onclick=steal()></div>"),
        post("[x](javascript:steal())"),
        post("[x](java&#115;cript:steal())"),
        post("{% include_code /etc/passwd %}"),
        post("{{ config.secret }}"),
        post(head=f"{HEAD}\npermalink: ../../index.html"),
        post(head=f"{HEAD}\nlayout: false"),
        post(head="title: !!js/function 'function(){}'"),
        post(head="title: <script>steal()</script>"),
        post(head=f"{HEAD}\nheadimg: x' onerror='steal()"),
        b"<p>no front matter</p>",
        b"---\ntitle: x\n---\n\xff",
    ],
)
def test_what_is_not_known_for_harmless_is_not(content: bytes) -> None:
    assert not is_harmless(content)


def import_there(theirs: sqlite3.Connection, content: bytes) -> None:
    fetch(theirs, "a", "降准", LONG)
    theirs.execute("UPDATE articles SET markdown_path = 'old/hello.md'")
    theirs.execute("INSERT INTO verbatim_posts VALUES (1, ?)", (content,))


def test_a_post_with_a_script_gets_a_file_that_is_made_of_its_text(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    import_there(theirs, post("<script>steal()</script>"))
    assert bring(ours, tmp_path / "theirs").remade == 1
    write_owed(ours, tmp_path / "md")
    written = (tmp_path / "md" / "old" / "hello.md").read_text("utf-8")
    assert "script" not in written
    assert LONG in written


def test_a_trusted_post_keeps_its_bytes(
    ours: sqlite3.Connection, theirs: sqlite3.Connection, tmp_path: Path
) -> None:
    content = post("<script>count()</script>")
    import_there(theirs, content)
    with opened(ours, tmp_path / "theirs") as pair:
        plan = plan_takedown(pair.ours, pair.theirs)
        merge(pair, folder_of(ours), plan, now=LATER, trust_posts=True)
    assert cell(ours, "SELECT content FROM verbatim_posts") == content
