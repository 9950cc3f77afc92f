from __future__ import annotations

import pytest

from archive.text.hosts import host_of, same_host, same_outlet_host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.Example.com:443/a", "news.example.com"),
        ("http://example.com:8080/", "example.com"),
        ("http://user:pw@example.com/", "example.com"),
        ("http://[::1]:81/", "::1"),
        ("http://[::1", ""),
        ("http://example.com:port/", "example.com"),
    ],
)
def test_the_host_is_lower_case_and_without_port(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("rss.stcn.com", "www.stcn.com", True),
        ("stcn.com", "www.stcn.com", True),
        ("a.com", "b.com", False),
        ("finance.sina.com.cn", "rss.sina.com.cn", True),
        ("a.com.cn", "b.com.cn", False),
        ("a.co.uk", "b.co.uk", False),
        ("127.0.0.1", "127.0.0.2", False),
        ("127.0.0.1", "127.0.0.1", True),
    ],
)
def test_hosts_of_one_site_are_told_from_those_of_two(one: str, other: str, same: bool) -> None:
    assert same_outlet_host(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.example.com/1", "http://m.example.com/2", True),
        ("https://example.com/1", "https://example.com:8443/2", True),
        ("https://news.example.com/1", "https://example.com/1", False),
        ("https://a.blog.example/1", "https://b.blog.example/1", False),
        ("no address", "nor this", False),
    ],
)
def test_one_host_but_for_www_and_its_mobile_form(one: str, other: str, same: bool) -> None:
    assert same_host(one, other) is same
