"""A new source in the user's file: below what he wrote, and nothing of that changes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import ConfigError
from config.edit import add_sources
from config.source_text import source_text
from tests.config.test_edit import TEXT

STCN: dict[str, object] = {
    "id": "kx",
    "name": "证券时报",
    "url": "https://www.stcn.com/list.html?type=kx",
    "kind": "json",
    "hosts": ["stcn.cn"],
    "headers": {"x-requested-with": "XMLHttpRequest"},
    "list": {"items": "data", "link": "url"},
}
WRITTEN = """\
# added for a test
[[source]]
id = "kx"
name = "证券时报"
url = "https://www.stcn.com/list.html?type=kx"
kind = "json"
hosts = ["stcn.cn"]
headers = { x-requested-with = "XMLHttpRequest" }
[source.list]
items = "data"
link = "url"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "broadsheet.toml"


@pytest.mark.parametrize("end", ["", "\n", "\n# the end", "\n\n[crawl]\nper_host = 1"])
def test_a_source_is_appended_and_all_else_stays(path: Path, end: str) -> None:
    before = "# My news\n" + end
    path.write_text(before, encoding="utf-8")
    add_sources(path, [STCN], ["added for a test"])
    whole = before if before.endswith("\n") else before + "\n"
    assert path.read_text("utf-8") == f"{whole}\n{WRITTEN}"


def test_sources_of_a_file_keep_their_comments(path: Path) -> None:
    path.write_text(TEXT, encoding="utf-8")
    add_sources(path, [STCN, STCN | {"id": "yw"}], ["one\ntwo", ""])
    text = path.read_text("utf-8")
    assert text.startswith(TEXT)
    assert '# one two\n[[source]]\nid = "kx"' in text
    assert [s["id"] for s in tomllib.loads(text)["source"]][-2:] == ["kx", "yw"]


def test_a_file_with_the_line_ends_of_windows_keeps_them(path: Path) -> None:
    path.write_bytes(b"[crawl]\r\nper_host = 1\r\n")
    add_sources(path, [STCN], [""])
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("text", "table"),
    [
        (TEXT, STCN | {"id": "stcn"}),  # taken
        (TEXT, STCN | {"id": "a b"}),
        ('source = [{ id = "a", name = "A", url = "https://a.com/" }]\n', STCN),
    ],
)
def test_what_can_t_be_added_changes_nothing(
    path: Path, text: str, table: dict[str, object]
) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        add_sources(path, [table], [""])
    assert path.read_text("utf-8") == text


@settings(max_examples=40)
@given(st.text(), st.text(), st.dictionaries(st.text(), st.text()))
def test_any_text_comes_back_out_of_the_toml(
    comment: str, value: str, headers: dict[str, str]
) -> None:
    text = source_text({"name": value, "headers": headers}, comment)
    assert tomllib.loads(text) == {"source": [{"name": value, "headers": headers}]}
