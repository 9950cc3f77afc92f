"""One bad source beside good ones: theirs come as if it weren't there, and it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pytest

from crawler.text.long_names import LONGEST, without_blank_head, without_long_names
from tests.hostile.test_endings import chewed
from tests.line.conftest import Desk, feed
from tests.line.web import Item, Web, article, rss, running_web
from tests.site.process import Site

GOOD = ("ledger", "haichuan", "jinling", "taiping", "wire", "plain")
EACH = 10
PAIRS = 3
CHEWED = 4  # hosts, each with a page of 30 s
DELAY_S = 1.0  # what a site is asked by default: 6 hosts give 6 pages a second, not more


@contextmanager
def _hosts(count: int) -> Iterator[list[Web]]:
    with ExitStack() as opened:
        yield [opened.enter_context(running_web(f"127.0.1.{n}")) for n in range(1, count + 1)]


def _good(site: Site) -> list[str]:
    return [
        feed(site, host, f"/bulk/feed.xml?n={EACH}&start={100 * n}", host)
        for n, host in enumerate(GOOD)
    ]


def _last_good_s(site: Site) -> float:
    """Seconds from the first request to a good source until the last of its pages was asked for."""
    asked = [float(request["monotonic"]) for request in site.requests()]
    pages = [r for r in site.requests() if r["path"].removeprefix("/bulk/").isdigit()]
    assert len(pages) == EACH * len(GOOD)
    return max(float(page["monotonic"]) for page in pages) - min(asked)


def _crawl_with(site: Site, desk: Desk, bad: Sequence[str]) -> float:
    site.clear_log()
    desk.configure(*bad, *_good(site), delay=DELAY_S)
    process = desk.start("crawl")
    process.communicate(timeout=500)
    good = desk.one("SELECT count(*) FROM articles WHERE source_id NOT LIKE 'bad%'")
    assert good == EACH * len(GOOD)
    return _last_good_s(site)


def _least_ratio(
    site: Site, folders: pytest.TempPathFactory, bad: Sequence[str], *, most: float = 1.2
) -> Desk:
    """Measure good sources alone and beside bad ones, in pairs: what else the machine does, it may
    do during one of the two. Gives the desk of the pair in which it did least."""
    for _ in range(PAIRS):
        alone = _crawl_with(site, Desk(folder=folders.mktemp("alone")), [])
        beside = Desk(folder=folders.mktemp("beside"))
        ratio = _crawl_with(site, beside, bad) / alone
        print(f"alone {alone:.1f} s, beside bad sources {ratio:.2f} times that")
        if ratio <= most:
            return beside
    pytest.fail(f"good sources took over {most} times as long, {PAIRS} times")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_feeds_with_authors_of_80_kb_cost_the_others_nothing(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with _hosts(2) as webs:
        bad = [_with_long_authors(web, n) for n, web in enumerate(webs)]
        beside = _least_ratio(site, tmp_path_factory, bad)
    assert beside.one("SELECT count(*) FROM entries WHERE source_id LIKE 'bad%'") == 2 * 70
    remarks = beside.rows("SELECT remark FROM visits WHERE source_id LIKE 'bad%'")
    assert [row[0] for row in remarks] == [
        "70 names of persons left out, as they are longer than any is"
    ] * 2


def _with_long_authors(web: Web, number: int) -> str:
    """A feed of 6 MB whose authors have 80 KB."""
    items = "".join(
        f"<item><title>Item {n}</title><link>{web.url(f'/x/{n}')}</link>"
        f"<author>{'a' * 80_000}</author></item>"
        for n in range(70)
    )
    body = f'<rss version="2.0"><channel><title>Long</title>{items}</channel></rss>'
    web.put("/feed.xml", body, "text/xml")
    return web.source("/feed.xml", id=f"bad{number}", name=f"Bad {number}")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_source_whose_pages_are_chewed_costs_the_others_nothing(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with _hosts(CHEWED) as webs:
        links = [web.put("/page", chewed(n)) for n, web in enumerate(webs)]
        webs[0].put("/feed.xml", rss([Item(url=link) for link in links]), "text/xml")
        bad = [webs[0].source("/feed.xml", id="bad", name="Bad")]
        beside = _least_ratio(site, tmp_path_factory, bad)
    reasons = beside.rows("SELECT reason FROM entries WHERE source_id = 'bad'")
    assert len(reasons) == CHEWED
    assert {row[0] for row in reasons} <= {"timeout: extraction over 30 s", "new"}, (
        "they end, at last"
    )
    assert beside.one("SELECT status FROM sources WHERE id = 'bad'") == "slow"
    assert str(beside.one("SELECT status_reason FROM sources WHERE id = 'bad'")).startswith(
        "one of its documents or pages took"
    )
    assert str(beside.one("SELECT remark FROM visits WHERE source_id = 'bad'")).startswith("slow:")


def test_a_503_without_retry_after_puts_off_its_url_alone(web: Web, desk: Desk) -> None:
    links = [web.put(f"/page/{n}", article(n)) for n in range(6)]
    web.refuse("/page/0", 503)
    web.put("/good.xml", rss([Item(url=link) for link in links]), "text/xml")
    web.refuse("/busy.xml", 503)
    desk.configure(
        web.source("/busy.xml", id="busy", name="Daily"),
        web.source("/good.xml", id="good", name="Daily"),
    )
    desk.crawl(exit_code=3)
    assert desk.rows("SELECT state, reason, attempts FROM entries ORDER BY url LIMIT 2") == [
        ("owed", "HTTP 503", 1),
        ("archived", "new", 0),
    ]
    assert desk.one("SELECT count(*) FROM articles") == 5
    visits = "SELECT source_id, status, error FROM visits ORDER BY source_id"
    assert desk.rows(visits) == [("busy", 503, "HTTP 503"), ("good", 200, None)]


def test_a_host_on_hold_fails_no_visit(web: Web, desk: Desk) -> None:
    """Two of its feeds: one is told to wait, the other is not asked, and not blamed."""
    for path in ("/a.xml", "/b.xml"):
        web.refuse(path, 429, **{"Retry-After": "1800"})
    desk.configure(
        web.source("/a.xml", id="a", name="Daily"),
        web.source("/b.xml", id="b", name="Daily"),
        delay=0.5,
    )
    out = desk.crawl(exit_code=3)
    assert desk.rows("SELECT status FROM visits") == [(429,)]
    assert desk.rows("SELECT failures FROM sources ORDER BY failures") == [(0.0,), (0.5,)]
    assert "not visited: 127.0.0.1 asked to be left alone for another" in out
    assert len(web.paths()) == 1


def test_a_long_name_is_left_out_and_a_short_one_stays() -> None:
    long, short = "a" * (LONGEST + 1), "b" * LONGEST
    text = f"<author>{long}</author><dc:creator>{short}</dc:creator><title>{long}</title>"
    assert without_long_names(text) == (
        f"<author></author><dc:creator>{short}</dc:creator><title>{long}</title>",
        1,
    )


def test_an_author_of_elements_is_left_out_as_a_whole() -> None:
    text = f"<author><name>{'a' * 3000}</name></author><name>x</name>"
    assert without_long_names(text) == ("<author></author><name>x</name>", 1)


def test_what_is_never_closed_is_looked_for_once() -> None:
    text = "<author>" * 200_000
    assert without_long_names(text) == (text, 0)


def test_blanks_before_the_root_are_cut_short() -> None:
    assert without_blank_head(f"<?xml version='1.0'?>{' ' * 500}<rss>{' ' * 500}") == (
        f"<?xml version='1.0'?>\n<rss>{' ' * 500}"
    )
