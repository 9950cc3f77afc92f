"""The group: shared options, errors as exit codes, commands on demand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archive.database.lock import ArchiveLock
from archive.errors import BroadsheetError
from crawler.run.cli import main
from crawler.run.terminal.group import Commands, shared_options
from tests.crawler.run.sample import Broadsheet

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A real process, in the checkout."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "crawler.run.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_config_and_data_are_accepted_after_the_command_too(
    config_file: Path, archive: Path
) -> None:
    arguments = ["sources", "list", "--json", f"--config={config_file}", f"--data={archive.parent}"]
    result = CliRunner().invoke(main, arguments)
    assert [line["articles"] for line in json.loads(result.stdout)] == [1, 1]


def test_the_option_after_the_command_wins(broadsheet: Broadsheet, tmp_path: Path) -> None:
    result = broadsheet("stats", "--data", str(tmp_path / "elsewhere"))
    assert f"no archive at {tmp_path}/elsewhere/archive.db" in result.stderr


def test_a_broken_config_names_every_problem_and_exits_2(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("[crawl]\nconcurency = 4\nper_host = 0\n")
    result = CliRunner().invoke(main, ["--config", str(path), "sources", "list"])
    assert result.exit_code == 2
    assert f"{path}:2" in result.stderr
    assert "concurrency" in result.stderr
    assert f"{path}:3" in result.stderr


@pytest.mark.parametrize(("words", "meant"), [(["crwl"], "crawl"), (["sources", "chek"], "check")])
def test_a_mistyped_command_gets_a_near_spelling(words: list[str], meant: str) -> None:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert f"Did you mean '{meant}'?" in result.stderr


@pytest.mark.parametrize("command", [["crawl"], ["daemon"], ["sources", "check"]])
def test_a_config_without_sources_is_named(command: list[str], tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("")
    result = CliRunner().invoke(main, ["--config", str(path), *command])
    assert result.exit_code == 2
    assert f"add a [[source]] to your config, {path}" in result.stderr


def test_a_command_without_an_archive_says_how_to_make_one(broadsheet: Broadsheet) -> None:
    result = broadsheet("stats")
    assert result.exit_code == 1
    assert "run `broadsheet crawl` to make one" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_locked_archive_names_its_holder_and_exits_4(
    broadsheet: Broadsheet, archive: Path
) -> None:
    with ArchiveLock(archive.parent, "broadsheet daemon"):
        result = broadsheet("retry", "--state", "failed")
    assert result.exit_code == 4
    assert f"pid {os.getpid()} (broadsheet daemon)" in result.stderr


def test_a_secret_need_not_be_set_for_a_command_that_fetches_nothing(
    broadsheet: Broadsheet, config_file: Path
) -> None:
    secret = 'headers = { Authorization = "env:BROADSHEET_TEST_NO_SUCH_TOKEN" }\n'
    config_file.write_text(config_file.read_text() + secret)
    assert broadsheet("sources", "list").exit_code == 0


def test_a_damaged_archive_is_named_without_a_traceback(
    broadsheet: Broadsheet, archive: Path
) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    result = broadsheet("stats")
    assert result.exit_code == 1
    assert str(archive) in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_a_file_that_is_no_archive_is_named(broadsheet: Broadsheet, data: Path) -> None:
    data.mkdir()
    (data / "archive.db").write_text("not a database, whatever its name says. " * 30)
    result = broadsheet("search", "x")
    assert result.exit_code == 1
    assert str(data / "archive.db") in result.stderr


def test_an_empty_file_is_no_archive(broadsheet: Broadsheet, data: Path) -> None:
    data.mkdir()
    (data / "archive.db").touch()
    result = broadsheet("stats")
    assert result.exit_code == 1
    assert "is empty" in result.stderr


@click.group(cls=Commands, params=shared_options())
def broken() -> None:
    """Commands that fail."""


@broken.command()
def interrupted() -> None:
    raise KeyboardInterrupt


@broken.command()
def refused() -> None:
    raise BroadsheetError("/data/articles: no space left; make room and run it again")


@broken.command()
def buggy() -> None:
    raise ZeroDivisionError("a bug of ours")


def test_ctrl_c_exits_130() -> None:
    assert CliRunner().invoke(broken, ["interrupted"]).exit_code == 130


def test_what_the_world_refuses_is_a_line_on_stderr_and_exit_1() -> None:
    result = CliRunner().invoke(broken, ["refused"])
    assert result.exit_code == 1
    assert (
        result.stderr == "broadsheet: /data/articles: no space left; make room and run it again\n"
    )


def test_a_bug_of_ours_is_not_hidden() -> None:
    assert isinstance(CliRunner().invoke(broken, ["buggy"]).exception, ZeroDivisionError)


@pytest.mark.parametrize(
    "command",
    [("--help",), ("stats",), ("sources", "list"), ("search", "降准"), ("show", "1")],
    ids=" ".join,
)
def test_a_command_that_fetches_nothing_imports_no_crawler(
    command: tuple[str, ...], config_file: Path, archive: Path
) -> None:
    script = (
        "import sys\n"
        "from crawler.run.cli import main\n"
        "code = main(standalone_mode=False)\n"
        "heavy = {'scrapy', 'twisted', 'trafilatura', 'lxml', 'feedparser', 'datasette'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    options = ["--config", str(config_file), "--data", str(archive.parent)]
    finished = subprocess.run(
        [sys.executable, "-c", script, *options, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert finished.stderr == "[]\n"


def test_a_command_that_reads_builds_no_model_of_a_config_that_was_found_valid(
    config_file: Path, archive: Path, broadsheet: Broadsheet, tmp_path: Path
) -> None:
    """Nor does it import the archive's rules for writing: that is half of its start."""
    script = (
        "import sys\n"
        "from crawler.run.cli import main\n"
        "for words in (['search', '降准'], ['show', '1'], ['stats'], ['changes'], ['coverage'],\n"
        "              ['held'], ['status'], ['sources', 'list']):\n"
        "    main([*sys.argv[1:], *words], standalone_mode=False)\n"
        "heavy = {'pydantic', 'config.model', 'markdown_it', 'asyncio', 'archive.files.posts',\n"
        "         'archive.copies.fingerprints', 'archive.articles.wording'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    cache = tmp_path / "cache"
    options = ["--config", str(config_file), "--data", str(archive.parent)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    assert run(*options, "stats", **environment).returncode == 0
    finished = subprocess.run(
        [sys.executable, "-P", "-c", script, *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert finished.stderr == "[]\n"


def test_a_config_that_was_valid_is_checked_again_when_it_changes(
    config_file: Path, archive: Path, broadsheet: Broadsheet
) -> None:
    assert broadsheet("stats").exit_code == 0
    config_file.write_text(config_file.read_text() + "[image]\nkeep = true\n")
    result = broadsheet("stats")
    assert result.exit_code == 2
    assert "image: unknown key, did you mean images?" in result.stderr


def test_a_wrong_config_is_refused_each_time_also_by_an_optimised_python(
    config_file: Path, archive: Path, tmp_path: Path
) -> None:
    config_file.write_text(config_file.read_text() + "[image]\nkeep = true\n")
    options = ["--config", str(config_file), "--data", str(archive.parent), "stats"]
    for _ in range(2):
        result = run(*options, PYTHONOPTIMIZE="1", XDG_CACHE_HOME=str(tmp_path / "cache"))
        assert result.returncode == 2
        assert "did you mean images?" in result.stderr


def test_a_reader_asks_for_no_secret_before_and_after_its_config_was_found_valid(
    config_file: Path, archive: Path, broadsheet: Broadsheet
) -> None:
    text = config_file.read_text().replace(
        "[[source]]", '[[source]]\nheaders = { Authorization = "env:NOT_SET_ANYWHERE" }', 1
    )
    config_file.write_text(text)
    for _ in range(2):
        assert broadsheet("stats").exit_code == 0
        result = broadsheet("crawl")
        assert (result.exit_code, "NOT_SET_ANYWHERE is not set" in result.stderr) == (2, True)


def test_the_overview_names_every_command() -> None:
    listed = run("--help").stdout
    for name in main.list_commands(click.Context(main)):
        assert f"\n  {name} " in listed


def every_command(
    command: click.Command, context: click.Context
) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield context.command_path, command
        return
    for name in command.list_commands(context):
        member = command.get_command(context, name)
        assert member is not None
        yield from every_command(member, click.Context(member, parent=context, info_name=name))


def test_the_reference_names_every_command_and_option() -> None:
    reference = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    sections = {part.split("\n")[0]: part for part in reference.split("\n## ")}
    for path, command in every_command(main, click.Context(main, info_name="broadsheet")):
        assert path in sections, f"docs/reference/commands.md has no section `## {path}`"
        own = [p for p in command.params if p.name not in ("config", "data")]
        for parameter in own:
            for name in parameter.opts if isinstance(parameter, click.Option) else []:
                assert f"`{name}" in sections[path], f"{path}: {name} is not in the reference"


def test_every_command_and_option_has_a_help_text() -> None:
    for path, command in every_command(main, click.Context(main, info_name="broadsheet")):
        assert command.help, path


def test_no_colour_is_printed_into_a_pipe(config_file: Path, archive: Path) -> None:
    finished = run("--config", str(config_file), "--data", str(archive.parent), "sources", "list")
    assert finished.returncode == 0
    assert "\x1b" not in finished.stdout
