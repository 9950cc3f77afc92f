"""OPML in and out: feed readers' files, and our own round trip."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import UnreadableList
from config.load import load_config
from config.model import Source
from crawler.run.formats.opml import Outline, read_opml, write_opml
from tests.crawler.run.sample import CONFIG, Broadsheet

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
READER = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>ada's feeds</title></head><body>
<outline text="Markets" title="Markets">
 <outline type="rss" text="Meridian Wire: Top" title="Meridian Wire: Top" xmlUrl="https://wire.example/top.xml" htmlUrl="https://wire.example/"/>
 <outline type="rss" text="Wire companies" xmlUrl="https://wire.example/companies.xml"/>
 <outline text="中国"><outline type="rss" text="海川财经网" xmlUrl="http://haichuan.example/rss"/></outline>
</outline>
<outline type="rss" text="STCN" xmlUrl="https://news.stcn.example/rss"/>
<outline type="rss" text="file" xmlUrl="file:///etc/passwd"/>
<outline type="rss" text="again" xmlUrl="https://wire.example/top.xml"/>
<outline text="a note"/>
</body></opml>"""  # noqa: E501


def test_folders_and_titles_are_read() -> None:
    assert read_opml(READER.encode())[:3] == [
        Outline(title="Meridian Wire: Top", url="https://wire.example/top.xml", folder="Markets"),
        Outline(title="Wire companies", url="https://wire.example/companies.xml", folder="Markets"),
        Outline(title="海川财经网", url="http://haichuan.example/rss", folder="中国"),
    ]


def test_what_is_new_is_added_below_the_config_and_the_rest_is_told(
    broadsheet: Broadsheet, config_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ada.opml"
    file.write_text(READER, encoding="utf-8")
    result = broadsheet("sources", "import", str(file))
    assert result.exit_code == 0, result.output
    assert "3 sources added to" in result.stdout
    assert "2 known already, 1 refused." in result.stdout
    assert "refused file:///etc/passwd: must be an address beginning with http" in result.stderr
    text = config_file.read_text("utf-8")
    assert text.startswith(CONFIG)
    assert "from ada.opml" in text
    added = [s for s in tomllib.loads(text)["source"] if s["id"] not in ("stcn", "ledger")]
    assert added == [
        {
            "id": "wire",
            "name": "Meridian Wire",
            "url": "https://wire.example/top.xml",
            "section": "Markets",
        },
        {  # of the same site: the same outlet
            "id": "wire-companies",
            "name": "Meridian Wire",
            "url": "https://wire.example/companies.xml",
            "section": "Markets",
        },
        {
            "id": "haichuan",
            "name": "海川财经网",
            "url": "http://haichuan.example/rss",
            "section": "中国",
        },
    ]


def test_a_dry_run_changes_nothing(
    broadsheet: Broadsheet, config_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ada.opml"
    file.write_text(READER, encoding="utf-8")
    result = broadsheet("sources", "import", str(file), "--dry-run")
    assert "  wire-companies: Meridian Wire, https://wire.example/companies.xml\n" in result.stdout
    assert config_file.read_text() == CONFIG


def test_a_list_comes_back_as_it_went_out(
    broadsheet: Broadsheet, config_file: Path, tmp_path: Path
) -> None:
    out, other = tmp_path / "out.opml", tmp_path / "other.toml"
    assert broadsheet("sources", "export", "--opml", str(out)).exit_code == 0
    other.write_text("", encoding="utf-8")
    result = broadsheet("--config", str(other), "sources", "import", str(out))
    assert result.exit_code == 0, result.output

    def kept(path: Path) -> list[tuple[object, ...]]:
        keys = ("id", "name", "url", "kind", "section", "language", "timezone")
        return [tuple(getattr(s, key) for key in keys) for s in load_config(path).source]

    assert sorted(kept(other)) == sorted(kept(config_file))


def test_export_says_what_opml_has_no_place_for(broadsheet: Broadsheet, config_file: Path) -> None:
    config_file.write_text(CONFIG + '[source.list]\nitems = "li"\n')
    result = broadsheet("sources", "export")
    assert result.stdout.startswith("<?xml")
    assert "ledger: OPML has no place for list; the config has them" in result.stderr


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (b"", "no XML"),
        (b"<rss/>", "no OPML: its first element is not <opml>"),
        (b'{"feeds": []}', "no"),
        (b"<opml><body>" + b'<outline xmlUrl="http://a.com/"/>' * 10_001 + b"</body></opml>",
         "over 10,000 subscriptions"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(document: bytes, problem: str) -> None:
    with pytest.raises(UnreadableList, match=problem):
        read_opml(document)


def test_an_entity_reads_no_file_and_grows_no_memory() -> None:
    bomb = b"""<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
        <!ENTITY f SYSTEM "file:///etc/passwd">]>
        <opml><body><outline text="&b;" xmlUrl="http://a.com/&f;"/></body></opml>"""
    for outline in read_opml(bomb):
        assert "root:" not in outline.url
        assert len(outline.title) <= 40


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


@settings(max_examples=40)
@given(WORDS.filter(str.strip), WORDS)
def test_any_name_and_section_come_back(name: str, section: str) -> None:
    source = Source(id="a", name=name, url="https://a.com/f?a=1&b=2", section=section, kind="json")
    (outline,) = read_opml(write_opml([source], now=NOW))
    assert (outline.title, outline.url) == (" ".join(name.split()), source.url)
    assert outline.folder == " ".join(section.split())
    assert dict(outline.kept) == {"id": "a", "kind": "json"}
