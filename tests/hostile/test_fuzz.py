"""Readers of what strangers send, given what nobody thought of: seeds, broken and joined at random.

By default a few examples of each; FUZZ_S seconds of each with the slow tests (make test-slow).
What it once found has a test of its own beside what was mended.
"""
# ruff: noqa: E501  # seeds are as they are sent

from __future__ import annotations

import gzip
import io
import os
import re
import tarfile
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import ArchiveError, BroadsheetError
from archive.files.bodies import html_body, markdown_body
from archive.files.frontmatter import Post, render, yaml_lines
from archive.model import Article, Rejection
from archive.search.query import parse
from archive.search.query_sql import plan
from archive.text.strings import has_commands, without_commands
from archive.upkeep.backup import restore
from config.model import Source
from crawler.discover.read import read_document
from crawler.discover.warc import WarcPage, WarcProblem, read_pages
from crawler.extract import extract_article
from crawler.text.addresses import absolute, canonical_url, host_of
from crawler.text.charset import decode
from crawler.text.image_addresses import image_url
from crawler.text.special_addresses import literal_address, special_range
from tests.hostile.test_warc import _record

SOURCE = Source(id="s", name="Daily", url="https://daily.example/feed")
WHEN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FUZZ_S = float(os.environ.get("FUZZ_S", "15"))
SEEDS = {
    "feed": b"<?xml version='1.0' encoding='gbk'?><rss version='2.0'><channel><item><title>A &amp; B"
    b"</title><link>/a/1</link><guid>1</guid><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate>"
    b"<description><![CDATA[<p>x</p>]]></description><author>a@b.c (A)</author></item></channel></rss>",
    "atom": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id><title type='html'>&lt;b"
    b"&gt;</title><link href='http://[::1]/'/><updated>2026-11-23T08:00:00Z</updated></entry></feed>",
    "sitemap": b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://h.example"
    b"/1</loc><lastmod>2026-13-40</lastmod></url><sitemap><loc>x</loc></sitemap></urlset>",
    "json": b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"url":"/a","title":null,'
    b'"date_published":"soon","tags":["a",2],"content_html":"<p>","authors":[{"name":[]}]}]}',
    "html": b"<!doctype html><html lang=zh><meta charset=gb2312><base href='//x'><title>T</title><script "
    b"type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":9e99}</script><meta "
    b"property=og:image content='http://127.1/\"x'><article><h1>T</h1><p>" + b"Words of it. " * 30 + b"<img "
    b"srcset='a 1x, b 9999999w'></article>",
    "text": "https://例え.jp:99999/%zz/../a?b=c&amp;d#!/e\x9b\u202e\ufeff\ud7ff 中文".encode(),
    "warc": _record(),
}  # fmt: skip
PIECES = [b"<", b">", b"&#x9b;", b"&#55296;", b"\xff\xfe", b"\x00", b"]]>", b"<!--", b"{{<", b"{%", b'"', b"'",
          b"\\", b"http://[", b"%00", b"\xe2\x80\xae", b"\xed\xa0\x80", b"9" * 400, b"(" * 300, b"[" * 300,
          b"<p>" * 300, b"\r\n\r\n", b":", b" AND ", b"title:", b"- ", b"*", b"---\n", b"data:", b"\x1f\x8b\x08"]  # fmt: skip


@st.composite
def broken(draw: st.DrawFn, *names: str) -> bytes:
    """A seed with some of it cut, doubled, replaced or joined to another."""
    data = draw(st.sampled_from([SEEDS[name] for name in names or SEEDS]))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=8) | st.just(data[start:end] * 2))
        data = data[:start] + piece + data[end:]
    return data


def check_document(data: bytes) -> None:
    for kind in (None, "feed", "sitemap", "listing", "json"):
        found = read_document(data, url=SOURCE.url, content_type="", source=SOURCE, kind=kind)
        for entry in found.entries:
            assert entry.url == canonical_url(entry.url) or "#guid=" in entry.url
            assert entry.published is None or entry.published.tzinfo


def check_html(data: bytes) -> None:
    found = extract_article(data, url="https://daily.example/a/1")
    assert isinstance(found, Article | Rejection)
    if isinstance(found, Article):
        assert all(image == image_url("https://daily.example/", image) for image in found.images)
        assert found.published is None or found.published.tzinfo
        for body in (markdown_body(found.markdown), html_body(found.markdown)):
            assert "{{<" not in body
            assert not re.search(r"(?<!\\)<script", body.lower())


def check_charset(data: bytes) -> None:
    for label in ("", "text/html; charset=gb2312", "text/html; charset=utf-16", "x; charset=\x00"):
        assert isinstance(decode(data, label), str)


def check_addresses(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for address in (text, f"http://{text}", f"http://h.example/{text}", f"//{text}"):
        canonical = canonical_url(address)
        assert canonical_url(canonical) == canonical
        assert canonical.isascii()
        joined = absolute(SOURCE.url, address)
        assert joined == "" or host_of(joined)
        image = image_url(SOURCE.url, address)
        assert image.isascii()
        assert not set(image) & set("\"'<>`\\ (){}|^")
        assert image_url(SOURCE.url, image) == image
        literal = literal_address(host_of(joined)) if joined else None
        assert literal is None or isinstance(special_range(literal), str)


def check_front_matter(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    post = Post(
        title=text, categories=(text, "x", text[:9]), image=text, author=text, date=WHEN,
        link=text, source=text, updated=WHEN, revision=1, also=(text,), lang=text, body="body",
    )  # fmt: skip
    file = render(post)
    head = yaml.safe_load(file.removeprefix("---\n").split("\n---\n")[0])
    [line] = yaml_lines([text])
    assert (head["title"], head["author"], head["link"], head["also"]) == (line, line, line, [line])
    assert without_commands(without_commands(text)) == without_commands(text)
    assert not has_commands(without_commands(text))


def check_query(data: bytes) -> None:
    text = data.decode("utf-8", "replace")[-300:]
    with suppress(BroadsheetError):  # in words
        node = parse(text)
        if node is not None:
            assert plan(node)


def check_warc(data: bytes) -> None:
    for file in (data, data + SEEDS["warc"], gzip.compress(data) + gzip.compress(SEEDS["warc"])):
        assert all(isinstance(p, WarcPage | WarcProblem) for p in read_pages(io.BytesIO(file)))


def check_backup(data: bytes) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in ("manifest.json", "archive.db"):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    whole = packed.getvalue()
    cut = whole[: len(data) % len(whole)]
    with tempfile.TemporaryDirectory() as folder:
        for n, content in enumerate((data, whole, cut, gzip.compress(whole))):
            file = Path(folder) / f"{n}.tar"
            file.write_bytes(content)
            target = Path(folder) / f"data{n}"
            with pytest.raises(ArchiveError):
                restore(file, target)
            assert not (target / "archive.db").exists()


CHECKS: dict[str, tuple[Callable[[bytes], None], tuple[str, ...], int]] = {
    "documents": (check_document, ("feed", "atom", "sitemap", "json", "html"), 15),
    "pages": (check_html, ("html",), 10),
    "charset": (check_charset, (), 30),
    "addresses": (check_addresses, ("text",), 60),
    "front matter": (check_front_matter, ("text", "html"), 60),
    "queries": (check_query, ("text", "json"), 60),
    "warc": (check_warc, ("warc",), 30),
    "backups": (check_backup, (), 4),
}
_ANYWAY = list(HealthCheck)


@pytest.mark.parametrize("name", CHECKS)
def test_a_few_broken_inputs_break_no_reader(name: str) -> None:
    check, seeds, examples = CHECKS[name]

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=_ANYWAY)
    @given(broken(*seeds))
    def run(data: bytes) -> None:
        check(data)

    run()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", CHECKS)
def test_many_broken_inputs_break_no_reader(name: str) -> None:
    check, seeds, _ = CHECKS[name]
    end = time.monotonic() + FUZZ_S

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=_ANYWAY)
    @given(broken(*seeds))
    def run(data: bytes) -> None:
        check(data)

    while time.monotonic() < end:
        run()
