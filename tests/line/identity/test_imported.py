"""Posts of an earlier site that the outlet's own feed then announces: one article each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    Told,
    let_pass,
    make_due,
    needs_clock,
    posts,
    prose,
    put_feed,
    search,
    sentences,
    slow,
    story,
    titles,
    toml,
)
from tests.line.web import Web

WHEN = datetime(2021, 12, 9, 14, 42, tzinfo=UTC)
# The form of the sample: a space after `categories:`, no link, the outlet as author, HTML.
POST = """\
---
title: '{title}'
categories: 
 - 金融
 - {outlet}
 - 要闻
headimg: 'https://picsum.photos/400/300?random=896'
author: {outlet}
comments: false
date: {date}
thumbnail: 'https://picsum.photos/400/300?random=896'
---

<div>   
{body}

                  
</div>
            """  # noqa: W291, W293


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A story, as the post has it and as its page has it."""

    outlet: str
    lang: str
    kind: str
    post_title: str
    page_title: str
    missing: int = 0  # sentences of the page that the post doesn't have
    number: int = 190

    def write(self, desk: Desk, when: datetime = WHEN) -> bytes:
        """Write the post; what its file holds."""
        texts = sentences(self.lang, self.number)
        body = prose(texts[: len(texts) - self.missing], 2).replace("</p>", "<br></p>", 1)
        date = format_datetime(when, usegmt=True)
        text = POST.format(title=self.post_title, outlet=self.outlet, date=date, body=body)
        path = desk.folder / "posts" / "2021" / "896.md"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return path.read_bytes()

    def publish(self, web: Web, *more: str) -> str:
        """Put the page and its feed, both with what was added meanwhile; the page's address."""
        body = prose([*sentences(self.lang, self.number), *more])
        page = story(self.page_title, body, when=WHEN, lang=self.lang)
        link = web.put("/kx/t20211209_3960123.html", page)
        summary = " ".join(more)
        told = Told(title=self.page_title, link=link, guid=link, summary=summary, when=WHEN)
        put_feed(web, self.kind, told)
        return link


IMPORTED = {
    "equal": Imported(
        outlet="证券时报网",
        lang="zh",
        kind="rss",
        post_title="央行下调存款准备金率",
        page_title="央行下调存款准备金率",
    ),
    "quotes": Imported(
        outlet="证券时报网",
        lang="zh",
        kind="json",
        post_title="人工智能_国家队_再扩容：郑州入围",
        page_title="人工智能“国家队”再扩容：郑州入围",
        missing=1,
    ),
    "English": Imported(
        outlet="The Ledger",
        lang="en",
        kind="atom",
        post_title="Ostrava Steel shuts its oldest mill",
        page_title="Ostrava Steel shuts its oldest mill",
        missing=2,
    ),
}


def _import_and_crawl(web: Web, desk: Desk, case: Imported) -> None:
    case.publish(web)
    desk.configure(toml("own", web.url("/feed"), 'since = "all"', name=case.outlet))
    desk.run("import", str(desk.folder / "posts"))
    desk.crawl()


@pytest.mark.parametrize(
    "shape", ["equal", pytest.param("quotes", marks=slow), pytest.param("English", marks=slow)]
)
def test_a_post_and_its_page_are_one_article_at_the_pages_address(
    web: Web, desk: Desk, shape: str
) -> None:
    case = IMPORTED[shape]
    content = case.write(desk)
    _import_and_crawl(web, desk, case)
    link = web.url("/kx/t20211209_3960123.html")
    assert desk.rows("SELECT url FROM articles") == [(link,)]
    assert [path.read_bytes() for path in desk.files()] == [content]
    (hit,) = search(desk, "央行 OR 人工智能 OR Ostrava")
    assert hit["url"] == link


@pytest.mark.parametrize("shape", IMPORTED)
@needs_clock
@slow
def test_the_posts_file_changes_once_its_article_is_edited(
    web: Web, desk: Desk, shape: str
) -> None:
    case = IMPORTED[shape]
    content = case.write(desk)
    _import_and_crawl(web, desk, case)
    paths = desk.files()
    let_pass(desk, 2)
    desk.crawl()
    assert [path.read_bytes() for path in desk.files()] == [content]
    addition = (
        "公司随后更正了上述数字。" if case.lang == "zh" else "The firm later mended a figure."
    )
    link = case.publish(web, addition)
    let_pass(desk, 24)
    make_due(desk)
    desk.crawl()
    assert desk.files() == paths
    ((head, body),) = posts(desk)
    assert head["link"] == link
    assert head["title"] == case.page_title
    assert addition in body


@pytest.mark.parametrize("shape", IMPORTED)
@slow
def test_a_post_of_another_week_is_another_article(web: Web, desk: Desk, shape: str) -> None:
    """A weekly column has one title; its texts are others."""
    content = replace(IMPORTED[shape], number=191).write(desk, WHEN - timedelta(days=7))
    _import_and_crawl(web, desk, IMPORTED[shape])
    assert desk.rows("SELECT count(*) FROM articles") == [(2,)]
    assert content in [path.read_bytes() for path in desk.files()]
    assert len(titles(desk)) == len(desk.files())
