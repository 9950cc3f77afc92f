"""A visit that listed items and announced none says why, to whoever asks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.web import NOW, XML, Item, Web, article, rss, sitemap_index, urlset

pytestmark = pytest.mark.slow

WARNING = (
    "<br />\n<b>Warning</b>:  Cannot modify header information in "
    "<b>/var/www/sitemap.php</b> on line <b>12</b><br />\n"
)


def said(desk: Desk) -> str | None:
    found = desk.one("SELECT remark FROM visits ORDER BY id DESC LIMIT 1")
    return None if found is None else str(found)


def one_line(text: str) -> str:
    return " ".join(text.split())


def without_links(count: int) -> str:
    rows = "".join(
        f"<item><title>Flash {n}</title><guid>flash-{n}</guid>"
        f"<description>The central bank said {n}.</description></item>"
        for n in range(count)
    )
    return f'<rss version="2.0"><channel><title>Flash</title>{rows}</channel></rss>'


# Case 24


def test_items_without_address_are_told_with_the_remedy(web: Web, desk: Desk) -> None:
    web.put("/feed.xml", without_links(4), XML)
    desk.configure(web.source("/feed.xml"))
    words = '4 listed, none announced: 4 without a usable address (set full_content = "feed")'
    assert words in one_line(desk.crawl())
    assert said(desk) == words
    assert words in one_line(desk.run("status"))
    assert words in one_line(desk.run("sources", "show", "s"))
    assert f"s: {words}" in desk.run("sources", "check", exit_code=3)
    (source,) = json.loads(desk.run("status", "--json"))["sources"]
    assert (source["status"], source["remark"]) == ("ok", words)


def test_the_remedy_helps_and_then_nothing_is_said(web: Web, desk: Desk) -> None:
    web.put("/feed.xml", without_links(4), XML)
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    desk.configure(web.source("/feed.xml", 'full_content = "feed"'))
    desk.crawl()
    assert (said(desk), desk.one("SELECT count(*) FROM articles")) == (None, 4)
    assert "announced" not in desk.run("status")


def test_what_was_odd_is_still_told_after_a_304(web: Web, desk: Desk) -> None:
    web.put("/feed.xml", without_links(2), XML)
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    web.refuse("/feed.xml", 304)
    assert "none announced" not in desk.crawl()
    assert "2 without a usable address" in one_line(desk.run("status"))


def test_a_304_for_what_was_never_read_is_a_failure(web: Web, desk: Desk) -> None:
    web.refuse("/feed.xml", 304)
    desk.configure(web.source("/feed.xml"))
    words = "s was not read: HTTP 304, though nothing was known of it"
    assert words in desk.crawl(exit_code=3)


def test_reasons_come_with_counts_the_commonest_first(web: Web, desk: Desk) -> None:
    old = [Item(url=web.url(f"/old/{n}"), age=timedelta(days=40)) for n in range(3)]
    more = [Item(url=web.url("/video/1")), Item(url=web.url("/video/2"))]
    listed = rss([*old, *more]).replace("</channel>", "<item><guid>x</guid></item></channel>")
    web.put("/feed.xml", listed, XML)
    desk.configure(web.source("/feed.xml", 'exclude = ["/video/"]'))
    desk.crawl()
    assert said(desk) == (
        "6 listed, none announced: 3 from before since, 2 left out by include or exclude,"
        ' 1 without a usable address (set full_content = "feed")'
    )


def test_items_without_a_usable_address_have_a_column_of_their_own(web: Web, desk: Desk) -> None:
    good = Item(url=web.put("/good", article(1)), title="Good")
    none = [Item(url="mailto:news@example.com"), Item(url=web.url(f"/{'long' * 1100}"))]
    web.put("/feed.xml", rss([good, *none]), XML)
    desk.configure(web.source("/feed.xml"))
    summary, _ = json.JSONDecoder().raw_decode(desk.run("crawl", "--json"))
    (source,) = summary["sources"]
    assert [source[key] for key in ("found", "new", "known", "unaddressed")] == [3, 1, 0, 2]


def test_an_ordinary_visit_says_nothing(web: Web, desk: Desk) -> None:
    items = [Item(url=web.put(f"/{n}", article(n))) for n in range(2)]
    items.append(Item(url=web.url("/old"), age=timedelta(days=40)))
    web.put("/feed.xml", rss(items), XML)
    desk.configure(web.source("/feed.xml"))
    for _ in range(2):
        desk.crawl()
        assert said(desk) is None
    assert "left out: 1 from before since" in desk.run("sources", "check")


def test_an_empty_news_sitemap_says_nothing(web: Web, desk: Desk) -> None:
    web.put("/sitemap.xml", urlset([]), XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    assert said(desk) is None


def test_items_that_came_under_new_addresses_are_told_once(web: Web, desk: Desk) -> None:
    def listed(folder: str) -> str:
        items = []
        for n in range(3):
            url = web.put(f"/{folder}/{n}", article(n))
            items.append(Item(url=url, guid=f"id-{n}", title=f"Story {n}"))
        return rss(items)

    web.put("/feed.xml", listed("a"), XML)
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    web.put("/feed.xml", listed("b"), XML)
    desk.crawl()
    assert said(desk) == "3 listed, none announced: 3 known already under another address"
    web.put("/feed.xml", listed("b"), XML)
    desk.crawl()
    assert said(desk) is None


def test_a_sitemap_index_is_judged_with_its_files(web: Web, desk: Desk) -> None:
    long_ago = NOW - timedelta(days=400)
    old = f"</loc><lastmod>{long_ago:%Y-%m-%d}</lastmod>"
    child = web.put("/new.xml", urlset([web.url("/1")]).replace("</loc>", old), XML)
    children = [(child, NOW), (web.url("/old.xml"), long_ago)]
    web.put("/sitemap.xml", sitemap_index(children), XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    words = "2 listed, none announced: 1 from before since, 1 of its files from before since"
    assert said(desk) == words
    desk.crawl()  # the file was read, and has not changed: no news
    assert said(desk) is None


def test_a_sitemap_index_that_leads_to_no_page_says_so(web: Web, desk: Desk) -> None:
    loop = [(web.url("/sitemap.xml"), NOW), (web.url("/nested.xml"), NOW)]
    web.put("/sitemap.xml", sitemap_index(loop), XML)
    web.put("/nested.xml", sitemap_index(loop), XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    assert web.paths() == ["/sitemap.xml", "/nested.xml"]
    one = "the one file of its sitemap index that this visit read holds no address"
    assert said(desk) == f"{one}: try another address"


def test_a_sitemap_index_that_lists_itself_alone_says_so(web: Web, desk: Desk) -> None:
    web.put("/sitemap.xml", sitemap_index([(web.url("/sitemap.xml"), NOW)]), XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    assert web.paths() == ["/sitemap.xml"]
    assert said(desk) == "1 listed, none announced: 1 the sitemap index itself"


# Case 25


def test_a_sitemap_behind_a_warning_is_read(web: Web, desk: Desk) -> None:
    listed = urlset([web.put(f"/story/{n}", article(n)) for n in range(2)])
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    web.put("/sitemap.xml", WARNING + head + listed, XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 2
    assert desk.one("SELECT kind FROM sources") == "sitemap"


@pytest.mark.parametrize(
    "before", ["Notice: Undefined index: id in /srv/s.php on line 3\n", "\n\n<!-- cache -->\nOK\n"]
)
def test_so_is_a_feed_behind_words(web: Web, desk: Desk, before: str) -> None:
    web.put("/feed.xml", before + rss([Item(url=web.put("/story", article(1)))]), "text/plain")
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 1


def test_an_index_with_bare_addresses_is_read(web: Web, desk: Desk) -> None:
    children = [
        web.put(f"/child-{n}.xml", urlset([web.put(f"/story/{n}", article(n))]), XML)
        for n in range(2)
    ]
    rows = "".join(f"<sitemap>{url}</sitemap>" for url in children)
    web.put("/sitemap.xml", f"<sitemapindex>{rows}</sitemapindex>", XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 2


def test_a_urlset_with_bare_addresses_is_read(web: Web, desk: Desk) -> None:
    url = web.put("/story", article(1))
    web.put("/sitemap.xml", f"<urlset><url>\n  {url}\n</url></urlset>", XML)
    desk.configure(web.source("/sitemap.xml"))
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 1


def test_a_sitemap_that_no_reader_understands_is_an_error(web: Web, desk: Desk) -> None:
    web.put("/sitemap.xml", f"<urlset><loc>{web.url('/1')}</loc></urlset>", XML)
    desk.configure(web.source("/sitemap.xml"))
    out = desk.crawl(exit_code=3)
    assert "not a readable sitemap: it has 1 <loc>, but no <url> or <sitemap>" in one_line(out)
