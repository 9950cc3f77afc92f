"""What a site may expect of us: robots.txt, delays, conditional requests, an honest name."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from tests.line.conftest import Desk, feed, paths
from tests.line.proxy import running_proxy
from tests.site.process import Site


def _shortest_two_s(gaps: list[float]) -> float:
    """The newsroom's clock is read after the request has travelled: where one came late on a busy
    machine, the gap before it is as much longer as the gap behind it is shorter. Two of them may be
    shorter than twice the delay by as much as the first of three requests came late."""
    return min(before + behind for before, behind in pairwise(gaps))


def _gaps_s(requests: list[dict]) -> list[float]:
    times = [float(request["monotonic"]) for request in requests]
    return [later - earlier for earlier, later in pairwise(times)]


def test_a_disallowed_page_is_forbidden_and_never_asked_for(site: Site, desk: Desk) -> None:
    site.post({"do": "robots", "host": "plain", "text": "User-agent: *\nDisallow: /bulk/1\n"})
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3"))
    desk.crawl()
    assert desk.rows("SELECT state, reason FROM entries WHERE url LIKE '%/bulk/1'") == [
        ("forbidden", "forbidden by robots.txt")
    ]
    assert "/bulk/1" not in paths(site.requests("plain"))
    assert desk.one("SELECT count(*) FROM articles") == 2


def test_a_host_whose_robots_txt_fails_is_left_alone_for_now(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "brokenrobots", "/bulk/feed.xml?n=3"))
    output = desk.crawl(exit_code=3)
    assert "robots.txt" in output
    assert set(paths(site.requests("brokenrobots"))) == {"/robots.txt"}


def test_six_sources_on_one_host_keep_its_delay(site: Site, desk: Desk) -> None:
    sources = [feed(site, "plain", f"/bulk/feed.xml?n=2&start={n * 10}", f"s{n}") for n in range(6)]
    desk.configure(*sources, delay=0.3)
    desk.crawl()
    assert desk.one("SELECT count(*) FROM articles") == 12
    gaps = _gaps_s(site.requests("plain"))
    assert len(gaps) == 18
    assert _shortest_two_s(gaps) >= 0.3  # never three requests within one delay
    assert sum(gaps) >= 17 * 0.3
    assert median(gaps) >= 0.28


def test_crawl_delay_is_kept(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "slow", "/bulk/feed.xml?n=2"))
    desk.crawl()
    gaps = _gaps_s(site.requests("slow"))
    assert len(gaps) == 3
    assert _shortest_two_s(gaps[1:]) >= 3.5  # robots.txt itself comes before it is known


def test_the_user_agent_names_the_contact(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"))
    desk.crawl()
    agents = {request["headers"]["user-agent"] for request in site.requests("plain")}
    assert agents == {"Broadsheet/0.1 (+test@example.org)"}


def test_every_request_goes_through_the_users_proxy(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=2"))
    with running_proxy() as proxy:
        text = desk.config.read_text()
        desk.config.write_text(text.replace("[crawl]", f'[crawl]\nproxy = "{proxy.url}"'))
        desk.crawl()
    asked = [url.removeprefix(site.base("plain")) for url in proxy.asked]
    assert sorted(asked) == ["/bulk/0", "/bulk/1", "/bulk/feed.xml?n=2", "/robots.txt"]


def test_a_private_address_is_refused_without_an_exemption(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=1"))
    desk.config.write_text(desk.config.read_text().replace('allow_networks = ["127.0.0.0/8"]', ""))
    output = desk.crawl(exit_code=3)
    assert "127.0.0.9" in output
    assert "not public" in output
    assert site.requests("plain") == []


def test_retry_after_is_kept_in_the_entry(site: Site, desk: Desk) -> None:
    desk.configure(feed(site, "plain", "/bulk/feed.xml?n=3"))
    site.post({"do": "fail", "host": "plain", "path": "/bulk/1", "statuses": [503]})
    desk.crawl()
    state, reason = desk.rows("SELECT state, reason FROM entries WHERE url LIKE '%/bulk/1'")[0]
    assert (state, reason) == ("owed", "HTTP 503")
