from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.text.addresses import (
    absolute,
    canonical_url,
    host_of,
    item_url,
    registrable_domain,
    same_site,
    speaks_for,
)
from crawler.text.page_address import file_page

PIECES = [
    *(
        "http://",
        "https://",
        "www.google.com/amp/s/",
        "x.cdn.ampproject.org/c/s/",
        "a.com",
        "例子.cn",
    ),
    *("/", "..", ".", "%", "%2", "%2e", "%2E", "%73", "41", "index.html", "amp", ".amp", "?", "&"),
    *("amp;", "utm_source=1", "id=1", "#", "!", "guid=", ";jsessionid=1", "\ud800", "é", "[", "]"),
    *("::1", "@", ":", ":80", ":443", "\\", "0", "。", "ß"),
]
hostile = st.lists(st.sampled_from([*PIECES, " ", "\t", "\u3000", "\xa0", "\x00"]), max_size=14)


@given(
    st.one_of(hostile.map("".join), hostile.map(lambda p: "https://a.com/" + "".join(p)), st.text())
)
@example("http://www.google.com/amp/[")
@example("http://a.com/%%34%31")
@example("https://a.com/x/../amp/%73/b.com/index.html/amp/")
def test_the_canonical_form_of_a_canonical_form_is_itself(url):
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(hostile.map("".join), hostile.map("".join))
def test_no_address_makes_any_question_about_it_fail(a, b):
    assert isinstance(registrable_domain(a), str)
    assert isinstance(host_of(a), str)
    assert same_site(a, b) in (True, False)
    assert isinstance(absolute(a, b), str)
    assert isinstance(file_page((a, b), b).url, str)


@pytest.mark.parametrize(
    "twin",
    [
        "http://news.example.com/a/1",
        "https://news.example.com/a/1/",
        "HTTP://News.Example.COM:80/a/1",
        "https://news.example.com./a/1",
        "https://user:pass@news.example.com/a/1#comments",
        "https://news.example.com/a/./b/../1?utm_source=weibo&gclid=7",
        "https://news.example.com/a/1/index.html",
        "https://news.example.com/a/1?from=singlemessage&isappinstalled=0",
        "https://news.example.com/a/1/amp/",
        "https://news.example.com/a/1?amp=1",
        "https://www.google.com/amp/s/news.example.com/a/1/amp",
        "https://news-example-com.cdn.ampproject.org/c/s/news.example.com/a/1",
        "  https://news.example.com/a/\n1 ",
        "https://news.example.com/%61/1;jsessionid=AB12",
    ],
)
def test_twins_of_one_page_have_one_canonical_form(twin):
    assert canonical_url(twin) == "https://news.example.com/a/1"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://x.com/?p=5&id=7", "https://x.com/?p=5&id=7"),
        ("http://x.com/a?source=1234&from=usd", "https://x.com/a?source=1234&from=usd"),
        ("http://x.com/a?b=2&a=1&b=2", "https://x.com/a?b=2&a=1"),
        ("http://x.com/a?x=1&amp;y=2", "https://x.com/a?x=1&y=2"),
        ("http://x.com/q?k=%b8%df", "https://x.com/q?k=%B8%DF"),
        ("http://x.com/100%", "https://x.com/100%25"),
        ("http://x.com/新闻", "https://x.com/%E6%96%B0%E9%97%BB"),
        ("http://例子.中国/", "https://xn--fsqu00a.xn--fiqs8s/"),
        ("http://x.com/#!/story/9", "https://x.com/#!/story/9"),
    ],
)
def test_what_tells_articles_apart_is_kept(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/a", "http://localhost/a", "http://[::1]:8080/a", "http://x.com:8080/a"],
)
def test_a_host_that_may_not_speak_https_keeps_its_scheme(url):
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:void(0)",
        "mailto:a@b.com",
        "/a",
        "http://",
        "http://[",
        "http://x.com:99999/",
    ],
)
def test_what_is_no_web_address_has_no_canonical_form(url):
    assert canonical_url(url) == ""


def test_a_mobile_host_is_another_address_until_the_page_says_otherwise():
    assert canonical_url("http://m.example.com/1") == "https://m.example.com/1"


def test_an_item_without_a_page_keeps_its_own_address():
    url = item_url("http://x.com/flash.xml", "flash 1/%41")
    assert url == "https://x.com/flash.xml#guid=flash%201%2F%2541"
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("http://news.bbc.co.uk/1", "bbc.co.uk"),
        ("https://finance.sina.com.cn/", "sina.com.cn"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://localhost:8000/", "localhost"),
        ("https://alice.github.io/", "alice.github.io"),
    ],
)
def test_the_registrable_domain_follows_the_public_suffix_list(url, domain):
    assert registrable_domain(url) == domain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://feeds.bbc.co.uk/rss", "http://www.bbc.co.uk:8080/news"),
        ("https://münchen.de/1", "https://www.xn--mnchen-3ya.de/2"),
        ("https://例子.中国/", "https://a.xn--fsqu00a.xn--fiqs8s/"),
        ("http://127.0.0.1:80/", "http://127.0.0.1:81/"),
    ],
)
def test_addresses_of_one_registrable_domain_are_one_site(one, other):
    assert same_site(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.github.io/", "https://b.github.io/"),
        ("https://a.blogspot.com/", "https://b.blogspot.com/"),
        ("https://a.co.uk/", "https://b.co.uk/"),
        ("https://bank.com/", "https://bank.com@evil.com/"),
        ("https://bank.com/", "https://bank.com.evil.com/"),
        ("https://[::1]/", "https://[::2]/"),
        ("http://", "http://"),
        ("", ""),
    ],
)
def test_tenants_of_a_platform_and_look_alikes_are_two_sites(one, other):
    assert not same_site(one, other)


@given(hostile.map("".join), hostile.map("".join))
@example("https://a.com/", "https://www.A.com:81/")
def test_a_site_is_the_same_from_either_side(a, b):
    assert same_site(a, b) == same_site(b, a)
    assert same_site(a, a) == (registrable_domain(a) != "")


@pytest.mark.parametrize(
    ("home", "url"),
    [
        ("https://feeds.example.com/rss", "https://www.example.com/1"),
        ("https://example.com/rss", "https://m.example.com/1"),
        ("https://www.example.com/rss", "http://example.com:8080/1"),
        ("https://rss.sina.com.cn/all.xml", "https://finance.sina.com.cn/1"),
        ("https://www.bbc.co.uk/rss", "https://news.bbc.co.uk/1"),
        ("https://a.substack.com/feed", "https://a.substack.com/p/1"),
        ("https://a.github.io/feed", "https://www.a.github.io/1"),
        ("https://finance.example.com/rss", "https://m.finance.example.com/1"),
        ("https://www.a.example.com/rss", "https://money.a.example.com/1"),
        ("https://feeds.münchen.de/", "https://www.xn--mnchen-3ya.de/1"),
        ("http://127.0.0.1:80/feed", "http://127.0.0.1:81/1"),
    ],
)
def test_a_source_speaks_for_the_pages_of_its_own_hosts(home, url):
    assert speaks_for(home, url)


@pytest.mark.parametrize(
    ("home", "url"),
    [
        ("https://a.github.io/feed", "https://b.github.io/1"),
        ("https://a.blogspot.com/feed", "https://b.blogspot.com/1"),
        ("https://a.substack.com/feed", "https://b.substack.com/p/1"),
        ("https://a.medium.com/feed", "https://b.medium.com/1"),
        ("https://a.wordpress.com/feed", "https://b.wordpress.com/1"),
        ("https://a.tumblr.com/rss", "https://b.tumblr.com/1"),
        ("https://a.ghost.io/rss", "https://b.ghost.io/1"),
        ("https://github.io/feed", "https://a.github.io/1"),
        ("https://a.substack.com/feed", "https://substack.com/p/1"),
        ("https://a.substack.com/feed", "https://www.substack.com/p/1"),
        ("https://medium.com/feed/@a", "https://medium.com/@b/1"),
        ("https://medium.com/feed/@a", "https://medium.com/@a/1"),
        ("https://users.example.edu/~a/feed", "https://users.example.edu/~b/1"),
        ("https://feeds.bbci.co.uk/rss", "https://www.bbc.com/1"),
        ("https://rss.test/1", "https://wire.test/1"),
        ("http://127.0.0.1/", "http://127.0.0.2/"),
        ("", ""),
        ("/feed", "/1"),
    ],
)
def test_a_source_speaks_for_no_page_of_another(home, url):
    assert not speaks_for(home, url)


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("https://wsj.com/1", True),
        ("https://www.wsj.com/1", True),
        ("https://notwsj.com/1", False),
        ("https://wsj.com.evil.com/1", False),
    ],
)
def test_a_named_host_is_the_sources_own_with_those_below_it(url, is_own):
    assert speaks_for("https://feeds.a.dj.com/rss", url, ("wsj.com",)) is is_own


@given(hostile.map("".join), hostile.map("".join))
def test_who_speaks_for_a_page_without_being_named_is_of_its_site(a, b):
    assert not speaks_for(a, b) or same_site(a, b)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/a/1", "https://x.com/a/1"),
        ("2?p=1#top", "https://x.com/news/2?p=1#top"),
        ("/a/../b/./c", "https://x.com/b/c"),
        ("//cdn.x.com/i.png", "https://cdn.x.com/i.png"),
        (" https://y.com/\n1 ", "https://y.com/1"),
        ("HTTPS://Y.com/1", "https://Y.com/1"),
        ("//ann:secret@y.com/@b?to=c@d", "https://y.com/@b?to=c@d"),
        ("https://a..b/x", ""),
        (f"https://{'a' * 63}.com/x", f"https://{'a' * 63}.com/x"),
        (f"https://{'a' * 64}.com/x", ""),
        ("http://", ""),
        ("http://exa mple/x", ""),
        ("https://h:99999/x", ""),
        ("https://h:0/x", ""),
        ("http://[::1", ""),
        ("javascript:void(0)", ""),
        ("mailto:a@x.com", ""),
        ("", ""),
    ],
)
def test_a_link_is_resolved_unless_it_is_no_address(link, address):
    assert absolute("https://x.com/news/1", link) == address


@given(hostile.map(lambda p: "https://a.com/" + "".join(p)), hostile.map("".join))
@example("https://a.com/ ", "//")
@example("https://a.com/x", "/ ?")
def test_a_resolved_address_resolves_to_itself(base, link):
    once = absolute(base, link)
    assert absolute(base, once) == once


def test_two_loopback_hosts_are_two_sites():
    assert not same_site("http://127.0.0.1:80/", "http://127.0.0.2:80/")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("HTTPS://A.com:443/", "a.com"),
        ("http://a.com:8080/", "a.com"),
        ("http://[::1]/", "::1"),
        ("http://user:pw@a.com/", "a.com"),
        ("http://a.com:pw@evil.com/", "evil.com"),
        ("https://münchen.de/", "xn--mnchen-3ya.de"),
        ("https://a.com.", "a.com"),
        ("https://a..b/x", ""),
        ("/a", ""),
    ],
)
def test_a_host_has_one_form_without_port(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("http:\\\\h.com\\a", "http://h.com/a"),
        ("https:\\/h.com\\a\\b?c=\\d", "https://h.com/a/b?c=\\d"),
        ("\\a\\b#\\c", "http://x.com/a/b#\\c"),
        ("..\\b.html", "http://x.com/b.html"),
        ("\\\\h.com\\a", "http://h.com/a"),
        ("http://h.com\\@x.com/", "http://h.com/@x.com/"),
        ("http:////h.com/a", "http://h.com/a"),
        ("mailto:a\\b@h.com", ""),
    ],
)
def test_a_backslash_before_the_query_is_a_slash(link, expected):
    assert absolute("http://x.com/n/1.html", link) == expected


def test_an_address_with_backslashes_is_the_page_of_the_one_with_slashes():
    assert canonical_url("http:\\\\h.com\\a\\1.html") == "https://h.com/a/1.html"


def test_an_escaped_ampersand_without_a_parameter_leaves_nothing() -> None:
    """Found by tests/hostile/test_fuzz.py: the canonical form of the canonical form was another."""
    assert canonical_url("https://h.example/a?b=c&amp;") == "https://h.example/a?b=c"
