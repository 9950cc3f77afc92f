"""What a document would like to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.model import Source
from crawler.discover.read import read_document

SOURCE = Source(id="s", name="S", url="https://daily.example/feed")
SECRET = "the words of a file of ours"


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY x SYSTEM "file://{file}">',
        '<!ENTITY x PUBLIC "any" "{file}">',
        '<!ENTITY % y SYSTEM "file://{file}"> %y; <!ENTITY x "&y;">',
    ],
)
@pytest.mark.parametrize(
    "document",
    [
        (
            "<rss version='2.0'><channel><item><title>&x; a</title><link>https://daily.example/1</link>"
            "<description>&x;</description></item></channel></rss>"
        ),
        (
            "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>"
            "https://daily.example/1</loc><n:news><n:title>&x; a</n:title></n:news></url></urlset>"
        ),
    ],
)
def test_a_document_reads_no_file_of_ours(document: str, entity: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    root = "rss" if "<rss" in document else "urlset"
    text = f'<?xml version="1.0"?><!DOCTYPE {root} [{entity.format(file=file)}]>{document}'
    found = read_document(
        text.encode(), url=SOURCE.url, content_type="text/xml", source=SOURCE, kind=None
    )
    assert SECRET not in repr(found)
