"""The how-to "Backtest without reading the future", run as it is written."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.run.cli import main
from tests.archive.making import LONG, make_archive, make_source, save

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to" / "backtest.md"
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIRST = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CORRECTED = FIRST + timedelta(hours=9)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder, with an archive in which one article was corrected at ten."""
    (tmp_path / "data").mkdir()
    conn = make_archive(tmp_path / "data", make_source("stcn"))
    save(conn, "1", "固态电池量产", LONG, now=FIRST)
    save(conn, "1", "固态电池量产推迟", LONG + "公司随后更正称，量产推迟至明年。", now=CORRECTED)
    conn.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BROADSHEET_CONFIG", "/dev/null")
    return tmp_path


def run(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "broadsheet"
    result = CliRunner().invoke(main, ["--data", "data", *words[1:]])
    assert result.exit_code == 0, result.output
    return result.output


def blocks(language: str) -> list[str]:
    return [
        found[2] for found in _BLOCK.finditer(HOW_TO.read_text("utf-8")) if found[1] == language
    ]


def test_its_commands_give_what_was_known_then(folder: Path) -> None:
    search, show, then, versions = [line for block in blocks("sh") for line in block.splitlines()]
    assert "固态电池量产\n" in run(search)
    assert "推迟" not in run(search)
    assert "固态电池量产推迟" in run(show.replace("896", "1").replace("36h", "2026-11-23T10:00Z"))
    run(then)
    assert '"固态电池量产", ' not in (folder / "then.jsonl").read_text("utf-8")
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed: make extras")
    run(versions)


def test_its_python_joins_each_price_with_what_was_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed: make extras")
    pytest.importorskip("pandas", reason="pandas is not installed: make extras")
    run("broadsheet export --format parquet --versions versions")
    opened, joined = blocks("python")
    names: dict[str, Any] = {}
    exec(compile(opened, str(HOW_TO), "exec"), names)
    assert capsys.readouterr().out == "2026-11-23 01:00:00+00:00 固态电池量产\n"
    exec(compile(joined, str(HOW_TO), "exec"), names)
    bars = names["known"].set_index("time")["title"]
    titles = [bars.iloc[number] for number in (2, 19, 20, 47)]  # 01:00, 09:30, 10:00, 23:30
    assert titles == ["固态电池量产"] * 2 + ["固态电池量产推迟"] * 2
    assert bars.isna().sum() == 2  # 00:00 and 00:30: nothing was known
