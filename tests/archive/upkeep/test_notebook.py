"""The page "Analyse in a notebook", run cell by cell as it is written."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.archive.making import LONG, make_archive, make_source, save

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "analyse-in-a-notebook.md"
FIRST = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_each_cell_says_what_the_archive_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed: make extras")
    (tmp_path / "data").mkdir()
    conn = make_archive(tmp_path / "data", make_source("stcn"), make_source("wire"))
    wire = "https://wire.example.com/1"
    save(conn, "1", "固态电池量产", LONG, now=FIRST)
    save(conn, wire, "固态电池量产", LONG, source_id="wire", now=FIRST + HOUR)
    save(conn, "1", "固态电池量产推迟", LONG + "公司更正称推迟至明年。", now=FIRST + 2 * HOUR)
    conn.close()
    monkeypatch.chdir(tmp_path)

    names: dict[str, Any] = {}
    said = []
    for cell in re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.DOTALL):
        exec(compile(cell, str(PAGE), "exec"), names)
        said.append(capsys.readouterr().out)
    names["archive"].close()

    assert said[0] == "2 articles of 2 outlets\n"
    assert names["days"].to_dict("list") == {"Outlet stcn": [1], "Outlet wire": [1]}
    assert list(names["shared"]["behind"]) == [0.0, 60.0]
    assert list(names["retitled"]["before"]) == ["固态电池量产"]
    assert said[4] == "['固态电池量产']\n"
