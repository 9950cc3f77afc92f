"""Signs that command whoever shows them, in titles and names (row 15 of the case list)."""

from __future__ import annotations

import json
import unicodedata

import pytest
import yaml

from archive.text.strings import without_commands
from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, rss

COMMANDS = "\x9b31m\x9d0;owned\x9c\x1b]8;;http://evil.example\x07\x07\x08\u202e\u2066\u202a\x85\x0b"
TITLE = f"Copper{COMMANDS} falls in\u202eakasO\u202c Osaka"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\x9b31mred", "red"),
        ("\x1b[2Jgone", "gone"),
        ("gpj.\u202eexe\u202c", "gpj.exe"),
        ("\u2066isolated\u2069 \u2067and\u2068", "isolated and"),
        ("one\x85two\x0bthree\x0cfour", "one two three four"),
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("\x00\x07\x7f\ud800", ""),
        ("שלום\u200f عالم\u200e 央行 😀", "שלום\u200f عالم\u200e 央行 😀"),
    ],
)
def test_what_commands_is_taken_out_and_what_is_written_stays(text: str, kept: str) -> None:
    assert without_commands(text) == kept


def _commands(text: str) -> list[str]:
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"] + [
        c for c in text if "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"
    ]


def test_rows_files_log_search_and_feeds_have_none(web: Web, desk: Desk) -> None:
    head = f'<meta name="author" content="Ann{COMMANDS} Lee"><meta name="description" content="A'
    page = article(3, TITLE, head=head + f'{COMMANDS} summary">').replace("</p>", TITLE + "</p>", 1)
    link = web.put("/a/3", page)
    web.put("/feed.xml", rss([Item(url=link, title=TITLE.replace("\x07", "").replace("\x1b", ""))]))
    desk.configure(web.source("/feed.xml", name=f"Daily{unicodedata.lookup('BULLET')}"))
    said = [desk.crawl(), desk.run("scrapy", "crawl", "page", "-a", f"url={link}")]
    said += [desk.run("search", "Copper"), desk.run("search", "Copper", "--json")]
    said += [desk.run("export", "--format", form, "-") for form in ("jsonl", "json", "rss", "atom")]
    assert [_commands(text) for text in said] == [[]] * len(said)
    rows = desk.rows("SELECT title, author, summary, text, markdown FROM articles")
    assert _commands("".join(map(str, rows[0]))) == []
    assert _commands(str(desk.rows("SELECT title, payload FROM entries"))) == []
    (file,) = desk.files()
    text = file.read_text("utf-8")
    assert _commands(text) == []
    title = yaml.safe_load(text.split("---\n")[1])["title"]
    assert title == "Copper falls inakasO Osaka"  # what is told stays
    assert json.loads(desk.run("search", "Osaka", "--json"))
