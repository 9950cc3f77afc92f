"""Changes to the user's file: his comments, order and spacing stay."""

from __future__ import annotations

import os
import stat
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ConfigError
from config.edit import remove_source, rename_in_config, set_enabled
from config.load import load_config

TEXT = """\
# My news
[crawl]
contact = 'ada@example.org'   # me

# Shenzhen
[[source]]
id = "stcn"   # daily
name = "证券时报"
url = "https://www.stcn.com/rss"
# interval = "5m"

# Beijing,
# since 1998
[[source]]
id = "caixin"
name = "财新"
url = "https://www.caixin.com/"
enabled = false  # until March

  [source.list]
  items = "li"
# London
[[source]]
id = "ft"
name = "FT"
url = "https://www.ft.com/rss"

# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "broadsheet.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def after(path: Path) -> str:
    return path.read_bytes().decode()


def refusal(path: Path) -> str:
    """Check that the file is as it was, and give the names of what else lies beside it."""
    assert after(path) == TEXT
    return " ".join(file.name for file in path.parent.iterdir())


def test_disabling_a_source_writes_one_line_below_its_id(path: Path) -> None:
    set_enabled(path, "stcn", False)
    assert after(path) == TEXT.replace("# daily\n", "# daily\nenabled = false\n")


def test_enabling_a_source_changes_its_value_alone(path: Path) -> None:
    set_enabled(path, "caixin", True)
    assert after(path) == TEXT.replace("enabled = false  # until", "enabled = true  # until")


def test_a_source_that_is_enabled_already_leaves_the_file_alone(path: Path) -> None:
    before = path.stat().st_ino
    set_enabled(path, "stcn", True)
    assert path.stat().st_ino == before


def test_enabling_and_disabling_again_gives_back_the_same_text(path: Path) -> None:
    set_enabled(path, "caixin", True)
    set_enabled(path, "caixin", False)
    assert after(path) == TEXT


def test_renaming_keeps_the_comment_behind_the_id(path: Path) -> None:
    rename_in_config(path, "stcn", "securities-times")
    assert after(path) == TEXT.replace('"stcn"   #', '"securities-times"   #')


def test_removing_the_first_source_takes_its_own_comments_only(path: Path) -> None:
    remove_source(path, "stcn")
    start, end = TEXT.index("# Shenzhen"), TEXT.index("# Beijing")
    assert after(path) == TEXT[:start] + TEXT[end:]


def test_removing_a_source_takes_its_tables_and_leaves_the_next_heading(path: Path) -> None:
    remove_source(path, "caixin")
    start, end = TEXT.index("# Beijing"), TEXT.index("# London")
    assert after(path) == TEXT[:start] + TEXT[end:]


def test_removing_the_last_source_leaves_the_end_of_the_file(path: Path) -> None:
    remove_source(path, "ft")
    start, end = TEXT.index("# London"), TEXT.index("# the end")
    assert after(path) == TEXT[:start] + TEXT[end:]


def test_a_file_may_lose_all_its_sources(path: Path) -> None:
    for source_id in ("stcn", "caixin", "ft"):
        remove_source(path, source_id)
    assert load_config(path).source == ()


def test_windows_line_ends_stay(path: Path) -> None:
    text = TEXT.replace("\n", "\r\n")
    path.write_bytes(text.encode())
    set_enabled(path, "ft", False)
    assert after(path) == text.replace('"ft"\r\n', '"ft"\r\nenabled = false\r\n')


def test_a_line_separator_in_a_comment_is_no_line_end(path: Path) -> None:
    text = "# one\u2028two\n" + TEXT
    path.write_bytes(text.encode())
    set_enabled(path, "ft", False)
    assert after(path) == text.replace('"ft"\n', '"ft"\nenabled = false\n')


def test_an_unknown_source_gets_a_near_spelling(path: Path) -> None:
    with pytest.raises(ConfigError, match='no source "caxin", did you mean "caixin"'):
        set_enabled(path, "caxin", True)
    assert refusal(path) == "broadsheet.toml"


def test_an_id_that_is_taken_is_refused(path: Path) -> None:
    with pytest.raises(ConfigError, match=r'source\[3\] \(stcn\)\.id: "stcn" is the id of'):
        rename_in_config(path, "ft", "stcn")
    assert refusal(path) == "broadsheet.toml"


def test_a_config_that_is_broken_already_is_not_edited(path: Path) -> None:
    path.write_text("[crawl]\nspeed = 1\n" + TEXT.replace("[crawl]\n", ""), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"crawl\.speed: unknown key"):
        set_enabled(path, "ft", False)


def test_sources_in_another_form_are_left_to_the_user(path: Path) -> None:
    path.write_text('source = [{ id = "a", name = "A", url = "https://a.com/" }]\n')
    with pytest.raises(ConfigError, match="not written as"):
        remove_source(path, "a")


def test_the_shipped_defaults_are_never_changed() -> None:
    shipped = Path(str(files("config") / "broadsheet.toml"))
    before = shipped.read_bytes()
    with pytest.raises(ConfigError, match="the shipped defaults are never changed"):
        remove_source(shipped, "caixin")
    assert shipped.read_bytes() == before


def test_the_file_keeps_its_mode(path: Path) -> None:
    path.chmod(0o640)
    set_enabled(path, "ft", False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_linked_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    os.symlink(path, link)
    set_enabled(link, "ft", False)
    assert link.is_symlink()
    assert load_config(path).by_id("ft") not in load_config(path).enabled()


COMMENTS = st.sampled_from(["", "# a note\n", "\n", "# 第一\n# 第二\n", "\n# apart\n\n"])


@given(st.lists(st.tuples(COMMENTS, st.booleans(), COMMENTS), min_size=1, max_size=4), st.data())
def test_any_source_toggled_twice_gives_back_the_same_text(
    tmp_path_factory: pytest.TempPathFactory,
    layout: list[tuple[str, bool, str]],
    data: st.DataObject,
) -> None:
    text = "".join(
        f'{above}[[source]]\nid = "s{n}"\nname = "S"\nurl = "https://s.com/"\n'
        f"enabled = {str(enabled).lower()}  # now\n{below}"
        for n, (above, enabled, below) in enumerate(layout)
    )
    chosen = data.draw(st.integers(0, len(layout) - 1))
    path = tmp_path_factory.mktemp("toggle") / "broadsheet.toml"
    path.write_text(text, encoding="utf-8")
    for enabled in (not layout[chosen][1], layout[chosen][1]):
        set_enabled(path, f"s{chosen}", enabled)
    assert after(path) == text


@given(st.lists(st.tuples(COMMENTS, COMMENTS), min_size=1, max_size=4), st.data())
def test_removing_a_source_leaves_the_others_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, layout: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = "".join(
        f'{above}[[source]]\nid = "s{n}"\nname = "S"\nurl = "https://s.com/"\n{below}'
        for n, (above, below) in enumerate(layout)
    )
    chosen = data.draw(st.integers(0, len(layout) - 1))
    path = tmp_path_factory.mktemp("remove") / "broadsheet.toml"
    path.write_text(text, encoding="utf-8")
    remove_source(path, f"s{chosen}")
    left = [source.id for source in load_config(path).source]
    assert left == [f"s{n}" for n in range(len(layout)) if n != chosen]
