"""What opens a shortcode or a template tag in a site generator (row 16 of the case list)."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.files.bodies import html_body, markdown_body
from archive.files.frontmatter import Post, render

WHEN = datetime(2021, 12, 9, 14, 42, tzinfo=UTC)
ATTACKS = {
    "angle": '{{< readfile "/etc/passwd" >}}',
    "percent": '{{% include "/etc/passwd" %}}',
    "closing": "{{< /nothing >}}",
    "three": "{{{< x >}}}",
    "in code": "`{{< x >}}` and\n\n    {{% indented %}}",
    "fenced": "```\n{{< x >}}\n```",
    "in a link": '[a {{< x >}}](http://h.example/ "{{% y %}}")',
    "liquid": "{% include x %} and {{ site.secret }}",
}


@pytest.mark.parametrize(
    ("markdown", "body"),
    [
        ("See {{< x >}} there", "See {&#123;< x >}} there\n"),
        ("See {{% x %}} there", "See {&#123;% x %}} there\n"),
        ("{{{< x >}}}", "{{&#123;< x >}}}\n"),
        ("`{{< x >}}` and {{% y %}}", "`{\u2060{< x >}}` and {\u2060{% y %}}\n"),
        ("Set {{a, b}, {c}} and {{ x }}", "Set {{a, b}, {c}} and {{ x }}\n"),
    ],
)
def test_the_brackets_of_a_shortcode_are_parted(markdown: str, body: str) -> None:
    assert markdown_body(markdown) == body
    assert markdown_body(body) == body


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.parametrize("form", [markdown_body, html_body])
def test_no_file_opens_a_shortcode(attack: str, form: object) -> None:
    assert callable(form)
    assert not re.search(r"\{\{[<%]", form(attack))


def _post(title: str, body: str) -> str:
    return render(
        Post(
            title=title,
            categories=("金融", "The Ledger", "News"),
            image="https://h.example/{{< x >}}.jpg",
            author="{{% author %}}",
            date=WHEN,
            link="https://ledger.example/1",
            source="ledger",
            updated=WHEN,
            revision=1,
            lang="en",
            body=body,
        )
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(shutil.which("hugo") is None, reason="hugo is not installed")
def test_hugo_shows_them_as_they_were_written(tmp_path: Path) -> None:
    """The site is built, and a reader sees each attack as the page showed it."""
    (tmp_path / "hugo.toml").write_text('baseURL = "http://example.com"\n')
    (tmp_path / "config.toml").write_text('baseURL = "http://example.com"\n')
    layouts = tmp_path / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text("<h1>{{ .Title }}</h1>{{ .Content }}")
    posts = tmp_path / "content" / "posts"
    posts.mkdir(parents=True)
    for n, attack in enumerate(ATTACKS.values()):
        (posts / f"{n}.md").write_text(_post(f"Post {n} {attack}", markdown_body(attack)))
    done = subprocess.run(["hugo", "--quiet"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for n, attack in enumerate(ATTACKS.values()):
        page = (tmp_path / "public" / "posts" / str(n) / "index.html").read_text("utf-8")
        shown = html.unescape(re.sub(r"<[^<>]*>", "", page.partition("</h1>")[2]))
        for code in re.findall(r"\{\{[<%].*?[>%]\}\}", attack.partition("](")[0]):
            assert code in shown.replace("\u2060", "").replace("“", '"').replace("”", '"')
