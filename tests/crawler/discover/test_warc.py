from __future__ import annotations

import gzip
import io
import tracemalloc
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discover.warc import _HTML_START, WarcPage, WarcProblem, read_pages

HTML = b"<!doctype html><html><body>" + b"<p>Stocks rose.</p>" * 40 + b"</body></html>"


class Warc:
    """A WARC file in memory, and where its records begin."""

    def __init__(self, *, gzipped: bool = True) -> None:
        self.data = b""
        self.gzipped = gzipped
        self.offsets: list[int] = []

    def add(self, url: str, body: bytes = HTML, kind: str = "response", **headers: str) -> Warc:
        pairs = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        block = f"HTTP/1.1 200 OK\r\n{pairs}\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
            "WARC-Date: 2021-12-09T14:42:00Z\r\nContent-Type: application/http\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        record = head.encode() + block + b"\r\n\r\n"
        self.offsets.append(len(self.data))
        self.data += gzip.compress(record) if self.gzipped else record
        return self

    def pages(self) -> list[WarcPage | WarcProblem]:
        return list(read_pages(io.BytesIO(self.data)))


@pytest.mark.parametrize("gzipped", [True, False])
def test_an_html_response_comes_with_its_address_date_and_headers(gzipped):
    (page,) = Warc(gzipped=gzipped).add("http://x.com/1", Content_Type="text/html").pages()
    assert isinstance(page, WarcPage)
    assert (page.url, page.body, page.status) == ("http://x.com/1", HTML, 200)
    assert page.fetched == datetime(2021, 12, 9, 14, 42, tzinfo=UTC)
    assert page.headers == (("Content-Type", "text/html"),)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(HTML)), ("br", brotli.compress(HTML))],
    ids=["gzip", "br"],  # not the bytes: gzip's hold the time
)
def test_a_compressed_body_is_unpacked(encoding, body):
    warc = Warc().add("http://x.com/1", body, Content_Type="text/html", Content_Encoding=encoding)
    assert [page.body for page in warc.pages()] == [HTML]


def test_a_chunked_body_is_joined():
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(HTML), HTML)
    warc = Warc().add("http://x.com/1", body, Content_Type="text/html", Transfer_Encoding="chunked")
    assert [page.body for page in warc.pages()] == [HTML]


def test_only_html_responses_are_given():
    warc = Warc().add("http://x.com/i.png", b"\x89PNG", Content_Type="image/png")
    warc.add("http://x.com/q", b"", kind="request").add("http://x.com/unlabelled").add(
        "http://x.com/t", b"plain"
    )
    assert [page.url for page in warc.pages()] == ["http://x.com/unlabelled"]


@pytest.mark.parametrize("gzipped", [True, False])
def test_reading_goes_on_behind_a_broken_record(gzipped):
    warc = Warc(gzipped=gzipped)
    for n in range(4):
        warc.add(f"http://x.com/{n}", Content_Type="text/html")
    broken = bytearray(warc.data)
    broken[warc.offsets[1] : warc.offsets[1] + 8] = b"garbage!"
    first, problem, *rest = read_pages(io.BytesIO(bytes(broken)))
    assert isinstance(problem, WarcProblem)
    assert problem.offset == warc.offsets[1]
    assert [page.url for page in (first, *rest)] == [f"http://x.com/{n}" for n in (0, 2, 3)]


def test_what_is_no_warc_file_is_one_problem():
    (problem,) = read_pages(io.BytesIO(b"hello world\n" * 100))
    assert isinstance(problem, WarcProblem)


def test_a_thousand_records_are_held_one_at_a_time():
    warc = Warc(gzipped=False)
    for n in range(1000):
        warc.add(f"http://x.com/{n}", HTML * 20, Content_Type="text/html")
    stream = io.BytesIO(warc.data)
    tracemalloc.start()
    try:
        assert sum(isinstance(page, WarcPage) for page in read_pages(stream)) == 1000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000  # the file has 16 MB
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=400), st.integers(0, 600))
def test_no_damage_makes_reading_fail(junk, where):
    warc = Warc().add("http://x.com/1", Content_Type="text/html").add("http://x.com/2")
    data = warc.data
    for found in read_pages(io.BytesIO(data[:where] + junk + data[where:])):
        assert isinstance(found, WarcPage | WarcProblem)


def test_a_run_of_comments_is_no_riddle():
    """Patterns that give back what they took need 2^n tries for n comments."""
    assert not _HTML_START.match(b"<!---->" * 280 + b"x")
    assert _HTML_START.match(b"\xef\xbb\xbf <!-- a --> <!-- b -->\n<!DOCTYPE html>")
