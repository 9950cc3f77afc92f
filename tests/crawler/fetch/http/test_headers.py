from __future__ import annotations

from scrapy.http import Request

from config.model import Source
from crawler.fetch.http.headers import HopHeaders


def _sent(url: str, *, source_url: str) -> bytes | None:
    source = Source(id="s", name="S", url=source_url, headers={"X-Api-Key": "secret"})
    request = Request(url, meta={"source": source})
    HopHeaders().process_request(request)
    return request.headers.get("X-Api-Key")


def test_a_secret_goes_to_the_sources_own_domain() -> None:
    assert _sent("https://www.example.com/1", source_url="https://example.com/feed") == b"secret"
    assert _sent("https://example.com.evil.net/", source_url="https://example.com/feed") is None


def test_a_secret_of_a_source_with_tls_is_never_sent_in_the_clear() -> None:
    assert _sent("http://example.com/1", source_url="https://example.com/feed") is None
    assert _sent("https://example.com/1", source_url="http://example.com/feed") == b"secret"
