"""Raw pages as WARC (ISO 28500), the form in which web archives exchange them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import IO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.database.times import to_text
from archive.model import RawPage

# The body is kept as it was once transfer and content encodings were undone: headers that speak
# of these would make readers undo them again.
_UNDONE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
_REASONS = {200: "OK", 404: "Not Found", 410: "Gone"}


def write_warc(file: IO[bytes], pages: Iterable[RawPage], *, gzip: bool, made: datetime) -> int:
    """Write a warcinfo record, then a response record for each page; give the number of pages."""
    writer = WARCWriter(file, gzip=gzip)
    info = {"software": "Broadsheet", "format": "WARC File Format 1.0", "created": to_text(made)}
    writer.write_record(writer.create_warcinfo_record("", info))
    count = 0
    for page in pages:
        writer.write_record(_response(writer, page))
        count += 1
    return count


def _response(writer: WARCWriter, page: RawPage) -> object:
    headers = [(name, value) for name, value in page.headers if name.lower() not in _UNDONE]
    headers.append(("Content-Length", str(len(page.body))))
    return writer.create_warc_record(
        page.url,
        "response",
        payload=BytesIO(page.body),
        http_headers=StatusAndHeaders(
            f"{page.status} {_REASONS.get(page.status, 'Status')}", headers, protocol="HTTP/1.1"
        ),
        warc_headers_dict={"WARC-Date": str(to_text(page.fetched))},
    )
