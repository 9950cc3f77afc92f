"""When a config file counts as changed, and what a change means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.load import parse_config
from config.model import Config
from crawler.run.daemon.reload import ConfigChanges, ConfigFile, after_restart, config_changes


def _source(source_id: str, *more: str) -> str:
    url = f'url = "https://{source_id}.example.com/feed"'
    return "\n".join(["[[source]]", f'id = "{source_id}"', 'name = "A"', url, *more, ""])


def _config(*parts: str) -> Config:
    return parse_config("\n".join(parts), name="broadsheet.toml")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "broadsheet.toml"
    path.write_text("one")
    return path


def test_a_file_that_stays_as_it_is_has_not_changed(path: Path) -> None:
    file = ConfigFile(path)
    assert [file.changed(), file.changed()] == [False, False]


def test_a_change_is_told_once_and_only_when_it_stands_still(path: Path) -> None:
    file = ConfigFile(path)
    path.write_text("")  # an editor empties the file …
    assert file.changed() is False
    path.write_text("two, longer")  # … and writes it
    assert [file.changed(), file.changed(), file.changed()] == [False, True, False]


def test_a_file_put_in_its_place_is_a_change_whatever_its_time(path: Path) -> None:
    file = ConfigFile(path)
    before = path.stat()
    new = path.with_name("new")
    new.write_text("two")
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.rename(path)
    assert [file.changed(), file.changed()] == [False, True]


def test_a_file_that_is_gone_is_a_change(path: Path) -> None:
    file = ConfigFile(path)
    path.unlink()
    assert [file.changed(), file.changed(), file.changed()] == [False, True, False]


def test_what_was_read_for_another_reason_is_no_change(path: Path) -> None:
    file = ConfigFile(path)
    path.write_text("two, longer")
    file.taken()
    assert [file.changed(), file.changed()] == [False, False]


def test_sources_are_compared_by_their_id_and_a_disabled_one_is_not_removed() -> None:
    off = "enabled = false"
    before = _config(_source("a"), _source("b"), _source("c"), _source("d", off), _source("e", off))
    after = _config(
        _source("b", 'section = "Markets"'), _source("c", off), _source("d"), _source("f")
    )
    assert config_changes(before, after) == ConfigChanges(
        added=("f",), removed=("a",), enabled=("d",), disabled=("c",), changed=("b",)
    )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (ConfigChanges(added=("a",)), "1 source added, 0 removed, 0 changed"),
        (ConfigChanges(added=("a", "b"), removed=("c",)), "2 sources added, 1 removed, 0 changed"),
        (
            ConfigChanges(enabled=("d",), disabled=("a", "b")),
            "0 sources added, 0 removed, 1 enabled, 2 disabled, 0 changed",
        ),
    ],
)
def test_changes_say_how_many(found: ConfigChanges, words: str) -> None:
    assert str(found) == words


def test_what_a_running_daemon_can_t_take_over_is_named() -> None:
    before = _config(_source("a"))
    after = _config(
        "[crawl]\nconcurrency = 7",
        '[schedule]\ninterval = "1m"',
        "[pages]\nkeep_raw = false",
        _source("b"),
    )
    assert list(after_restart(before, after)) == ["[crawl] concurrency", "[pages] keep_raw"]
