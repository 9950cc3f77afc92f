"""Headers of WARC records that have no end (row 21 of the case list)."""

from __future__ import annotations

import gzip
import io
import tracemalloc

import pytest

from crawler.discover.warc import WarcPage, WarcProblem, read_pages

HTML = b"<!DOCTYPE html><html><title>Good</title></html>"


def _record(body: bytes = HTML, *, head: bytes = b"", http: bytes = b"") -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + http + b"\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://h.example/1\r\n"
        b"WARC-Date: 2026-11-23T08:00:00Z\r\nContent-Type: application/http;msgtype=response\r\n"
        b"Content-Length: " + str(len(answer)).encode() + b"\r\n" + head + b"\r\n" + answer
    ) + b"\r\n\r\n"


MANY = b"".join(b"X-%d: y\r\n" % n for n in range(20_000))
LONG = b"X-Long: " + b"y" * 5_000_000 + b"\r\n"
FOLDED = b"X-Folded: y\r\n" + b" and y\r\n" * 20_000


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        ({"head": LONG}, "a header line of more than 64 KB"),
        ({"http": LONG}, "a header line of more than 64 KB"),
        ({"head": MANY}, "more than 2,000 header lines"),
        ({"http": MANY}, "more than 2,000 header lines"),
        ({"head": FOLDED}, "more than 2,000 header lines"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_headers_without_end_are_named_and_the_next_record_is_read(
    attack: dict[str, bytes], named: str, packed: bool
) -> None:
    records = [_record(**attack), _record()]
    file = b"".join(gzip.compress(record) if packed else record for record in records)
    bad, good = read_pages(io.BytesIO(file))
    assert isinstance(bad, WarcProblem)
    assert bad.detail == named
    assert isinstance(good, WarcPage)
    assert good.body == HTML


def test_a_line_of_50_mb_takes_no_memory() -> None:
    file = io.BytesIO(gzip.compress(_record(head=LONG * 10), 1) + gzip.compress(_record()))
    tracemalloc.start()
    try:
        found = list(read_pages(file))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000  # of one block, unpacked
    finally:
        tracemalloc.stop()
    assert len(found) == 2


def test_many_small_records_are_no_long_head() -> None:
    pages = list(read_pages(io.BytesIO(_record() * 1000)))
    assert [isinstance(page, WarcPage) for page in pages] == [True] * 1000
