"""Which hub pushes a feed, by its headers and by itself."""

from __future__ import annotations

import pytest

from crawler.discover.link_header import header_links, named_hub

URL = "https://news.example/feed.xml"
HUB, TOPIC = "https://hub.example/", "https://news.example/topic"


def hub(*headers: str, hub: str = "", topic: str = "", home: str = URL) -> tuple[str, str]:
    return named_hub(headers, url=URL, hub=hub, topic=topic, home=home)


def test_a_header_names_hub_and_topic() -> None:
    assert hub(f'<{HUB}>; rel="hub", <{TOPIC}>; rel="self"') == (HUB, TOPIC)


def test_two_headers_count_like_one() -> None:
    assert hub(f"<{HUB}>; rel=hub", f"<{TOPIC}>; type=text/xml; rel=self") == (HUB, TOPIC)


def test_the_header_goes_before_the_document() -> None:
    header = f'<{HUB}>; rel="hub"'
    assert hub(header, hub="https://old.example/", topic=TOPIC) == (HUB, TOPIC)


def test_the_document_is_asked_where_no_header_names_a_hub() -> None:
    assert hub('<https://news.example/>; rel="alternate"', hub=HUB, topic=TOPIC) == (HUB, TOPIC)


def test_a_feed_without_self_is_known_by_its_own_address() -> None:
    assert hub('</hub>; rel="hub"') == ("https://news.example/hub", URL)


def test_a_feed_without_a_hub_names_none() -> None:
    assert hub(f'<{TOPIC}>; rel="self"') == ("", "")


def test_the_hub_of_a_feed_of_tls_is_asked_by_tls() -> None:
    assert hub(hub="http://hub.example/", topic=TOPIC) == (HUB, TOPIC)
    plain = hub(hub="http://hub.example/", topic=TOPIC, home="http://news.example/feed.xml")
    assert plain == ("http://hub.example/", TOPIC)


@pytest.mark.parametrize("address", ["https://hub.example/\ud800", f"https://h/{'x' * 2000}"])
def test_an_address_that_can_not_be_sent_or_kept_is_none(address: str) -> None:
    assert hub(hub=address, topic=TOPIC) == ("", "")
    assert hub(hub=HUB, topic=address) == ("", "")


@pytest.mark.parametrize("header", ["", "<", "<>", "hub", '<https://h/>; rel="', "<a>" * 9999])
def test_a_broken_header_names_nothing(header: str) -> None:
    assert header_links([header]) == []
