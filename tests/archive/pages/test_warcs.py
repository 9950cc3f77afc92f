"""Raw pages as WARC, read back by warcio's own checker, by us, and by trafilatura."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trafilatura
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.model import RawPage
from archive.pages.warcs import write_warc
from crawler.discover.warc import WarcPage, read_pages

# warcio leaves the temporary file open in which it computes a record's digest
pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

AT = datetime(2021, 12, 9, 14, 50, tzinfo=UTC)
BODY = ("<html><p>" + "郑州入围国家新一代人工智能创新发展试验区。" * 10 + "</p></html>").encode(
    "gb18030"
)
PAGES = [
    RawPage(
        url="https://news.example.cn/a.html",
        source_id="stcn",
        fetched=AT,
        status=200,
        headers=(
            ("Content-Type", "text/html; charset=gb2312"),
            ("Content-Encoding", "gzip"),
            ("Transfer-Encoding", "chunked"),
            ("X-Name", "b"),
        ),
        body=BODY,
    ),
    RawPage(
        url="https://news.example.cn/gone",
        source_id="stcn",
        fetched=AT,
        status=410,
        headers=(("Content-Type", "text/html"),),
        body=b"<html>gone</html>",
    ),
]


@pytest.fixture(params=["pages.warc", "pages.warc.gz"])
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / request.param
    with path.open("wb") as stream:
        assert write_warc(stream, PAGES, gzip=path.suffix == ".gz", made=AT) == 2
    return path


def test_warcio_finds_every_digest_right(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Options:
        inputs = (str(file),)
        verbose = True

    checker = Checker(Options())
    checker.process_all()
    assert checker.exit_value == 0
    assert "digest failed" not in capsys.readouterr().out


def test_our_reader_gives_the_same_pages_back(file: Path) -> None:
    with file.open("rb") as stream:
        first, second = read_pages(stream)
    assert isinstance(first, WarcPage)
    assert isinstance(second, WarcPage)
    assert (first.url, first.status, first.fetched, first.body) == (PAGES[0].url, 200, AT, BODY)
    assert first.content_type == "text/html; charset=gb2312"
    assert dict(first.headers) == {
        "Content-Type": "text/html; charset=gb2312",
        "X-Name": "b",
        "Content-Length": str(len(BODY)),
    }
    assert (second.status, second.body) == (410, b"<html>gone</html>")


def test_trafilatura_reads_a_record(file: Path) -> None:
    with file.open("rb") as stream:
        (record,) = (
            record.content_stream().read()
            for record in ArchiveIterator(stream)
            if record.rec_type == "response" and record.http_headers.get_statuscode() == "200"
        )
    assert "郑州入围" in str(trafilatura.extract(record, favor_recall=True))


def test_a_gzipped_file_is_a_member_a_record(file: Path) -> None:
    if file.suffix == ".gz":
        assert gzip.decompress(file.read_bytes()).count(b"WARC/1.0\r\n") == 3
