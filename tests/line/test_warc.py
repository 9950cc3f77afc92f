"""`scrapy crawl warc`: the HTML responses of a WARC file become articles, once."""

from __future__ import annotations

import gzip
import io
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.pages.store import PageStore
from tests.line.conftest import Desk, stop, wait_until
from tests.line.web import Item, Web, article, rss

_CAPTURED = "2026-11-20T08:30:00Z"


class _Warc:
    """A WARC file in the making."""

    def __init__(self, path: Path):
        self.path = path
        self._stream = path.open("wb")
        self._writer = WARCWriter(self._stream, gzip=path.suffix == ".gz")

    def add(
        self, url: str, body: bytes, kind: str = "text/html; charset=utf-8", *,
        status: str = "200 OK", coding: str = "",
    ) -> None:  # fmt: skip
        headers = [("Content-Type", kind), *([("Content-Encoding", coding)] if coding else [])]
        record = self._writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": _CAPTURED},
        )
        self._writer.write_record(record)
        record.raw_stream.close()

    def add_broken(self) -> None:
        """A gzip member that breaks off in the middle."""
        self._stream.write(gzip.compress(b"WARC/1.0\r\n" + bytes(range(256)) * 20)[:200])

    def done(self) -> str:
        self._stream.close()
        return str(self.path)


def _ingest(desk: Desk, path: str) -> str:
    return desk.run("scrapy", "crawl", "warc", "-a", f"path={path}")


def test_the_html_of_a_gzipped_warc_is_archived_once_with_its_dates_and_sources(
    desk: Desk, tmp_path: Path
) -> None:
    warc = _Warc(tmp_path / "news.warc.gz")
    warc.add("https://www.example.com/a/1", article(1).encode())
    warc.add("https://daily.example.org/b/2", gzip.compress(article(2).encode()), coding="gzip")
    warc.add("https://daily.example.org/logo.png", b"\x89PNG", "image/png")
    warc.add_broken()
    warc.add("https://daily.example.org/missing", article(3).encode(), status="404 Not Found")
    warc.add("https://daily.example.org/thin", b"<html><p>Soon.</p></html>")
    warc.add("https://daily.example.org/b/4", article(4).encode())
    path = warc.done()
    desk.configure('id = "daily"\nname = "Daily"\nurl = "https://daily.example.org/feed.xml"')
    output = _ingest(desk, path)
    assert "unreadable record at byte" in output
    assert "4 pages, 1 passed over for their status or address, 1 unreadable" in output
    filed = desk.rows("SELECT url, source_id, fetched FROM articles ORDER BY url")
    assert filed == [
        ("https://daily.example.org/b/2", "daily", _CAPTURED),
        ("https://daily.example.org/b/4", "daily", _CAPTURED),
        ("https://www.example.com/a/1", "example.com", _CAPTURED),
    ]
    assert desk.rows("SELECT kind, enabled FROM sources WHERE id = 'example.com'") == [("warc", 0)]
    assert desk.rows("SELECT state FROM entries WHERE url LIKE '%/thin'") == [("rejected",)]
    assert desk.rows("SELECT count(*) FROM visits") == [(0,)]
    _ingest(desk, path)
    assert desk.rows("SELECT count(*), max(revision) FROM articles") == [(3, 1)]
    assert desk.one("SELECT count(*) FROM entries") == 4
    assert len(desk.files()) == 3


def test_a_plain_warc_is_read_and_a_file_that_is_missing_is_named(
    desk: Desk, tmp_path: Path
) -> None:
    warc = _Warc(tmp_path / "plain.warc")
    warc.add("https://daily.example.org/a/1", article(1).encode())
    desk.configure()
    _ingest(desk, warc.done())
    assert desk.rows("SELECT url, source_id FROM articles") == [
        ("https://daily.example.org/a/1", "example.org")
    ]
    output = desk.run("scrapy", "crawl", "warc", "-a", "path=/nowhere.warc", exit_code=2)
    assert "-a path='/nowhere.warc': there is no such file" in output
    assert "Traceback" not in output


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_two_thousand_records_need_no_more_memory_than_two_hundred(
    desk: Desk, tmp_path: Path
) -> None:
    warc = _Warc(tmp_path / "large.warc.gz")
    padding = "<!-- " + "x" * 100_000 + " -->"  # 200 MB in all
    for number in range(2000):
        page = article(number, after=padding)
        warc.add(f"https://host{number % 40}.example/{number}", page.encode())
    desk.configure(crawl="extract_workers = 2")
    process = desk.start("scrapy", "crawl", "warc", "-a", f"path={warc.done()}", "-L", "WARNING")
    early = peak = 0
    crawler = psutil.Process(process.pid)
    while process.poll() is None:
        with suppress(psutil.Error):  # it ends between the question and the answer
            peak = max(peak, crawler.memory_info().rss)
        if not early and _archived(desk) >= 200:
            early = peak
        time.sleep(0.2)
    process.communicate()
    assert process.returncode == 0
    assert _archived(desk) == len(desk.files()) == 2000
    print(f"{early / 2**20:.0f} MB at 200 records, {peak / 2**20:.0f} MB at most")
    assert 0 < early <= peak < early + 40 * 2**20


def _archived(desk: Desk) -> int:
    return int(str(desk.one("SELECT count(*) FROM articles") or 0))


@pytest.mark.slow
def test_a_stop_in_the_middle_of_a_file_ends_soon_and_loses_nothing_for_the_next_run(
    desk: Desk, tmp_path: Path
) -> None:
    warc = _Warc(tmp_path / "news.warc.gz")
    for number in range(60):
        warc.add(f"https://daily.example.org/{number}", article(number).encode())
    path = warc.done()
    desk.configure()
    process = desk.start("scrapy", "crawl", "warc", "-a", f"path={path}")
    wait_until(lambda: _archived(desk) >= 5, process)
    _, errors = stop(process, signal.SIGINT)
    assert "Traceback" not in errors
    stopped_at = _archived(desk)
    assert stopped_at < 60
    assert desk.one("SELECT count(*) FROM entries WHERE state <> 'archived'") in (0, 1)
    _ingest(desk, path)
    assert _archived(desk) == len(desk.files()) == 60


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_an_exported_warc_is_read_back_into_an_equal_archive(
    web: Web, desk: Desk, tmp_path: Path, name: str
) -> None:
    urls = [web.put(f"/{n}", article(n)) for n in range(3)]
    thin = web.put("/thin", "<html><p>Soon.</p></html>")
    web.put("/feed.xml", rss([Item(url=url) for url in (*urls, thin)]))
    desk.configure(web.source("/feed.xml"))
    desk.crawl()
    assert "4 responses" in desk.run("export", "--format", "warc", str(tmp_path / name))
    asked = len(web.asked)
    again = Desk(folder=tmp_path / "again")
    again.folder.mkdir()
    again.configure(web.source("/feed.xml"))
    assert "4 pages, 0 passed over" in _ingest(again, str(tmp_path / name))
    assert len(web.asked) == asked
    same = (
        "SELECT url, source_id, title, author, published, published_from, language, text,"
        " markdown, content_hash, fingerprint, image, summary FROM articles ORDER BY url"
    )
    assert len(desk.rows(same)) == 3
    assert again.rows(same) == desk.rows(same)
    states = "SELECT url, state, reason FROM entries ORDER BY url"
    assert again.rows(states) == desk.rows(states)
    assert _bodies(again) == _bodies(desk)


def _bodies(desk: Desk) -> list[tuple[str, bytes]]:
    store = PageStore(desk.data / "pages.db", readonly=True)
    bodies = sorted((page.url, page.body) for page in store.iterate())
    store.close()
    return bodies
