"""The newsroom keeps its promises: tests of the crawler rest on them."""

from __future__ import annotations

import gzip
import http.client
import json
import resource
import socket
import tomllib
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from config.model import Config
from tests.site.demo import demo_config
from tests.site.process import Site, running_site

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
STEEL = "/item/104014"
HOG = "/2026/1119/101021.shtml"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One newsroom for all tests that change nothing in it."""
    with running_site(now=NOW) as running:
        yield running


@pytest.fixture
def own_site() -> Iterator[Site]:
    with running_site(now=NOW) as running:
        yield running


def story(site: Site, slug: str) -> dict:
    return next(entry for entry in site.expected() if entry.get("slug") == slug)


def test_it_starts_with_a_second_of_work() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with running_site():
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0


def test_each_outlet_has_an_address_of_its_own_on_one_port(site: Site) -> None:
    assert list(site.hosts.values())[:6] == [f"127.0.0.{n}" for n in range(1, 7)]
    assert {site.get(host, "/robots.txt").status for host in site.hosts} == {200, 404, 503}


def test_every_public_story_answers_at_its_address_with_its_own_words(site: Site) -> None:
    for entry in site.expected():
        if not entry.get("public"):
            continue
        answer = site.get(
            entry["host"], urlsplit(entry["url"])._replace(scheme="", netloc="").geturl()
        )
        assert answer.status == 200, entry["slug"]


def test_stories_are_dated_back_from_the_start_on_the_outlets_own_clock(site: Site) -> None:
    assert story(site, "hog-price")["published"] == "2026-11-19T13:00:00+08:00"
    assert story(site, "quillon-accounts")["published"] == "2026-11-16T02:00:00-05:00"


def test_all_stories_lie_within_the_last_twenty_days(site: Site) -> None:
    ages = [
        NOW - datetime.fromisoformat(entry["published"])
        for entry in site.expected()
        if "slug" in entry
    ]
    assert max(ages).days < 20
    assert len(ages) >= 60


def test_expectations_come_from_the_story_files(site: Site) -> None:
    entry = story(site, "steel-tariff")
    assert entry["title"] == "Ostrava Steel cuts 900 jobs, blames tariffs"
    assert entry["authors"] == ["Katya Brunner"]
    assert entry["last"] == "Unions called for a day of protest."
    assert entry["paragraphs"] == 4
    assert entry["announced_by"] == ["127.0.0.5/atom.xml", "127.0.0.5/feed.json"]


def test_chinese_expectations_end_with_the_last_sentence(site: Site) -> None:
    assert (
        story(site, "auto-export")["last"] == "展望全年，多数机构预计汽车出口总量将在680万辆左右。"
    )


@pytest.mark.parametrize(
    ("host", "path", "opening"),
    [
        ("ledger", "/feeds/rss.xml", b'<rss version="2.0"'),
        ("haichuan", "/rss/091.xml", b'<rss version="0.91"'),
        ("taiping", "/rss/rdf.xml", b"<rdf:RDF"),
        ("wire", "/atom.xml", b"<feed xmlns="),
        ("wire", "/feed.json", b"https://jsonfeed.org/version/1.1"),
        ("ledger", "/sitemap.xml", b"<sitemapindex"),
        ("ledger", "/sitemaps/news.xml", b"<news:publication_date>"),
        ("magazine", "/sitemap.xml", b"<urlset"),
        ("taiping", "/api/latest.js", b"/**/renderLatest({"),
        ("haichuan", "/channel/2/", b'<a class="next"'),
        ("ledger", "/section/companies", b'<a rel="next"'),
    ],
)
def test_every_kind_of_channel_is_served(site: Site, host: str, path: str, opening: bytes) -> None:
    assert opening in site.get(host, path).body


def test_a_feed_declares_gb2312_and_holds_a_character_of_gb18030(site: Site) -> None:
    body = site.get("jinling", "/rss/gb2312.xml").body
    assert body.startswith(b'<?xml version="1.0" encoding="gb2312"?>')
    assert "昊㬎投资" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")


def test_a_feed_declares_utf8_and_is_gbk(site: Site) -> None:
    body = site.get("jinling", "/rss/utf8-but-gbk.xml").body
    assert b'encoding="utf-8"' in body
    assert "金陵证券报" in body.decode("gb18030")


def test_the_old_feed_has_a_bare_ampersand(site: Site) -> None:
    assert "要闻 & 公司".encode() in site.get("haichuan", "/rss/091.xml").body


def test_pages_of_the_big5_outlet_are_big5(site: Site) -> None:
    body = site.get("taiping", "/news/story.php?id=103007").body
    assert "晶岳第四季營收展望" in body.decode("big5")


def test_the_gzipped_sitemap_is_gzip_by_its_own_bytes(site: Site) -> None:
    body = site.get("ledger", "/sitemaps/archive-1.xml.gz").body
    assert b"/economy/quotes-title" in gzip.decompress(body)


def test_feed_links_carry_tracking_parameters(site: Site) -> None:
    assert (
        b"fed-up-investors?utm_source=rss&amp;utm_medium"
        in site.get("ledger", "/feeds/rss.xml").body
    )


@pytest.mark.parametrize("path", ["/atom.xml", STEEL, "/robots.txt", "/bulk/1"])
def test_a_known_etag_is_answered_by_304(site: Site, path: str) -> None:
    etag = site.get("wire", path).headers["ETag"]
    again = site.get("wire", path, {"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")


def test_a_known_date_is_answered_by_304(site: Site) -> None:
    modified = site.get("wire", STEEL).headers["Last-Modified"]
    assert site.get("wire", STEEL, {"If-Modified-Since": modified}).status == 304


@pytest.mark.parametrize(
    ("host", "path", "coding"),
    [("wire", STEEL, "gzip"), ("magazine", "/essay/gold-street.html", "deflate")],
)
def test_pages_are_packed_for_who_accepts_it(site: Site, host: str, path: str, coding: str) -> None:
    plain = site.get(host, path).body
    packed = site.get(host, path, {"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert zlib.decompress(packed.body, wbits=47) == plain


def test_head_tells_the_length_and_sends_no_body(site: Site) -> None:
    length = len(site.get("haichuan", HOG).body)
    head = site.head("haichuan", HOG)
    assert (head.headers["Content-Length"], head.body) == (str(length), b"")


def test_a_connection_is_kept_alive(site: Site) -> None:
    connection = http.client.HTTPConnection(site.hosts["wire"], site.port, timeout=60)
    for _ in range(3):
        connection.request("GET", STEEL)
        assert connection.getresponse().read()
    connection.close()


@pytest.mark.parametrize(
    ("host", "path", "status", "target"),
    [
        ("wire", f"/old{STEEL}", 301, f"wire {STEEL}"),
        ("wire", f"/moved{STEEL}", 302, f"wire {STEEL}"),
        ("plain", "/go/steel-tariff", 302, f"wire {STEEL}"),
        ("jinling", "/d/102042", 302, "jinling /gsxw/202611/t20261117_102042.html"),
    ],
)
def test_other_addresses_lead_to_the_story(
    site: Site, host: str, path: str, status: int, target: str
) -> None:
    answer = site.get(host, path)
    assert answer.status == status
    assert answer.headers["Location"] == site.url(*target.split())


@pytest.mark.parametrize(
    "path", [f"{STEEL}/", f"/amp{STEEL}", f"/m{STEEL}", f"{STEEL}?utm_source=x"]
)
def test_twins_and_variants_name_their_canonical_address(site: Site, path: str) -> None:
    link = f'<link rel="canonical" href="{site.url("wire", STEEL)}">'
    assert link.encode() in site.get("wire", path).body


def test_a_long_essay_goes_on_at_its_second_part(site: Site) -> None:
    first = site.get("magazine", "/essay/county-factory.html").body.decode()
    second = site.get("magazine", "/essay/county-factory_2.html").body.decode()
    assert '<a class="next" href="/essay/county-factory_2.html">下一页</a>' in first
    assert "转型的代价" not in first
    assert "转型的代价" in second


def test_a_copy_at_another_outlet_has_another_headline(site: Site) -> None:
    original, copy = story(site, "huali-funding"), story(site, "chip-fund-copy")
    assert original["body"] == copy["body"]
    assert original["title"] != copy["title"]


def test_announced_addresses_that_are_no_stories_state_their_end(site: Site) -> None:
    ends = {entry["path"]: entry["state"] for entry in site.expected() if "slug" not in entry}
    assert ends["/documents/rate-statement.pdf"] == "rejected: not HTML"
    assert ends["/private/internal-bulletin.shtml"] == "forbidden: robots.txt"
    assert site.get("ledger", "/gone/withdrawn-by-legal").status == 410
    assert site.get("wire", "/legal/blocked").status == 451


def test_bulk_articles_differ_and_their_feed_announces_as_many_as_asked(site: Site) -> None:
    feed = site.get("plain", "/bulk/feed.xml?n=300&delay=0").body
    pages = {site.get("plain", f"/bulk/{number}").body for number in range(20)}
    assert feed.count(b"<item>") == 300
    assert len(pages) == 20


def test_the_demo_config_is_valid_and_has_every_kind(site: Site) -> None:
    config = Config.model_validate(tomllib.loads(demo_config(site, consent_wall=True)))
    assert len(config.source) == 14
    assert {source.kind for source in config.source} == {"feed", "sitemap", "listing", "json", None}


def test_an_edit_changes_page_and_etag(own_site: Site) -> None:
    before = own_site.get("wire", STEEL)
    own_site.post({"do": "edit", "story": "steel-tariff", "replace": [["900 jobs", "950 jobs"]]})
    after = own_site.get("wire", STEEL, {"If-None-Match": before.headers["ETag"]})
    assert after.status == 200
    assert b"cut 950 jobs" in after.body


def test_a_withdrawn_story_is_gone_until_restored(own_site: Site) -> None:
    own_site.post({"do": "withdraw", "story": "steel-tariff"})
    assert own_site.get("wire", STEEL).status == 410
    assert STEEL.encode() not in own_site.get("wire", "/atom.xml").body
    own_site.post({"do": "restore", "story": "steel-tariff"})
    assert own_site.get("wire", STEEL).status == 200


def test_planned_faults_come_in_order_and_end(own_site: Site) -> None:
    own_site.post({"do": "fail", "host": "wire", "path": STEEL, "statuses": [503, 404]})
    assert [own_site.get("wire", STEEL).status for _ in range(3)] == [503, 404, 200]


def test_an_embargoed_story_appears_when_the_clock_passes(own_site: Site) -> None:
    path = "/companies/embargoed-results"
    before = own_site.get("ledger", path).status
    own_site.post({"do": "advance", "by": "3h"})
    assert (before, own_site.get("ledger", path).status) == (404, 200)
    assert b"embargoed-results" in own_site.get("ledger", "/feeds/rss.xml").body


def test_robots_can_be_changed_while_it_runs(own_site: Site) -> None:
    own_site.post({"do": "robots", "host": "wire", "text": "User-agent: *\nCrawl-delay: 60\n"})
    assert own_site.get("wire", "/robots.txt").body == b"User-agent: *\nCrawl-delay: 60\n"


def test_a_delay_holds_back_the_whole_host_until_it_is_lifted(own_site: Site) -> None:
    delay = {"do": "delay", "host": "plain", "path": "*"}
    own_site.post({**delay, "seconds": 600})
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(own_site.get, "plain", "/bulk/1")
        while not own_site.requests("plain"):
            assert not asked.done()
        own_site.post({**delay, "seconds": 0})
        assert asked.result(60).status == 200


def test_an_unknown_command_is_refused_in_words(own_site: Site) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        own_site.post({"do": "nonsense"})


def test_the_log_tells_host_path_status_and_headers(own_site: Site) -> None:
    own_site.get("wire", STEEL, {"User-Agent": "Test/1"})
    [entry] = own_site.requests("wire", "/item/")
    assert (entry["host"], entry["path"], entry["status"]) == ("127.0.0.5", STEEL, 200)
    assert entry["headers"]["user-agent"] == "Test/1"


def test_it_survives_clients_that_break_off_and_talk_nonsense(own_site: Site) -> None:
    address = (own_site.hosts["plain"], own_site.port)
    for words in (
        b"\x16\x03\x01\x00",
        b"GET / HTTP/1.1\r\nHost",
        b"GET /odd/huge?mb=5 HTTP/1.0\r\n\r\n",
    ):
        with socket.create_connection(address, timeout=60) as client:
            client.sendall(words)
    assert own_site.get("plain", "/bulk/1").status == 200


def test_a_page_that_fails_once_then_works(own_site: Site) -> None:
    statuses = [own_site.get("plain", "/odd/once/a?status=404").status for _ in range(2)]
    assert statuses == [404, 200]


def test_a_cut_off_page_ends_before_its_promised_length(site: Site) -> None:
    with pytest.raises(http.client.IncompleteRead):
        site.get("plain", "/odd/cut")


def test_a_broken_chunk_can_not_be_read(site: Site) -> None:
    with pytest.raises(http.client.IncompleteRead):
        site.get("plain", "/odd/broken-chunk")


def test_a_page_in_good_chunks_can_be_read(site: Site) -> None:
    assert site.get("plain", "/odd/chunked").body.endswith(b"</article></body></html>")


def test_a_gzip_bomb_is_small_on_the_wire_and_large_unpacked(site: Site) -> None:
    body = site.get("plain", "/odd/bomb?mb=20").body
    assert len(body) < 50_000
    assert len(gzip.decompress(body)) > 20 << 20


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("loop", "/odd/redirect/loop"),
        ("private", "http://10.0.0.1/article"),
        ("file", "file:///etc/passwd"),
        ("chain?n=3", "/odd/redirect/chain?n=2"),
    ],
)
def test_redirects_lead_where_they_should_not(site: Site, name: str, location: str) -> None:
    assert site.get("plain", f"/odd/redirect/{name}").headers["Location"] == location


def test_retry_after_comes_in_seconds_and_as_a_date(site: Site) -> None:
    assert site.get("plain", "/odd/status/429?after=7").headers["Retry-After"] == "7"
    assert site.get("plain", "/odd/status/503?until=60").headers["Retry-After"].endswith("GMT")


def test_an_endless_page_goes_on_until_the_client_leaves(site: Site) -> None:
    connection = http.client.HTTPConnection(site.hosts["plain"], site.port, timeout=60)
    connection.request("GET", "/odd/endless")
    response = connection.getresponse()
    assert len(response.read(1_000_000)) == 1_000_000
    response.close()
    connection.close()


def test_hostile_titles_are_announced_and_served(site: Site) -> None:
    feed = site.get("plain", "/odd/feed/titles").body.decode()
    assert "<title>Fed: up</title>" in feed
    assert "<h1>{% raw %} and {{ site.title }}" in site.get("plain", "/odd/title/1").body.decode()


def test_the_epoch_endpoint_gives_milliseconds_and_numbers(site: Site) -> None:
    listed = json.loads(site.get("jinling", "/api/list.json").body)["data"]["list"]
    robot = next(row for row in listed if row["docId"] == 102042)
    assert robot["ctime"] == 1_794_888_000_000


def test_the_mobile_page_of_a_gbk_outlet_declares_its_own_encoding(site: Site) -> None:
    body = site.get("jinling", "/m/gsxw/202611/t20261117_102042.html").body
    assert b'<meta charset="gbk">' in body
    assert "拓衡机器人" in body.decode("gbk")


def test_of_two_equal_texts_in_one_outlet_either_may_be_the_copy(site: Site) -> None:
    assert story(site, "huali-funding")["state"] == "archived or copy"
    assert story(site, "huali-double")["repeats"] == "huali-funding"


def test_it_serves_many_readers_at_once(site: Site) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: site.get("plain", f"/bulk/{n}"), range(400)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 400
