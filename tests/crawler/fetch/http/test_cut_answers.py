"""Answers that end before the length they announced."""

from __future__ import annotations

import pytest
from scrapy.http import Response

from crawler.fetch.http.cut_answers import cut_digest, is_ended


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<html><body><p>one</p></body></html>", True),
        (b"<html><body></body></HTML >\r\n<!-- page made in 0.1 s -->\n", True),
        (b"<html></html><script>count('</html>')</script>", True),
        (b"<rss><channel></channel></rss>\n", True),
        (b"<html><body><p>one</p></body></htm", False),
        (b"<html><body><p>one</p>", False),
        (b"<p>the end tag is written </html> in this te", False),
        (b"", False),
    ],
)
def test_a_document_is_whole_when_its_root_is_ended(body: bytes, expected: bool) -> None:
    assert is_ended(body) is expected


def test_only_an_answer_that_was_cut_short_has_a_digest() -> None:
    whole = Response("http://h.example/", body=b"a")
    cut = Response("http://h.example/", body=b"a", flags=["dataloss"])
    longer = Response("http://h.example/", body=b"ab", flags=["dataloss"])
    assert cut_digest(whole) == ""
    assert cut_digest(cut) == cut_digest(cut.replace(url="http://h.example/1"))
    assert cut_digest(cut) != cut_digest(longer)
